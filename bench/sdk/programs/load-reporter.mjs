/**
 * Loads the reporter that the command line names and starts it.
 *
 * @typedef {object} Reporter
 * @property {(report: import('../report.mjs').BenchReport) => unknown} report
 * @property {() => Promise<unknown>} flush
 * @property {() => Promise<unknown>} close
 * @property {() => void} [giveRightKey]
 */
export async function loadReporter() {
  const [file = '', sinkUrl = '', ...argv] = process.argv.slice(2)
  const { start, CHUNK_REPORTS = 500 } = await import(file)
  return { reporter: /** @type {Reporter} */ (start(sinkUrl)), chunkReports: CHUNK_REPORTS, argv }
}
