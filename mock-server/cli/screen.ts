import { styleText } from 'node:util'
import { ENGINE_PATHS } from '../../sdk/wire/paths.ts'
import { isError } from '../caught-error.ts'
import type { ExchangeEvent } from '../core/journal.ts'
import { printable } from '../printable.ts'
import type { PlayedStep } from '../scenario/play.ts'
import { MOCK_VERSION } from '../version.ts'
import type { ShownPerson, Started } from './started.ts'

/** Colour only where somebody looks, and only if they did not ask for none. */
const hasColour = process.stdout.isTTY === true && !process.env.NO_COLOR

/** What a person needs to know once the mock listens: what to set where, and a first request. */
export function describeStart(started: Started): string {
  const { listener, organization, admin, superadmin, stateFile, caFile } = started
  const { agent, apiKey } = organization
  const settings = [
    ['CONTRAST__API__URL', listener.url],
    ['CONTRAST__API__USER_NAME', agent.userName],
    ['CONTRAST__API__SERVICE_KEY', agent.serviceKey],
    ...(apiKey.isEnabled ? [['CONTRAST__API__API_KEY', apiKey.value]] : []),
    ...(caFile === undefined ? [] : [['CONTRAST__API__CERTIFICATE__CA_FILE', caFile]]),
  ] as const
  const authorization = Buffer.from(`${agent.userName}:${agent.serviceKey}`).toString('base64')
  return [
    `${bold('mock TeamServer')} ${MOCK_VERSION} listens on ${bold(listener.url)}`,
    '',
    table([
      ['organization', `${organization.name}  ${dim(organization.id)}`],
      [
        'second layer',
        apiKey.isEnabled ? 'on: requests need the API key' : 'off: the API key is not asked for',
      ],
      ['API key', apiKey.value],
      ['page', `${bold(`${listener.url}/`)}  ${dim('sign in as')} ${admin.userName}`],
      ['admin', describePerson(admin)],
      ['superadmin', describePerson(superadmin)],
      ...(listener.ca === undefined || caFile !== undefined
        ? []
        : [['TLS', 'certificate made on the spot; --tls-ca-file FILE writes what to trust']]),
      ...(listener.control === undefined
        ? []
        : [['control API', `${listener.control.url}  ${dim('token')} ${listener.control.token}`]]),
    ]),
    '',
    'Set this where your engine runs:',
    ...settings.map(([name, value]) => `  export ${name}=${quoted(value)}`),
    'or all of it in one:',
    `  export CONTRAST__API__TOKEN=${agent.token}`,
    '',
    'Send a first report:',
    `  curl ${trustOf(started)}${listener.url}/api${ENGINE_PATHS.reports} -H 'Content-Type: application/json' \\`,
    `    -H 'Authorization: ${authorization}' \\`,
    ...(apiKey.isEnabled ? [`    -H 'API-Key: ${apiKey.value}' \\`] : []),
    `    -d '{"reports": [{"id": "first", "type": "finding", "rule": "cookie-flags-missing"}]}'`,
    '',
    dim(
      stateFile === undefined
        ? 'Each request shows below. Ctrl-C ends it; everything is fresh at the next start.'
        : `Each request shows below. Ctrl-C ends it; ${printable(stateFile, 1_024)} keeps all but the reports.`,
    ),
  ].join('\n')
}

/** What curl is told of the certificate. */
function trustOf({ listener, caFile }: Started): string {
  if (!listener.url.startsWith('https:')) return ''
  return caFile === undefined ? '--insecure ' : `--cacert ${quoted(caFile)} `
}

function describePerson({ userName, serviceKey, password }: ShownPerson): string {
  const secret =
    password === null ? dim('password as shown before') : `${dim('password')} ${password}`
  return `${userName}  ${dim('service key')} ${serviceKey}  ${secret}`
}

/** One line for each request: when, what came of it, who, and why not. */
export function describeExchange(event: ExchangeEvent): string {
  const time = dim(event.at.toISOString().slice(11, 19))
  const what = `${event.method || '?'} ${event.path || '?'}`
  const who = event.userName === undefined ? '' : dim(`  ${event.userName}`)
  if (event.refusal === undefined) return `${time} ${green(event.status)} ${what}${who}`
  const { reason, detail } = event.refusal
  const why = detail === reason ? reason : `${reason} (${detail})`
  return `${time} ${red(event.status)} ${what}  ${red(why)}${who}`
}

/** One line for each step of a scenario. */
export function describeStep({ at, step, error }: PlayedStep): string {
  const time = dim(at.toISOString().slice(11, 19))
  const { at: seconds, do: what, fault: _fault, ...rest } = step
  const terms = Object.entries(rest).map(
    ([name, value]) => `${name} ${printable(String(value), 128)}`,
  )
  const line = `${time} ${bold('step')} ${seconds} s: ${[what, ...terms].join(', ')}`
  if (error === undefined) return line
  return `${line}  ${red(isError(error) ? error.message : 'failed')}`
}

function table(rows: readonly (readonly string[])[]): string {
  return rows.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`).join('\n')
}

/** For a shell: organization names may hold apostrophes. */
function quoted(value: string): string {
  return `'${value.replaceAll("'", `'\\''`)}'`
}

const styled =
  (style: Parameters<typeof styleText>[0]) =>
  (text: string | number): string =>
    hasColour ? styleText(style, String(text)) : String(text)
const bold = styled('bold')
const dim = styled('dim')
const green = styled('green')
const red = styled('red')
