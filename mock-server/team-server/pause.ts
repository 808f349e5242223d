/** Makes a function that waits, and waits no longer once everything ends. */
export function createPause(closing: AbortSignal): (ms: number) => Promise<void> {
  return (ms) =>
    new Promise((resolve) => {
      if (closing.aborted) return resolve()
      const timer = setTimeout(end, ms)
      closing.addEventListener('abort', end)
      function end(): void {
        clearTimeout(timer)
        closing.removeEventListener('abort', end)
        resolve()
      }
    })
}
