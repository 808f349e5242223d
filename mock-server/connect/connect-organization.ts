import type { Report } from '../../sdk/wire/messages.ts'
import { TeamServerError } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { firstDifference } from '../matching/difference.ts'
import { CONTROL_VARIABLES } from '../organization/engine-environment.ts'
import { checkTimeout, DEFAULT_TIMEOUT_MS, type Wanted } from '../organization/waiting.ts'
import { type ReportedThing, reportedBy } from '../reported/reported.ts'
import { type RefusedRequest, refusalInWords } from '../store/refused-request.ts'
import { describeShortfall, shortfallOf } from '../waiting/shortfall.ts'
import type { WaitOptions } from '../waiting/wait-until.ts'
import { createControlClient } from './control-client.ts'

export interface ConnectOptions {
  /** @default `MOCK_TEAMSERVER_CONTROL_URL` */
  readonly url?: string
  /** @default `MOCK_TEAMSERVER_CONTROL_TOKEN` */
  readonly token?: string
  /** The id or the name. @default `MOCK_TEAMSERVER_ORGANIZATION`, else the only one that is there */
  readonly organization?: string
}

/** An organization of a mock TeamServer in another process: for the assertions, as one in this process. */
export interface ConnectedOrganization {
  readonly id: string
  readonly name: string
  reports(): Promise<readonly Report[]>
  refusals(): Promise<readonly RefusedRequest[]>
  /** As `organization.waitForReport()`. @throws `ERR_WAIT_TIMEOUT`, `ERR_CONTROL` */
  waitForReport(wanted?: Wanted<Report>, options?: WaitOptions): Promise<Report>
  waitForRefusal(wanted?: Wanted<RefusedRequest>, options?: WaitOptions): Promise<RefusedRequest>
  /** What was reported, scrubbed, for a snapshot. */
  reported(): Promise<readonly ReportedThing[]>
  /** What became of the requests of its engines, for `assertAddsUp()`. */
  ledger(): Promise<Ledger>
  /** Forgets what engines did. */
  reset(): Promise<void>
}

/**
 * Connects to the organization that `createGlobalSetup()` or `mock-teamserver run --control` made.
 *
 * @throws `ERR_OPTION_INVALID` where nothing says which, `ERR_CONTROL` where it is not to be had.
 */
export async function connectOrganization(
  options: ConnectOptions = {},
): Promise<ConnectedOrganization> {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(CONTROL_VARIABLES, name))
  if (unknown.length > 0) {
    const known = Object.keys(CONTROL_VARIABLES).join(', ')
    throw mistake(`unknown option ${unknown.join(', ')}; connectOrganization takes ${known}`)
  }
  const client = createControlClient({
    url: needed('url', options.url),
    token: needed('token', options.token),
  })
  const { id, name } = await findOrganization()
  const query = `organization=${encodeURIComponent(id)}`

  async function findOrganization() {
    const wanted = options.organization ?? process.env[CONTROL_VARIABLES.organization]
    const { body } = await client.ask('GET', '/organizations')
    const all = body.organizations as readonly { readonly id: string; readonly name: string }[]
    const found = all.filter((each) =>
      wanted === undefined ? true : each.id === wanted.toLowerCase() || each.name === wanted,
    )
    const [only] = found
    if (only !== undefined && found.length === 1) return only
    const names = all.map((each) => each.name).join(', ')
    throw mistake(
      `organization must name one of those that are there (${names}): by the option or ${CONTROL_VARIABLES.organization}`,
    )
  }

  const readReports = (body: Readonly<Record<string, unknown>>) =>
    (body.reports as readonly { readonly report: Report }[]).map(({ report }) => report)
  const readRefusals = (body: Readonly<Record<string, unknown>>) =>
    (body.refusals as readonly SentRefusal[]).map(refusalOf)
  const reports: Kind<Report> = {
    what: 'report',
    path: '/reports',
    read: readReports,
    nameOf: (report) => JSON.stringify(report).slice(0, LONGEST_SHOWN),
  }
  const refused: Kind<RefusedRequest> = {
    what: 'refusal',
    path: '/refusals',
    read: readRefusals,
    nameOf: refusalInWords,
  }

  async function list<Thing>({ path, read }: Kind<Thing>, more = ''): Promise<readonly Thing[]> {
    return read((await client.ask('GET', `${path}?${query}${more}`)).body)
  }

  /** Compared here, since a regular expression or a matcher cannot be sent; waited for there. */
  async function waitFor<Thing>(
    kind: Kind<Thing>,
    wanted: object,
    { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions,
  ): Promise<Thing> {
    checkTimeout(timeoutMs)
    const end = performance.now() + timeoutMs
    let arrived = await list(kind)
    for (;;) {
      const found = arrived.find((thing) => firstDifference(wanted, thing) === undefined)
      if (found !== undefined) return found
      const left = Math.min(LONGEST_WAIT_MS, Math.ceil(end - performance.now()))
      if (left <= 0) break
      arrived = await list(kind, `&count=${arrived.length + 1}&timeoutMs=${left}`)
    }
    const refusals = await list(refused)
    const shortfall = shortfallOf(
      { what: kind.what, wanted, timeoutMs, arrived, refusals },
      (thing) => thing,
    )
    throw new TeamServerError('ERR_WAIT_TIMEOUT', describeShortfall(shortfall, kind.nameOf))
  }

  const connected: ConnectedOrganization = {
    id,
    name,
    reports: () => list(reports),
    refusals: () => list(refused),
    waitForReport: (wanted = {}, terms = {}) => waitFor(reports, wanted, terms),
    waitForRefusal: (wanted = {}, terms = {}) => waitFor(refused, wanted, terms),
    reported: () => reportedBy(connected),
    ledger: async () =>
      (await client.ask('GET', `/organizations/${id}/ledger`)).body.ledger as Ledger,
    reset: async () => void (await client.ask('DELETE', `/organizations/${id}/state`)),
  }
  return connected
}

/** What can be waited for. */
interface Kind<Thing> {
  readonly what: string
  readonly path: string
  read(body: Readonly<Record<string, unknown>>): readonly Thing[]
  nameOf(thing: Thing): string
}

/** The longest that one request waits; what is longer is asked again. */
const LONGEST_WAIT_MS = 600_000
const LONGEST_SHOWN = 300

/** As JSON has it. */
type SentRefusal = Omit<RefusedRequest, 'at'> & { readonly at: string }

function refusalOf(sent: SentRefusal): RefusedRequest {
  const { reason, detail, method = '', path = '', remoteAddress, claimedUserName } = sent
  return { at: new Date(sent.at), reason, detail, method, path, remoteAddress, claimedUserName }
}

function needed(option: 'url' | 'token', given: string | undefined): string {
  const value = given ?? process.env[CONTROL_VARIABLES[option]]
  if (typeof value === 'string' && value !== '') return value
  throw mistake(
    `${option} is missing: give it, or set ${CONTROL_VARIABLES[option]}, as createGlobalSetup() and mock-teamserver run --control do`,
  )
}

function mistake(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
