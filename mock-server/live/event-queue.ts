/** What waits to be written to one reader, bounded: whoever does not read must not fill the memory. */
export interface EventQueue {
  push(event: string): void
  /** The next one; undefined once it is ended and empty. */
  next(): Promise<string | undefined>
  /** More waits than the limit lets. What waited is gone, and nothing is taken any more. */
  readonly isOverfull: boolean
  readonly isEmpty: boolean
  end(): void
}

/** @param limitCharacters What all that waits may measure. */
export function createEventQueue(limitCharacters: number): EventQueue {
  let waiting: string[] = []
  let characters = 0
  let isOverfull = false
  let isEnded = false
  let wake = () => {}

  return {
    push(event) {
      if (isEnded || isOverfull) return
      waiting.push(event)
      characters += event.length
      if (characters > limitCharacters) {
        isOverfull = true
        waiting = []
      }
      wake()
    },
    async next() {
      while (waiting.length === 0 && !isEnded && !isOverfull) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
      const event = waiting.shift()
      characters -= event?.length ?? 0
      return event
    },
    get isOverfull() {
      return isOverfull
    },
    get isEmpty() {
      return waiting.length === 0
    },
    end() {
      isEnded = true
      wake()
    },
  }
}
