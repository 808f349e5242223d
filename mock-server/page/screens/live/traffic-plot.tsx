import { useEffect, useState } from 'preact/hooks'
import type { ExchangeLog } from '../../state/exchange-log.ts'

const SECONDS = 120
const HALF = 32

/** How many were taken, upwards, and refused, downwards, in each of the last seconds. */
export function TrafficPlot({ log }: { readonly log: ExchangeLog }) {
  const [, draw] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => draw((turn) => turn + 1), 1_000)
    return () => clearInterval(timer)
  }, [])

  const seconds = log.seconds(SECONDS)
  const most = Math.max(0, ...seconds.flatMap(({ taken, refused }) => [taken, refused]))
  // A single one does not look like a flood.
  const scale = Math.max(4, most)
  const sum = (kind: 'taken' | 'refused') => seconds.reduce((total, each) => total + each[kind], 0)
  const tall = (count: number) => (count === 0 ? 0 : Math.max(2, (count / scale) * (HALF - 2)))
  return (
    <figure class="plot">
      <svg
        viewBox={`0 0 ${SECONDS * 4} ${HALF * 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`In the last two minutes ${sum('taken')} requests were taken and ${sum('refused')} refused; at most ${most} a second.`}
      >
        <path class="axis" d={`M0 ${HALF}H${SECONDS * 4}`} />
        {seconds.map(({ second, taken, refused }, index) => (
          <g key={second}>
            {taken > 0 && (
              <rect
                class="taken"
                x={index * 4}
                width={3}
                y={HALF - tall(taken)}
                height={tall(taken)}
              />
            )}
            {refused > 0 && (
              <rect class="refused" x={index * 4} width={3} y={HALF} height={tall(refused)} />
            )}
          </g>
        ))}
      </svg>
      <figcaption>
        <span class="swatch taken">Taken, upwards</span>
        <span class="swatch refused">Refused, downwards</span>
        <span class="number">{`each second of the last two minutes, at most ${most}`}</span>
      </figcaption>
    </figure>
  )
}
