// @sentry/node, structured logs: `enableLogs`, attributes beside a message, in batches of 100 or 5 s.
import * as Sentry from '@sentry/node'

/** @param {string} sinkUrl */
export function start(sinkUrl) {
  Sentry.init({ dsn: sinkUrl.replace('//', '//publickey@').concat('/1'), enableLogs: true })
  return {
    /** @param {import('../sdk/report.mjs').BenchReport} report */
    report: ({ title, ...rest }) => Sentry.logger.warn(title, rest),
    flush: () => Sentry.flush(30_000),
    close: () => Sentry.close(30_000),
  }
}
