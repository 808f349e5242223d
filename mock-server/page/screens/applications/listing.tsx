import type { ComponentChildren } from 'preact'
import { Empty, Loading } from '../../parts/card.tsx'
import { Failure } from '../../parts/notice.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { useLoaded } from '../../state/use-loaded.ts'

export interface ListingProps<Answer> {
  /** Below the organization where it begins with `:org`. */
  readonly path: string
  /** How it is asked for. @default 'GET' */
  readonly method?: 'GET' | 'POST'
  /** Undefined where there is nothing in it. */
  readonly children: (answer: Answer) => ComponentChildren
  /** What is said where there is none. */
  readonly none: string
}

/** A list of an application, read again whenever something arrives. */
export function Listing<Answer>({ path, method, children, none }: ListingProps<Answer>) {
  const { client } = useSurroundings().session
  const { id } = useOrganization()
  const whole = path.replace(':org', id)
  const ask = () => (method === 'POST' ? client.post<Answer>(whole) : client.get<Answer>(whole))
  const read = useLoaded(whole, ask, ['arrivals'])
  if (read.value === undefined) {
    return read.error ? <Failure error={read.error} /> : <Loading lines={5} />
  }
  return <>{children(read.value) || <Empty title={none} />}</>
}
