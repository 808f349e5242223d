import { useEffect, useState } from 'preact/hooks'
import { Loading } from '../../parts/card.tsx'
import { Drawer } from '../../parts/drawer.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Failure, Notice } from '../../parts/notice.tsx'
import { Outcome } from '../../parts/outcome.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { linkTo } from '../../state/place.ts'
import { useAction } from '../../state/use-action.ts'

interface Attempt {
  readonly name: string
  readonly expected: 'stored' | 'refused'
  readonly status: number
  readonly reason: string | null
  readonly stored: boolean
}

interface Played {
  readonly apiKeyEnabled: boolean
  readonly attempts: readonly Attempt[]
}

/** Plays a thief who has the generated credentials of an engine, and shows how far that gets. */
export function ForgedAttempts({ onClose }: { readonly onClose: () => void }) {
  const { client } = useSurroundings().session
  const { id } = useOrganization()
  const [played, setPlayed] = useState<Played>()
  const playing = useAction()
  useEffect(() => {
    void playing.run(async () => setPlayed(await client.post(`/ng/${id}/live/forged-attempts`)))
  }, [])

  return (
    <Drawer title="Forged attempts" onClose={onClose}>
      <p class="about">
        A thief has copied the generated credentials out of an engine, and tries to get reports of
        their own making in. Each attempt goes in by the same door as every request, and shows in
        the list behind.
      </p>
      <Failure error={playing.error} />
      {played === undefined ? (
        playing.error === undefined && <Loading lines={8} />
      ) : (
        <Result {...played} />
      )}
    </Drawer>
  )
}

function Result({ apiKeyEnabled, attempts }: Played) {
  const stored = attempts.filter((each) => each.stored).length
  return (
    <>
      {stored === 0 ? (
        <Notice tone="done" title={`None of ${attempts.length} got in.`}>
          Nothing forged is stored.
        </Notice>
      ) : (
        <Notice tone="warning" title={`${stored} of ${attempts.length} got in.`}>
          <p>
            {apiKeyEnabled
              ? 'That must not be.'
              : 'The second layer is off: with the generated credentials nothing tells a forged report from an honest one.'}
          </p>
          {!apiKeyEnabled && (
            <p>
              <a href={linkTo('settings', 'api')}>Switch the organization API key on</a>, and play
              them again.
            </p>
          )}
        </Notice>
      )}
      <ul class="attempts">
        {attempts.map(({ name, status, reason, stored: isStored, expected }) => (
          <li key={name}>
            {isStored ? (
              <span class="outcome stored">
                <Icon name="warning" />
                Stored
              </span>
            ) : (
              <Outcome isRefused />
            )}
            <span class="name">{name}</span>
            <code>
              {status} {reason}
            </code>
            {isStored !== (expected === 'stored') && <b class="mistake">Not as expected</b>}
          </li>
        ))}
      </ul>
    </>
  )
}
