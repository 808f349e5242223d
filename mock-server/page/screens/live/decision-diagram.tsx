import { Icon } from '../../parts/icon.tsx'
import { type Decided, decisionOf } from './decision.ts'

const MARKS = {
  passed: 'check',
  stopped: 'stop',
  'not-asked': 'minus',
  'not-reached': 'minus',
} as const

/** The way of a request through both layers, and where it ended. */
export function DecisionDiagram(decided: Decided) {
  return (
    <ol class="decision" aria-label="The decision, step by step">
      {decisionOf(decided).map(({ name, state, label, words, isLayer }) => (
        <li key={name} class={`${state}${isLayer ? ' layer' : ''}`}>
          <span class="mark">
            <Icon name={MARKS[state]} />
          </span>
          <span class="gate">
            <b>{name}</b>
            <span class="state">{label}</span>
            <span class="words">{words}</span>
          </span>
        </li>
      ))}
    </ol>
  )
}
