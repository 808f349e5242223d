import type { Severity } from '../../sdk/wire/messages.ts'

export type { Severity }

/** Mildest first. */
export const SEVERITIES: readonly Severity[] = ['note', 'low', 'medium', 'high', 'critical']

const RANKS: Readonly<Record<Severity, number>> = {
  note: 0,
  low: 1,
  medium: 2,
  high: 3,
  critical: 4,
}

/** From 0, the mildest, to 4. */
export function severityRank(severity: Severity): number {
  return RANKS[severity]
}

export type Level = 'low' | 'medium' | 'high'

/**
 * How much harm a weakness of this severity does, how likely somebody finds it, and how sure it is.
 * The documentation shows the three beside the severity and no rule that joins them: this is ours.
 */
export const LEVELS: Readonly<
  Record<
    Severity,
    { readonly impact: Level; readonly likelihood: Level; readonly confidence: Level }
  >
> = {
  note: { impact: 'low', likelihood: 'low', confidence: 'high' },
  low: { impact: 'low', likelihood: 'medium', confidence: 'high' },
  medium: { impact: 'medium', likelihood: 'medium', confidence: 'high' },
  high: { impact: 'high', likelihood: 'medium', confidence: 'high' },
  critical: { impact: 'high', likelihood: 'high', confidence: 'high' },
}
