/** What was read of one metric. */
export interface ReadMetric {
  readonly type: string
  readonly samples: [labels: Readonly<Record<string, string>>, value: number][]
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"'
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?\\d+(?:\\.\\d+)?(?:e[+-]\\d+)?)$`,
)

/**
 * Reads the text format of Prometheus, and takes nothing that the format does not have.
 *
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function parseExposition(text: string): ReadonlyMap<string, ReadMetric> {
  const metrics = new Map<string, ReadMetric>()
  const lines = text.split('\n')
  if (!text.includes('# TYPE')) throw new Error('no TYPE')
  if (lines.pop() !== '') throw new Error('the last line needs an end')
  let current = ''
  for (const line of lines) {
    const [, comment, about = '', rest = ''] =
      new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`).exec(line) ?? []
    if (comment === 'HELP') continue
    if (comment === 'TYPE') {
      if (!/^(counter|gauge)$/.test(rest)) throw new Error(`no type: ${line}`)
      if (metrics.has(about)) throw new Error(`${about} twice`)
      current = about
      metrics.set(about, { type: rest, samples: [] })
      continue
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
    if (name === undefined) throw new Error(`no sample: ${line}`)
    // All lines of a metric stand together, under its type.
    const metric = name === current ? metrics.get(name) : undefined
    if (metric === undefined) throw new Error(`${name} stands elsewhere than its type`)
    const pairs = [...labels.matchAll(/([^=,]+)="((?:[^"\\]|\\.)*)"/g)]
    const read = Object.fromEntries(pairs.map(([, label = '', inner = '']) => [label, inner]))
    const isThere = metric.samples.some(([known]) => JSON.stringify(known) === JSON.stringify(read))
    if (isThere) throw new Error(`${line} twice`)
    if (metric.type === 'counter' && !name.endsWith('_total')) throw new Error(`${name}: _total`)
    metric.samples.push([read, Number(value)])
  }
  return metrics
}
