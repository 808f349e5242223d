import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, onTestFinished, test } from 'vitest'
import { exchangeStream } from '../../../mock-server/control/exchange-stream.ts'
import type { TeamServerOptions } from '../../../mock-server/index.ts'
import type { AnsweredRequest } from '../../../mock-server/request-log/request-log.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

async function setUp(options: TeamServerOptions = {}) {
  const { teamServer, shop } = await createShop(options)
  onTestFinished(() => teamServer.close())
  const listener = await teamServer.listen({ control: true })
  const report = (id: string) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: authorizationOf(shop.agent),
      json: { reports: [finding(id)] },
    })
  const open = async (query = '', headers: Record<string, string> = {}) => {
    const response = await fetch(`${listener.control?.url}/stream${query}`, {
      headers: { authorization: `Bearer ${listener.control?.token}`, ...headers },
    })
    return { response, events: eventsOf(response) }
  }
  return { teamServer, shop, listener, report, open }
}

interface ReceivedEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: string
  readonly retry?: string
}

/** Reads a stream block by block, by the words of the specification. */
async function* eventsOf(response: Response): AsyncGenerator<ReceivedEvent> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      yield Object.fromEntries(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)))
    }
  }
}

async function next(events: AsyncGenerator<ReceivedEvent>): Promise<ReceivedEvent> {
  const { value } = await events.next()
  return value ?? {}
}

const bodyIdOf = ({ data = '{}' }: ReceivedEvent) =>
  JSON.parse(JSON.parse(data).body.text).reports[0].id

test('each exchange comes as an event with its place as id, as requests() has it', async () => {
  const { teamServer, open, report } = await setUp()
  const { response, events } = await open()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(await next(events)).toEqual({ retry: '1000' })
  await report('one')
  await report('two')
  const [first, second] = [await next(events), await next(events)]
  const requests = JSON.parse(JSON.stringify(teamServer.requests()))
  expect(first).toEqual({ id: '1', event: 'exchange', data: JSON.stringify(requests[0]) })
  expect(second).toEqual({ id: '2', event: 'exchange', data: JSON.stringify(requests[1]) })
  await events.return(undefined)
})

test('who comes again is told what came in between, and how much is lost for good', async () => {
  const { open, report } = await setUp({ requestLog: { requests: 3 } })
  for (const id of ['1', '2', '3', '4', '5']) await report(id)
  const again = await open('', { 'last-event-id': '3' })
  await next(again.events)
  expect([await next(again.events), await next(again.events)].map(bodyIdOf)).toEqual(['4', '5'])
  const late = await open('', { 'last-event-id': '1' })
  await next(late.events)
  expect(await next(late.events)).toEqual({ event: 'gap', data: '{"missed":1}' })
  expect(bodyIdOf(await next(late.events))).toBe('3')
  await again.events.return(undefined)
  await late.events.return(undefined)
})

test('it can be narrowed to one organization', async () => {
  const { teamServer, open, report } = await setUp()
  const { events } = await open('?organization=Shop')
  await next(events)
  await ask(teamServer, 'POST', '/engine/v1/reports', { authorization: 'forged', json: {} })
  await report('one')
  expect(await next(events)).toMatchObject({ id: '2' })
  await events.return(undefined)
})

test.each([
  ['?organization=none', {}, 404],
  ['?type=finding', {}, 400],
  ['', { 'last-event-id': 'x' }, 400],
])('%s with %j is refused with %i', async (query, headers, status) => {
  const { open } = await setUp()
  expect((await open(query, headers)).response.status).toBe(status)
})

test('curl -N shows it as it comes, and closing the TeamServer ends it', async () => {
  const { teamServer, listener, report } = await setUp()
  const header = `Authorization: Bearer ${listener.control?.token}`
  const curl = spawn('curl', ['-sN', '-H', header, `${listener.control?.url}/stream`])
  let shown = ''
  curl.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text
  })
  await once(curl.stdout, 'data')
  await report('one')
  while (!shown.includes('event: exchange')) await once(curl.stdout, 'data')
  expect(shown).toMatch(/^retry: 1000\n\nid: 1\nevent: exchange\ndata: \{.*\}\n\n$/)
  const ended = once(curl, 'exit')
  await teamServer.close()
  await ended
})

/** A log that a test tells what comes. */
function scriptedLog(before: readonly AnsweredRequest[] = []) {
  const watchers = new Set<(answered: AnsweredRequest) => void>()
  return {
    watchers,
    lastPlace: before.length,
    answeredAfter: (place: number) => before.filter((each) => each.place > place),
    watch(watcher: (answered: AnsweredRequest) => void) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    },
    tell(place: number) {
      for (const watcher of watchers) watcher({ place, request: { id: place } as never })
    },
  }
}

const TERMS = { after: undefined, isWanted: () => true }

test('who does not read is dropped, with a last event that says where to go on', async () => {
  const log = scriptedLog()
  const stream = exchangeStream(
    log,
    { ...TERMS, limitCharacters: 200 },
    new AbortController().signal,
  )
  await stream.next()
  log.tell(1)
  expect((await stream.next()).value).toBe('id: 1\nevent: exchange\ndata: {"id":1}\n\n')
  for (let place = 2; place < 100; place++) log.tell(place)
  expect((await stream.next()).value).toBe(
    'event: dropped\ndata: {"reason":"reader-too-slow","lastId":1}\n\n',
  )
  expect((await stream.next()).done).toBe(true)
  expect(log.watchers.size).toBe(0)
})

test('a comment shows that the connection lives while nothing happens', async () => {
  const stream = exchangeStream(
    scriptedLog(),
    { ...TERMS, heartbeatMs: 1 },
    new AbortController().signal,
  )
  await stream.next()
  expect((await stream.next()).value).toBe(': still here\n\n')
  expect((await stream.next()).value).toBe(': still here\n\n')
  await stream.return(undefined)
})

test('when the reader leaves, nothing is left behind', async () => {
  const log = scriptedLog()
  const leaving = new AbortController()
  const stream = exchangeStream(log, TERMS, leaving.signal)
  await stream.next()
  const last = stream.next()
  leaving.abort()
  expect((await last).done).toBe(true)
  expect(log.watchers.size).toBe(0)
})
