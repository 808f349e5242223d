/**
 * When something happened by the engine's clock, in milliseconds. What claims to come from the future,
 * or from no time at all, happened when it was received.
 */
export function momentMs(at: string | number | undefined, receivedAt: Date): number {
  const receivedMs = receivedAt.getTime()
  if (at === undefined) return receivedMs
  const ms = typeof at === 'number' ? at : Date.parse(at)
  // NaN is not below anything.
  return ms < receivedMs ? ms : receivedMs
}
