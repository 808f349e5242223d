import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { useSurroundings } from './context.ts'
import type { Topic } from './live-connection.ts'

/** Something that is read over REST. What was read stays on screen while it is read again. */
export interface Loaded<Kind> {
  readonly value: Kind | undefined
  readonly error: Error | undefined
  readonly reload: () => void
  /** Puts what an answer to a change said in its place, without asking again. */
  readonly put: (value: Kind) => void
}

/**
 * Reads at once, when `key` changes, and whenever somebody changes what it is about.
 *
 * @param key Says what is read: another one forgets what was read before.
 * @param topics What it is about.
 */
export function useLoaded<Kind>(
  key: string,
  load: () => Promise<Kind>,
  topics: readonly Topic[] = [],
): Loaded<Kind> {
  const { live } = useSurroundings()
  const [state, setState] = useState<{ key: string; value?: Kind; error?: Error }>({ key })
  const latest = useRef({ key, load, turn: 0 })
  latest.current.key = key
  latest.current.load = load

  const reload = useCallback(async () => {
    const turn = ++latest.current.turn
    const asked = latest.current.key
    const isLatest = () => turn === latest.current.turn
    try {
      const value = await latest.current.load()
      if (isLatest()) setState({ key: asked, value })
    } catch (error) {
      if (!isLatest() || !(error instanceof Error)) return
      setState((before) => (before.key === asked ? { ...before, error } : { key: asked, error }))
    }
  }, [])

  useEffect(() => void reload(), [key, reload])
  useEffect(
    () =>
      live.onChange((topic) => {
        if (topics.includes(topic)) void reload()
      }),
    [live, reload, ...topics],
  )

  const isOfKey = state.key === key
  return {
    value: isOfKey ? state.value : undefined,
    error: isOfKey ? state.error : undefined,
    reload: () => void reload(),
    put: (value) => {
      latest.current.turn++
      setState({ key, value })
    },
  }
}
