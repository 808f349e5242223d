import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { timeOfDay } from '../../parts/moment.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { isRefused, type ShownExchange } from '../../state/exchange-log.ts'
import { reasonInWords } from './reasons.ts'
import { windowOf } from './window.ts'

export interface ExchangeListProps {
  /** Oldest first; shown the other way round. */
  readonly exchanges: readonly ShownExchange[]
  readonly count: number
  readonly onOpen: (exchange: ShownExchange) => void
  /** Told whether somebody has left the newest, and looks at what came before. */
  readonly onScrolled: (isAway: boolean) => void
}

/** In CSS pixels, by the width of the window. */
const ROW_WIDE = 36
const ROW_NARROW = 64
const NARROW = matchMedia('(max-width: 860px)')

/** The requests, newest first. Only those that are seen are there. */
export function ExchangeList({ exchanges, count, onOpen, onScrolled }: ExchangeListProps) {
  const box = useRef<HTMLDivElement>(null)
  const [scrollTop, setScrollTop] = useState(0)
  const [height, setHeight] = useState(600)
  const [active, setActive] = useState<number>()
  const rowHeight = useIsNarrow() ? ROW_NARROW : ROW_WIDE

  useLayoutEffect(() => {
    const { current } = box
    if (current === null) return
    const observer = new ResizeObserver(() => setHeight(current.clientHeight))
    observer.observe(current)
    return () => observer.disconnect()
  }, [])

  const at = (index: number) => exchanges[count - 1 - index]
  const indexOfActive = indexOf(exchanges, count, active)
  const { first, end } = windowOf(count, rowHeight, scrollTop, height)
  const rows = Array.from({ length: end - first }, (_, offset) => first + offset)

  const move = (to: number) => {
    const index = Math.max(0, Math.min(count - 1, to))
    setActive(at(index)?.order)
    const { current } = box
    if (current === null) return
    const top = index * rowHeight
    if (top < current.scrollTop) current.scrollTop = top
    else if (top + rowHeight > current.scrollTop + current.clientHeight) {
      current.scrollTop = top + rowHeight - current.clientHeight
    }
  }
  const steps: Readonly<Record<string, () => void>> = {
    ArrowDown: () => move((indexOfActive ?? -1) + 1),
    ArrowUp: () => move((indexOfActive ?? 1) - 1),
    PageDown: () => move((indexOfActive ?? 0) + Math.floor(height / rowHeight)),
    PageUp: () => move((indexOfActive ?? 0) - Math.floor(height / rowHeight)),
    Home: () => move(0),
    End: () => move(count - 1),
    Enter: () => {
      const chosen = indexOfActive === undefined ? undefined : at(indexOfActive)
      if (chosen !== undefined) onOpen(chosen)
    },
  }

  return (
    <div
      class="exchanges"
      ref={box}
      role="listbox"
      aria-label="Requests, newest first"
      tabIndex={0}
      aria-activedescendant={indexOfActive === undefined ? undefined : `exchange-${active}`}
      onScroll={({ currentTarget }) => {
        setScrollTop(currentTarget.scrollTop)
        onScrolled(currentTarget.scrollTop > 0)
      }}
      onKeyDown={(event) => {
        const step = steps[event.key]
        if (step === undefined) return
        event.preventDefault()
        step()
      }}
    >
      <div class="all" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        {rows.map((index) => {
          const exchange = at(index)
          if (exchange === undefined) return null
          return (
            <Row
              key={exchange.order}
              exchange={exchange}
              top={index * rowHeight}
              isActive={exchange.order === active}
              onOpen={() => {
                setActive(exchange.order)
                onOpen(exchange)
              }}
            />
          )
        })}
      </div>
    </div>
  )
}

function Row({
  exchange,
  top,
  isActive,
  onOpen,
}: {
  readonly exchange: ShownExchange
  readonly top: number
  readonly isActive: boolean
  readonly onOpen: () => void
}) {
  const { order, at, method, path, status, refusal, userName, fault, durationMs } = exchange
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
    <div
      id={`exchange-${order}`}
      class={isRefused(exchange) ? 'exchange refused' : 'exchange'}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      style={{ transform: `translateY(${top}px)` }}
      onClick={onOpen}
    >
      <Outcome isRefused={isRefused(exchange)} />
      <time class="at">{timeOfDay(at)}</time>
      <span class="status number">{status}</span>
      <span class="what">
        <b>{method}</b> {shortPath(path)}
      </span>
      <span class="why">{refusal ? reasonInWords(refusal) : (userName ?? '')}</span>
      <span class="took number">{fault ? 'fault' : `${durationMs.toFixed(1)} ms`}</span>
    </div>
  )
}

/** Without what is the same in every row; the whole path shows when it is opened. */
function shortPath(path: string): string {
  return path.replace('/Contrast/api', '').replace(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '…')
}

function indexOf(
  exchanges: readonly ShownExchange[],
  count: number,
  order: number | undefined,
): number | undefined {
  if (order === undefined) return undefined
  for (let index = count - 1; index >= 0; index--) {
    const found = exchanges[index]?.order ?? 0
    if (found === order) return count - 1 - index
    if (found < order) return undefined
  }
  return undefined
}

function useIsNarrow(): boolean {
  const [isNarrow, setIsNarrow] = useState(NARROW.matches)
  useEffect(() => {
    const look = () => setIsNarrow(NARROW.matches)
    NARROW.addEventListener('change', look)
    return () => NARROW.removeEventListener('change', look)
  }, [])
  return isNarrow
}
