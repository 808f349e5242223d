import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Dialog } from '../parts/dialog.tsx'
import { duration } from '../parts/moment.ts'
import { useSurroundings } from '../state/context.ts'
import { useAction } from '../state/use-action.ts'
import { useValue } from '../state/value.ts'

/** How long before the end it is told, and never in more than the last third. */
const TOLD_BEFORE_MS = 120_000

/** Tells in time that the login is about to end, and how to stay. */
export function SessionWarning() {
  const { session } = useSurroundings()
  const ends = useValue(session.ends)
  const [nowMs, setNowMs] = useState(() => performance.now())
  const staying = useAction()
  useEffect(() => {
    const timer = setInterval(() => setNowMs(performance.now()), 500)
    return () => clearInterval(timer)
  }, [])

  const left = ends && Math.min(ends.idleAtMs, ends.atMs) - nowMs
  const isOver = left !== undefined && left <= 0
  const isIdle = ends !== undefined && ends.idleAtMs < ends.atMs
  useEffect(() => {
    if (isOver) session.lost(isIdle ? 'idle' : 'ended')
  }, [isOver, isIdle, session])

  if (left === undefined || left > TOLD_BEFORE_MS || isOver) return null
  const time = duration(left)
  return isIdle ? (
    <Dialog
      title="Still there?"
      onClose={() => void staying.run(session.stay)}
      actions={
        <>
          <Button onPress={() => void session.signOut()}>Sign out</Button>
          <Button
            kind="primary"
            isBusy={staying.isRunning}
            onPress={() => void staying.run(session.stay)}
          >
            Stay signed in
          </Button>
        </>
      }
    >
      <p>
        Nothing was done for a while. You will be signed out in <b class="number">{time}</b>.
      </p>
    </Dialog>
  ) : (
    <div class="ending" role="status">
      Your session ends in{' '}
      <b class="number" aria-live="off">
        {time}
      </b>
      , whatever you do: save your work and sign in again.
    </div>
  )
}
