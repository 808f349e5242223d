/** Whether somebody may go on looking, and how long their login lasts. */
export type Standing =
  | {
      readonly status: 'allowed'
      /** What they are: whoever becomes another sees something else. */
      readonly role: string
      readonly idleInMs: number
      readonly endsInMs: number
    }
  | { readonly status: 'ended'; readonly reason: EndReason }

export type EndReason = 'session-idle' | 'session-ended' | 'role-changed'

/** Looks anew each time it is asked. It is no sign of life: whoever only looks is idle. */
export type StillAllowed = () => Promise<Standing>
