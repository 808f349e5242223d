// The floor: an id, JSON, the same body, gzip, undici, the answer read; nothing kept, nothing tried again.
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { Agent, request } from 'undici'

const BATCH_REPORTS = 100

/** @param {string} sinkUrl @param {{ connections?: number }} [options] */
export function start(sinkUrl, { connections = 1 } = {}) {
  const dispatcher = new Agent({ connections, pipelining: 1 })
  /** @type {string[]} */
  let waiting = []

  /** @param {string[]} reports */
  async function post(reports) {
    const batch = randomUUID()
    const head = JSON.stringify({ batch, session: 'bench', application: 'bench' }).slice(0, -1)
    const body = await promisify(gzip)(`${head},"reports":[${reports.join(',')}]}`)
    const answer = await request(`${sinkUrl}/Contrast/api/engine/v1/reports`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body,
    })
    const told = JSON.parse(await answer.body.text())
    if (answer.statusCode !== 202 || told.batch !== batch) throw new Error('not taken')
  }

  async function lane() {
    while (waiting.length > 0) await post(waiting.splice(0, BATCH_REPORTS))
  }

  const flush = () => Promise.all(Array.from({ length: connections }, lane))
  return {
    /** @param {import('../report.mjs').BenchReport} report */
    report(report) {
      waiting.push(JSON.stringify({ id: randomUUID(), at: Date.now(), ...report }))
    },
    flush,
    async close() {
      await flush().catch(() => {})
      waiting = []
      await dispatcher.close()
    },
  }
}
