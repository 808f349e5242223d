import type { TraceBreakdown } from './resources.ts'

const SEVERITIES = [
  ['criticals', 'Critical'],
  ['highs', 'High'],
  ['meds', 'Medium'],
  ['lows', 'Low'],
  ['notes', 'Note'],
] as const

/** The severities that there are, in one line. */
export function SeverityLine({ breakdown }: { readonly breakdown: TraceBreakdown }) {
  const found = SEVERITIES.filter(([key]) => breakdown[key] > 0)
  if (found.length === 0) return <span class="fine">none</span>
  return (
    <span class="severity-line">
      {found.map(([key, word]) => (
        <span key={key} class={`severity ${key}`}>
          <b class="number">{breakdown[key]}</b> {word}
        </span>
      ))}
    </span>
  )
}

/** A bar for each severity. */
export function SeverityPlot({ breakdown }: { readonly breakdown: TraceBreakdown }) {
  const most = Math.max(1, ...SEVERITIES.map(([key]) => breakdown[key]))
  return (
    <dl class="bars" aria-label="Vulnerabilities by severity">
      {SEVERITIES.map(([key, word]) => (
        <div key={key}>
          <dt>{word}</dt>
          <dd>
            <svg
              viewBox="0 0 100 8"
              preserveAspectRatio="none"
              aria-hidden="true"
              focusable="false"
            >
              <rect class={key} width={(100 * breakdown[key]) / most} height="8" rx="1" />
            </svg>
            <b class="number">{breakdown[key]}</b>
          </dd>
        </div>
      ))}
    </dl>
  )
}
