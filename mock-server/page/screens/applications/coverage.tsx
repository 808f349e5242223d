/** How many of the routes that were found have been exercised. */
export function Coverage({
  discovered,
  exercised,
}: {
  readonly discovered: number
  readonly exercised: number
}) {
  if (discovered === 0) return <span class="fine">none found</span>
  return (
    <span class="coverage">
      <span class="number">
        {exercised} of {discovered}
      </span>
      <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect class="whole" width="100" height="8" rx="4" />
        <rect class="part" width={(100 * exercised) / discovered} height="8" rx="4" />
      </svg>
    </span>
  )
}
