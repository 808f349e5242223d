import { useLayoutEffect, useState } from 'preact/hooks'

/** One value that screens follow. */
export interface Value<Kind> {
  get(): Kind
  set(next: Kind): void
  /** @returns Ends it. */
  follow(follower: () => void): () => void
}

export function createValue<Kind>(first: Kind): Value<Kind> {
  const followers = new Set<() => void>()
  let value = first
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const follower of [...followers]) follower()
    },
    follow(follower) {
      followers.add(follower)
      return () => followers.delete(follower)
    },
  }
}

/** Draws again whenever the value changes. */
export function useValue<Kind>(value: Value<Kind>): Kind {
  const [shown, show] = useState(value.get)
  useLayoutEffect(() => {
    const look = () => show(() => value.get())
    look()
    return value.follow(look)
  }, [value])
  return shown
}
