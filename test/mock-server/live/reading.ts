import { onTestFinished } from 'vitest'
import type { PersonCredentials, TeamServerOptions } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** An event of a server-sent stream; `data` is parsed. */
export interface ReceivedEvent {
  readonly id?: string
  readonly event?: string
  readonly data?: Readonly<Record<string, unknown>>
}

/** Reads events until one is as wanted, and gives all that came. */
export type Until = (
  isWanted: (event: ReceivedEvent) => boolean,
) => Promise<readonly ReceivedEvent[]>

/** A TeamServer with people who are signed in and look. */
export async function createAudience(
  options: TeamServerOptions & { readonly isApiKeyEnabled?: boolean } = {},
) {
  const { teamServer, shop } = await createShop({ scryptCost: 1_024, ...options })
  onTestFinished(() => teamServer.close())
  const { url } = await teamServer.listen()
  const admin = await shop.addPerson({ role: 'admin', userName: 'admin@shop' })

  async function signIn({ userName, password }: Pick<PersonCredentials, 'userName' | 'password'>) {
    const reply = await ask(teamServer, 'POST', '/ng/login', { json: { userName, password } })
    const [cookie = ''] = String(reply.headers['set-cookie']).split(';')
    return { cookie, csrf: String((reply.body as { csrfToken: string }).csrfToken) }
  }

  async function watch(path: string, headers: Record<string, string>) {
    const leaving = new AbortController()
    onTestFinished(() => leaving.abort())
    const response = await fetch(`${url}/api${path}`, { headers, signal: leaving.signal })
    const events = eventsOf(response)
    const until: Until = async (isWanted) => {
      const seen: ReceivedEvent[] = []
      for (;;) {
        const { value, done } = await events.next()
        if (done === true) return seen
        seen.push(value)
        if (isWanted(value)) return seen
      }
    }
    return { response, until, leave: () => leaving.abort() }
  }

  const report = (id: string, headers: Record<string, string> = {}) =>
    ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: authorizationOf(shop.agent),
      headers,
      json: { reports: [finding(id)] },
    })

  return { teamServer, shop, admin, signIn, watch, report }
}

async function* eventsOf(response: Response): AsyncGenerator<ReceivedEvent, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n')
      text = text.slice(end + 2)
      const { data, ...event } = Object.fromEntries(
        lines.map((line) => line.split(/: (.*)/s).slice(0, 2)),
      )
      yield data === undefined ? event : { ...event, data: JSON.parse(data) }
    }
  }
  return undefined
}

export const isChange =
  (about: string) =>
  ({ event, data }: ReceivedEvent) =>
    event === 'change' && data?.about === about

export const isEvent =
  (name: string) =>
  ({ event }: ReceivedEvent) =>
    event === name

/** A request of an engine. */
export const isOfEngine = ({ event, data }: ReceivedEvent) =>
  event === 'exchange' && data?.isOfEngine === true
