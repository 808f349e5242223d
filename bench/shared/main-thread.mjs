import { readFileSync } from 'node:fs'

/**
 * Milliseconds of the processor that the main thread has taken, as the kernel counts them: neither other
 * work on the machine nor other threads of the process are in it. Where there is no such count, what the
 * event loop was busy for.
 */
export function mainThreadMs() {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8')
    return Number(stat.split(' ')[0]) / 1e6
  } catch {
    return performance.eventLoopUtilization().active
  }
}
