import { useEffect, useMemo, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Card, Empty } from '../parts/card.tsx'
import { Choice, Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { useSurroundings } from '../state/context.ts'
import type { ExchangeFilter, ShownExchange } from '../state/exchange-log.ts'
import { useValue } from '../state/value.ts'
import { ExchangeDetails } from './live/exchange-details.tsx'
import { ExchangeList } from './live/exchange-list.tsx'
import { ForgedAttempts } from './live/forged-attempts.tsx'
import { LiveCounts } from './live/live-counts.tsx'
import { TrafficPlot } from './live/traffic-plot.tsx'
import { countUpTo } from './live/window.ts'

const OUTCOMES = [
  ['all', 'Taken and refused'],
  ['taken', 'Taken'],
  ['refused', 'Refused'],
] as const

const SENDERS = [
  ['engines', 'Engines'],
  ['all', 'Engines and people'],
] as const

/** Each request as it comes, and what became of it. */
export function Live() {
  const { live, exchanges: log } = useSurroundings()
  const status = useValue(live.status)
  const [hasGap, setHasGap] = useState(false)
  const [opened, setOpened] = useState<ShownExchange>()
  const [isPlaying, setIsPlaying] = useState(false)
  // The newest that is shown while somebody reads; undefined follows what comes.
  const [heldAt, setHeldAt] = useState<number>()
  const [isPaused, setIsPaused] = useState(false)
  useValue(log.version)

  useEffect(() => live.onGap(() => setHasGap(true)), [live])
  useEffect(() => {
    live.wantExchanges(true)
    return () => live.wantExchanges(false)
  }, [live])

  const counts = log.counts()
  const isAnyCounted = counts.taken + counts.refused > 0
  // It draws itself anew each second, and need not with each request after the first.
  const plot = useMemo(() => <TrafficPlot log={log} />, [log, isAnyCounted])
  const { filter } = log
  const change = (next: Partial<ExchangeFilter>) => {
    log.filter = { ...filter, ...next }
  }
  const matching = log.matching()
  const count = heldAt === undefined ? matching.length : countUpTo(matching, heldAt)
  const newer = matching.length - count
  const hold = (isHeld: boolean) =>
    setHeldAt((before) => (isHeld ? (before ?? log.newest()) : undefined))

  return (
    <div class="stack">
      <div class="overview">
        <LiveCounts counts={counts} />
        {plot}
      </div>
      <Card
        title="Requests"
        aside={
          <Button kind="primary" icon="play" onPress={() => setIsPlaying(true)}>
            Play forged attempts
          </Button>
        }
      >
        <div class="toolbar">
          <Field
            label="Search"
            type="search"
            value={filter.text}
            onInput={(text) => change({ text })}
          />
          <Choice
            label="Outcome"
            value={filter.outcome}
            options={OUTCOMES}
            onChange={(outcome) => change({ outcome })}
          />
          <Choice
            label="From"
            value={filter.from}
            options={SENDERS}
            onChange={(from) => change({ from })}
          />
          <Button
            icon={isPaused ? 'play' : 'pause'}
            isPressed={isPaused}
            onPress={() => {
              setIsPaused(!isPaused)
              hold(!isPaused)
            }}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
        </div>
        {hasGap && (
          <Notice tone="warning">
            Some requests are lost: they came while nobody listened, and are not kept any more.
          </Notice>
        )}
        <div class="list">
          <p class="head fine number" role="status">
            {count === 1 ? '1 request' : `${count} requests`}
            {status === 'connecting' && ' · connecting…'}
            {isPaused && ' · paused'}
          </p>
          {newer > 0 && (
            <span class="newer">
              <Button
                icon="up"
                onPress={() => {
                  setIsPaused(false)
                  hold(false)
                  document.querySelector('.exchanges')?.scrollTo(0, 0)
                }}
              >
                {`${newer} newer`}
              </Button>
            </span>
          )}
          {count === 0 ? (
            <div class="exchanges empty-list">
              {matching.length === 0 && filter.text === '' && filter.outcome === 'all' ? (
                <Empty title="No request has come yet">
                  <p>
                    Start an engine, or send a first report: a sample to copy is under Settings in
                    the user menu.
                  </p>
                </Empty>
              ) : (
                <Empty title="No request is as wanted" />
              )}
            </div>
          ) : (
            <ExchangeList
              exchanges={matching}
              count={count}
              onOpen={setOpened}
              onScrolled={(isAway) => {
                if (!isPaused) hold(isAway)
              }}
            />
          )}
        </div>
      </Card>
      {opened && <ExchangeDetails exchange={opened} onClose={() => setOpened(undefined)} />}
      {isPlaying && <ForgedAttempts onClose={() => setIsPlaying(false)} />}
    </div>
  )
}
