import { TeamServerError } from '../errors.ts'
import { checkRule } from '../faults/fault-rule.ts'
import { LONGEST_OVERLAP_MS } from '../keys/key-slot.ts'
import { ACTS, type Act, NEEDED, type ScenarioStep } from './step.ts'

/** A mistake, and the step and field that it stands in. */
export interface ScenarioMistake {
  readonly path: readonly string[]
  /** Goes on after the name of the field. */
  readonly text: string
}

const MOST_STEPS = 1_000
const LAST_SECOND = 31_536_000
const LONGEST_DOWN_MS = 60_000

/** Finds what is wrong with a list of steps, whatever it is. */
export function mistakesInScenario(given: unknown): readonly ScenarioMistake[] {
  if (!Array.isArray(given)) return [{ path: [], text: 'must be a list' }]
  if (given.length > MOST_STEPS) return [{ path: [], text: `has more than ${MOST_STEPS} steps` }]
  return given.flatMap((step: unknown, index) =>
    mistakesInStep(step).map(({ path, text }) => ({ path: [String(index), ...path], text })),
  )
}

/** @throws `ERR_OPTION_INVALID`, naming every mistake by its step and field. */
export function checkScenario(given: unknown): readonly ScenarioStep[] {
  const mistakes = mistakesInScenario(given)
  // Without mistakes it has this shape.
  if (mistakes.length === 0) return given as readonly ScenarioStep[]
  const sentences = mistakes.map(({ path: [index, field], text }) => {
    const step = index === undefined ? '' : `[${index}]`
    return `scenario${step}${field === undefined ? '' : `.${field}`} ${text}`
  })
  throw new TeamServerError('ERR_OPTION_INVALID', sentences.join('; '))
}

function mistakesInStep(given: unknown): readonly ScenarioMistake[] {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return [{ path: [], text: 'must be a map of fields' }]
  }
  const step: Readonly<Record<string, unknown>> = { ...given }
  const act = step.do
  if (!isAct(act)) {
    return [{ path: ['do'], text: `must be one of ${Object.keys(ACTS).join(', ')}` }]
  }
  const known: readonly string[] = ['at', 'do', ...ACTS[act]]
  const unknown = Object.keys(step).filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    return [{ path: [], text: `knows no ${unknown.join(', ')}; ${act} takes ${known.join(', ')}` }]
  }
  const needed = NEEDED[act]
  return [
    ...numberIn(step, 'at', LAST_SECOND, true),
    ...numberIn(step, 'ms', LAST_SECOND * 1_000),
    ...numberIn(step, 'overlapMs', LONGEST_OVERLAP_MS),
    ...numberIn(step, 'downMs', LONGEST_DOWN_MS),
    ...['organization', 'name', 'application'].flatMap((name) => textIn(step, name)),
    ...(needed !== undefined && step[needed] === undefined
      ? [{ path: [], text: `needs ${needed} to ${act}` }]
      : []),
    ...(step.fault === undefined ? [] : mistakesInFault(step.fault)),
  ]
}

function mistakesInFault(fault: unknown): readonly ScenarioMistake[] {
  try {
    checkRule(fault)
    return []
  } catch (error) {
    if (!(error instanceof TeamServerError)) throw error
    return [{ path: ['fault'], text: `cannot be planted: ${error.message}` }]
  }
}

function numberIn(
  step: Readonly<Record<string, unknown>>,
  name: string,
  largest: number,
  isNeeded = false,
): readonly ScenarioMistake[] {
  const value = step[name]
  if (value === undefined && !isNeeded) return []
  if (typeof value === 'number' && value >= 0 && value <= largest) return []
  return [{ path: [name], text: `must be a number from 0 to ${largest}` }]
}

function textIn(step: Readonly<Record<string, unknown>>, name: string): readonly ScenarioMistake[] {
  const value = step[name]
  if (value === undefined || (typeof value === 'string' && value !== '')) return []
  return [{ path: [name], text: 'must be text' }]
}

function isAct(text: unknown): text is Act {
  return typeof text === 'string' && Object.hasOwn(ACTS, text)
}
