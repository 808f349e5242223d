import type { Clock } from '../clock.ts'

/** One timer, for whatever comes first. Never keeps the process alive. */
export interface Alarm {
  readonly isSet: boolean
  /** It rings at the next opportunity: nothing can make it ring earlier. */
  readonly isDue: boolean
  /** Rings at a moment on the clock, unless it rings before. One that has passed is now. */
  set(atMs: number): void
  cancel(): void
}

export function createAlarm(clock: Clock, onRing: () => void): Alarm {
  let timer: { readonly atMs: number; readonly isDue: boolean; cancel(): void } | undefined

  function ring(): void {
    timer = undefined
    onRing()
  }

  return {
    get isSet() {
      return timer !== undefined
    },
    get isDue() {
      return timer?.isDue === true
    },
    set(atMs) {
      if (timer !== undefined && timer.atMs <= atMs) return
      timer?.cancel()
      const delayMs = Math.max(0, atMs - clock.now())
      timer = { atMs, isDue: delayMs === 0, cancel: clock.after(delayMs, ring) }
    },
    cancel() {
      timer?.cancel()
      timer = undefined
    },
  }
}
