// posthog-node: `capture`, in batches of 20 or 10 s; `shutdown()` at the end, as its pages ask for.
import { PostHog } from 'posthog-node'

/** @param {string} sinkUrl */
export function start(sinkUrl) {
  const client = new PostHog('phc_bench', { host: sinkUrl })
  return {
    /** @param {import('../sdk/report.mjs').BenchReport} report */
    report: (report) =>
      client.capture({ distinctId: 'bench', event: 'finding', properties: report }),
    flush: () => client.flush(),
    close: () => client.shutdown(30_000),
  }
}
