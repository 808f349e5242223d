import { Outcome } from '../../parts/outcome.tsx'
import type { ExchangeCounts } from '../../state/exchange-log.ts'

/** How many requests of engines came since somebody looks, and which layer stopped the refused ones. */
export function LiveCounts({ counts }: { readonly counts: ExchangeCounts }) {
  const { taken, refused, refusedByLayerOne, refusedByLayerTwo } = counts
  return (
    <dl class="counts">
      <div>
        <dt>
          <Outcome isRefused={false} />
        </dt>
        <dd class="number">{taken}</dd>
      </div>
      <div>
        <dt>
          <Outcome isRefused />
        </dt>
        <dd class="number">{refused}</dd>
      </div>
      <div>
        <dt>by layer one</dt>
        <dd class="number">{refusedByLayerOne}</dd>
      </div>
      <div>
        <dt>by layer two</dt>
        <dd class="number">{refusedByLayerTwo}</dd>
      </div>
    </dl>
  )
}
