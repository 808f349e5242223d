import type { Credentials } from './credentials.ts'
import { redact } from './redact.ts'

/** The keys in use, and those that were: what other people read holds none of them. */
export interface KnownKeys {
  /** Other keys count from now on. */
  add(credentials: Credentials): void
  redact(text: string): string
}

export function createKnownKeys(first: Credentials): KnownKeys {
  let known: readonly Credentials[] = [first]
  return {
    add(credentials) {
      known = [...known.slice(1 - LIMIT_CREDENTIALS), credentials]
    },
    redact: (text) => redact(text, known),
  }
}

/** Keys that were replaced may still stand in a late error; beyond these, nobody mentions them any more. */
const LIMIT_CREDENTIALS = 8
