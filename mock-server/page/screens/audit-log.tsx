import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Card, Empty, Loading } from '../parts/card.tsx'
import { Field } from '../parts/field.tsx'
import { dateAndTime } from '../parts/moment.ts'
import { Failure } from '../parts/notice.tsx'
import { useOrganization, useSurroundings } from '../state/context.ts'
import { useLoaded } from '../state/use-loaded.ts'

interface AuditPage {
  readonly total: number
  readonly logs: readonly { readonly date: number; readonly message: string }[]
}

interface Search {
  readonly keyword: string
  readonly startDate: string
  readonly endDate: string
  readonly offset: number
}

const PAGE = 25

/** How long somebody types before it is looked for. */
const SETTLED_MS = 250

const EVERYTHING: Search = { keyword: '', startDate: '', endDate: '', offset: 0 }

/** Organization settings > Audit log: who did what, and what was refused for which true reason. */
export function AuditLog() {
  const { client } = useSurroundings().session
  const organization = useOrganization()
  const [typed, setTyped] = useState(EVERYTHING)
  const search = useSettled(typed)
  const path = `/ng/${organization.id}/security/audit?${queryOf(search)}`
  const page = useLoaded(path, () => client.get<AuditPage>(path), [
    'organization',
    'agent-keys',
    'refusals',
  ])
  const shown = useLast(page.value)
  const change = (next: Partial<Search>) => setTyped({ ...typed, offset: 0, ...next })

  return (
    <Card
      title="Events"
      about="Newest first. The true reason of a refusal stands here and in the live view, and is never told to who was refused."
    >
      <div class="toolbar search">
        <Field
          label="Search"
          type="search"
          value={typed.keyword}
          onInput={(keyword) => change({ keyword })}
        />
        <Field
          label="From"
          type="date"
          value={typed.startDate}
          onInput={(startDate) => change({ startDate })}
        />
        <Field
          label="Until"
          type="date"
          value={typed.endDate}
          onInput={(endDate) => change({ endDate })}
        />
        <Button isDisabled={typed === EVERYTHING} onPress={() => setTyped(EVERYTHING)}>
          Clear
        </Button>
      </div>
      <Failure error={page.error} />
      {shown === undefined && page.error === undefined && <Loading lines={8} />}
      {shown && (
        <>
          {shown.logs.length === 0 ? (
            <Empty title={shown.total === 0 ? 'Nothing is as wanted' : 'No more'}>
              <p>Try other words or other dates.</p>
            </Empty>
          ) : (
            <table class="audit">
              <thead>
                <tr>
                  <th scope="col">Generated On</th>
                  <th scope="col">Message</th>
                </tr>
              </thead>
              <tbody>
                {shown.logs.map(({ date, message }, index) => (
                  <tr key={`${date} ${index}`}>
                    <td>
                      <time>{dateAndTime(date)}</time>
                    </td>
                    <td class="long">{message}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <Paging
            offset={search.offset}
            total={shown.total}
            onTurn={(offset) => change({ offset })}
          />
        </>
      )}
    </Card>
  )
}

function Paging({
  offset,
  total,
  onTurn,
}: {
  readonly offset: number
  readonly total: number
  readonly onTurn: (offset: number) => void
}) {
  const end = Math.min(total, offset + PAGE)
  return (
    <nav class="paging row" aria-label="Pages">
      <Button isDisabled={offset === 0} onPress={() => onTurn(Math.max(0, offset - PAGE))}>
        Newer
      </Button>
      <span class="number fine" role="status">
        {total === 0 ? 'None' : `${offset + 1}–${end} of ${total}`}
      </span>
      <Button isDisabled={end >= total} onPress={() => onTurn(offset + PAGE)}>
        Older
      </Button>
    </nav>
  )
}

function queryOf({ keyword, startDate, endDate, offset }: Search): string {
  return new URLSearchParams({
    keyword,
    startDate,
    endDate,
    limit: String(PAGE),
    offset: String(offset),
  }).toString()
}

/** What was typed, once nothing more was typed for a moment. */
function useSettled<Kind>(value: Kind): Kind {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLED_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

/** What was there stays until there is something else. */
function useLast<Kind>(value: Kind | undefined): Kind | undefined {
  const [last, setLast] = useState(value)
  useEffect(() => {
    if (value !== undefined) setLast(() => value)
  }, [value])
  return value ?? last
}
