// @sentry/node, events: what its error tracking sends, one request each.
import * as Sentry from '@sentry/node'

/** @param {string} sinkUrl */
export function start(sinkUrl) {
  Sentry.init({ dsn: sinkUrl.replace('//', '//publickey@').concat('/1') })
  return {
    /** @param {import('../sdk/report.mjs').BenchReport} report */
    report: ({ title, ...rest }) =>
      // Without a fingerprint of its own, an event like the one before it is dropped.
      Sentry.captureEvent({
        message: title,
        level: 'warning',
        fingerprint: [rest.hash],
        extra: rest,
      }),
    flush: () => Sentry.flush(30_000),
    close: () => Sentry.close(30_000),
  }
}

/** Its transport holds 64 requests, and drops what is past them. */
export const CHUNK_REPORTS = 50
