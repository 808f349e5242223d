import { content } from '../core/answer.ts'
import type { ControlledServer } from './controlled.ts'
import { EXPOSITION_TYPE, exposition, type Metric, type Sample } from './exposition.ts'
import type { ControlRoute } from './route.ts'

/** `GET /metrics`: what Prometheus scrapes. */
export function metricRoutes(server: ControlledServer): readonly ControlRoute[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      answer: async () => content(200, EXPOSITION_TYPE, exposition(await metricsOf(server))),
    },
  ]
}

async function metricsOf({
  store,
  ledgers,
  faults,
  requestLog,
  uptimeMs,
}: ControlledServer): Promise<readonly Metric[]> {
  const { answered, refusedForNow, refusedForGood, cutOff, accepted, known, rejected } =
    ledgers.totals
  const organizations = await store.organizations()
  const stored = await Promise.all(organizations.map(({ id }) => store.countReports(id)))
  const memory = process.memoryUsage()
  return [
    counter('requests_total', 'Requests by what became of them.', [
      { labels: { outcome: 'answered' }, value: answered },
      { labels: { outcome: 'refused_for_now' }, value: refusedForNow },
      { labels: { outcome: 'refused_for_good' }, value: refusedForGood },
      { labels: { outcome: 'cut_off' }, value: cutOff },
    ]),
    counter('reports_total', 'Reports in batches that were taken, by what became of them.', [
      { labels: { outcome: 'accepted' }, value: accepted },
      { labels: { outcome: 'known' }, value: known },
      { labels: { outcome: 'rejected' }, value: rejected },
    ]),
    counter(
      'refusals_total',
      'Requests that were turned away, by the class of the refusal.',
      [...ledgers.refusals].map(([reason, value]) => ({ labels: { reason }, value })),
    ),
    counter('faults_hit_total', 'Requests that were spoiled on purpose.', [{ value: faults.hits }]),
    gauge('faults', 'Fault rules that are there.', faults.list().length),
    gauge('organizations', 'Organizations.', organizations.length),
    gauge('stored_reports', 'Reports that are stored.', sum(stored)),
    gauge('request_log_requests', 'Requests in the request log.', requestLog.size.requests),
    gauge('request_log_bytes', 'Bytes that the request log takes.', requestLog.size.bytes),
    gauge('uptime_seconds', 'Seconds since the start.', uptimeMs() / 1_000),
    {
      name: 'process_resident_memory_bytes',
      help: 'Resident memory size in bytes.',
      type: 'gauge',
      samples: [{ value: memory.rss }],
    },
    {
      name: 'nodejs_heap_size_used_bytes',
      help: 'Process heap size used from Node.js in bytes.',
      type: 'gauge',
      samples: [{ value: memory.heapUsed }],
    },
  ]
}

const PREFIX = 'mock_teamserver_'

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name: `${PREFIX}${name}`, help, type: 'counter', samples }
}

function gauge(name: string, help: string, value: number): Metric {
  return { name: `${PREFIX}${name}`, help, type: 'gauge', samples: [{ value }] }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0)
}
