import type { VulnerabilityRecord } from '../inventory/vulnerability.ts'
import { type VulnerabilityField, valuesOf } from '../inventory/vulnerability-filter.ts'
import type { VulnerabilityTally } from './inventory-store.ts'
import type { KeptVulnerability } from './kept-vulnerability.ts'

/** Fields that have exactly one value. */
const SINGLE: ReadonlySet<VulnerabilityField> = new Set([
  'application',
  'severity',
  'status',
  'rule',
])

/** Counts by the values of some fields; one with several values of a field counts for each. */
export function tallied(
  vulnerabilities: readonly KeptVulnerability[],
  by: readonly VulnerabilityField[],
  look: (each: KeptVulnerability) => VulnerabilityRecord,
): readonly VulnerabilityTally[] {
  const tallies = new Map<string, { readonly values: readonly string[]; count: number }>()
  function count(values: readonly string[], key: string): void {
    const tally = tallies.get(key)
    if (tally === undefined) tallies.set(key, { values, count: 1 })
    else tally.count++
  }

  if (by.every((field) => SINGLE.has(field))) {
    // Of many vulnerabilities few differ: their values are put in a list where a count begins alone.
    for (const each of vulnerabilities) {
      const key = keyOf(each, by)
      const tally = tallies.get(key)
      if (tally === undefined) count(combinationsOf(each, by, look)[0] ?? [], key)
      else tally.count++
    }
    return [...tallies.values()]
  }
  for (const each of vulnerabilities) {
    for (const values of combinationsOf(each, by, look)) count(values, values.join('\n'))
  }
  return [...tallies.values()]
}

function keyOf(each: KeptVulnerability, by: readonly VulnerabilityField[]): string {
  let key = ''
  for (const field of by) {
    if (field === 'application') key += each.application
    else if (field === 'severity') key += each.severity
    else if (field === 'status') key += each.triage.status
    else key += each.rule
    key += '\n'
  }
  return key
}

/** Every way to pick a value of each field. */
function combinationsOf(
  each: KeptVulnerability,
  by: readonly VulnerabilityField[],
  look: (each: KeptVulnerability) => VulnerabilityRecord,
): readonly (readonly string[])[] {
  return by.reduce<readonly (readonly string[])[]>(
    (combinations, field) => {
      const values = valuesOf(each, field, look)
      return combinations.flatMap((before) => values.map((value) => [...before, value]))
    },
    [[]],
  )
}
