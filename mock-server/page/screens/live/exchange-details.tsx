import { Loading } from '../../parts/card.tsx'
import { Drawer } from '../../parts/drawer.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Outcome } from '../../parts/outcome.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { isRefused, type ShownExchange } from '../../state/exchange-log.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { DecisionDiagram } from './decision-diagram.tsx'

interface Header {
  readonly name: string
  readonly value?: string
}

/** A request as the server still has it. No secret is among it. */
interface WholeRequest {
  readonly headers: readonly Header[]
  readonly isApiKeyAsked?: boolean
  readonly body?: { readonly sizeBytes: number; readonly text: string }
  readonly answer?: {
    readonly status: number
    readonly headers: readonly Header[]
    readonly sizeBytes: number
    readonly text?: string
  }
}

/** One request: the decision step by step, and all that may be seen of it. */
export function ExchangeDetails({
  exchange,
  onClose,
}: {
  readonly exchange: ShownExchange
  readonly onClose: () => void
}) {
  const { client } = useSurroundings().session
  const { id: organizationId } = useOrganization()
  const path = `/ng/${organizationId}/live/requests/${exchange.id}`
  const read = useLoaded(path, () => client.get<{ request: WholeRequest }>(path))
  const request = read.value?.request
  const { refusal, userName, remoteAddress, fault } = exchange
  return (
    <Drawer title={`${exchange.method} ${exchange.path}`} onClose={onClose}>
      <p class="row">
        <Outcome isRefused={isRefused(exchange)} />
        <span class="number">{exchange.status}</span>
        {refusal && (
          <code class="long">
            {refusal.reason}
            {refusal.detail !== refusal.reason && ` (${refusal.detail})`}
          </code>
        )}
      </p>
      <DecisionDiagram
        status={exchange.status}
        isOfEngine={exchange.isOfEngine}
        isApiKeyAsked={request?.isApiKeyAsked ?? false}
        refusal={refusal}
      />
      <dl class="facts tight">
        <dt>When</dt>
        <dd class="number">
          {dateAndTime(exchange.at)}, {exchange.durationMs.toFixed(1)} ms
        </dd>
        {userName && (
          <>
            <dt>{refusal ? 'Claimed to be' : 'Who'}</dt>
            <dd class="long">{userName}</dd>
          </>
        )}
        {remoteAddress && (
          <>
            <dt>From</dt>
            <dd class="number">{remoteAddress}</dd>
          </>
        )}
        {fault && (
          <>
            <dt>Fault on purpose</dt>
            <dd>{fault}</dd>
          </>
        )}
      </dl>
      {read.error ? (
        <p class="fine">Headers and bodies of this request are not kept any more.</p>
      ) : (
        request === undefined && <Loading lines={6} />
      )}
      {request && (
        <>
          <h3>Sent</h3>
          <Headers headers={request.headers} />
          {request.body && <Body what="Body that was sent" {...request.body} />}
          {request.answer && (
            <>
              <h3>Answered</h3>
              <Headers headers={request.answer.headers} />
              {request.answer.text !== undefined && (
                <Body
                  what="Body of the answer"
                  sizeBytes={request.answer.sizeBytes}
                  text={request.answer.text}
                />
              )}
            </>
          )}
        </>
      )}
    </Drawer>
  )
}

function Headers({ headers }: { readonly headers: readonly Header[] }) {
  return (
    <dl class="headers">
      {headers.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value ?? <i>not shown: it may be a key</i>}</dd>
        </div>
      ))}
    </dl>
  )
}

function Body({
  what,
  text,
  sizeBytes,
}: {
  readonly what: string
  readonly text: string
  readonly sizeBytes: number
}) {
  return (
    <section class="body" aria-label={what}>
      <p class="fine number">{sizeBytes} bytes</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than its room is scrolled by keyboard too */}
      <pre tabIndex={0}>
        <code>{pretty(text)}</code>
      </pre>
    </section>
  )
}

/** With line breaks, where it is JSON. */
function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
