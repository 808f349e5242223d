import type { CountedReports, Ledger } from '../ledger/ledger.ts'

/** What an engine counts: `engine.status()`. */
export interface EngineCounters {
  readonly given: number
  readonly accepted: number
  readonly refused: number
  readonly dropped: number
  readonly waiting: number
}

/** Anything with such a status. */
export interface CountingEngine {
  status(): EngineCounters
}

/**
 * Compares the books of an organization with those of its engines.
 *
 * @returns Each difference in a sentence; none when both add up.
 */
export function differencesInBooks(
  ledger: Ledger,
  engines: readonly CountingEngine[],
): readonly string[] {
  const statuses = engines.map((engine) => engine.status())
  const total = (name: keyof EngineCounters) =>
    statuses.reduce((sum, status) => sum + status[name], 0)
  const [given, accepted, refused] = [total('given'), total('accepted'), total('refused')]
  const ended = accepted + refused + total('dropped') + total('waiting')
  const seen = acknowledged(ledger)
  return [
    ...(given === ended
      ? []
      : [
          `the engine was given ${given} reports, and accounts for ${ended} ` +
            `(accepted ${accepted} + refused ${refused} + dropped ${total('dropped')} + waiting ${total('waiting')})`,
        ]),
    ...(accepted === seen.accepted + seen.known
      ? []
      : [
          `the engine counts ${accepted} accepted, and TeamServer told it of ${seen.accepted + seen.known} ` +
            `(${seen.accepted} new + ${seen.known} known)${hint(ledger)}`,
        ]),
    // The engine refuses by itself what is no report.
    ...(refused >= seen.rejected
      ? []
      : [`the engine counts ${refused} refused, and TeamServer rejected ${seen.rejected}`]),
  ]
}

/** What engines can know of. */
function acknowledged({ accepted, known, rejected, unacknowledged }: Ledger): CountedReports {
  return {
    accepted: accepted - unacknowledged.accepted,
    known: known - unacknowledged.known,
    rejected: rejected - unacknowledged.rejected,
  }
}

function hint({ unacknowledged }: Ledger): string {
  const lost = unacknowledged.accepted + unacknowledged.known
  return lost === 0 ? '' : `; ${lost} more were stored, but their answer was cut off`
}

/** The books in lines, for errors. */
export function ledgerInWords(ledger: Ledger): string {
  const { requests, answered, refusedForNow, refusedForGood, cutOff } = ledger
  return [
    `requests: ${requests} (answered ${answered}, refused for now ${refusedForNow}, ` +
      `refused for good ${refusedForGood}, cut off ${cutOff})`,
    `reports: accepted ${ledger.accepted}, known ${ledger.known}, rejected ${ledger.rejected}`,
  ].join('\n')
}
