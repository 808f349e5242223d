import type { Level, Severity } from '../../inventory/severity.ts'
import { STATUSES, type VulnerabilityStatus } from '../../inventory/vulnerability.ts'

/** A status as it is shown, and as it is sent. */
const STATUS_WORDS: Readonly<
  Record<VulnerabilityStatus, { readonly label: string; readonly keycode: string }>
> = {
  reported: { label: 'Reported', keycode: 'Reported' },
  suspicious: { label: 'Suspicious', keycode: 'Suspicious' },
  confirmed: { label: 'Confirmed', keycode: 'Confirmed' },
  'not-a-problem': { label: 'Not a Problem', keycode: 'NotAProblem' },
  remediated: { label: 'Remediated', keycode: 'Remediated' },
  fixed: { label: 'Fixed', keycode: 'Fixed' },
  'auto-remediated': { label: 'Remediated - Auto-Verified', keycode: 'AutoRemediated' },
}

export const STATUS_KEYCODES = STATUSES.map((status) => STATUS_WORDS[status].keycode)

export function statusLabel(status: VulnerabilityStatus): string {
  return STATUS_WORDS[status].label
}

export function statusKeycode(status: VulnerabilityStatus): string {
  return STATUS_WORDS[status].keycode
}

/** Reads a status as it is shown or sent, whatever its case and punctuation. */
export function readStatus(text: string): VulnerabilityStatus | undefined {
  const letters = lettersOf(text)
  return STATUSES.find((status) => {
    const { label, keycode } = STATUS_WORDS[status]
    return lettersOf(label) === letters || lettersOf(keycode) === letters
  })
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '')
}

/** With a capital, as it is shown. */
export function label(word: Level | Severity): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** Reads a severity, in any case. */
export function readSeverity(text: string): Severity | undefined {
  const word = text.toLowerCase()
  return SEVERITY_WORDS.find((each) => each === word)
}

const SEVERITY_WORDS: readonly Severity[] = ['note', 'low', 'medium', 'high', 'critical']
export const SEVERITY_KEYCODES = SEVERITY_WORDS.map((word) => word.toUpperCase())
