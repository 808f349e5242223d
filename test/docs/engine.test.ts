import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTeamServer, type TeamServer } from '../../mock-server/index.ts'
import {
  SETTING_NAMES,
  SETTINGS,
  type SettingName,
  variableOf,
} from '../../sdk/configuration/settings.ts'
import { CHANNEL_NAMES } from '../sdk/events/listener.ts'
import { promisedOutput, readPage, runBlock } from './page.ts'

const page = readPage('engine.md')
const MESSAGES = readFileSync(new URL('../../sdk/events/messages.ts', import.meta.url), 'utf8')

/** The row of a setting in the table of settings, by its first cell. */
function rowOf(name: SettingName): readonly string[] {
  const [row, ...more] = page.rows.filter(([first]) => first?.split(' ')[0] === name)
  if (row === undefined || more.length > 0) throw new Error(`${more.length + 1} rows for ${name}`)
  return row
}

/** A default as the page writes it. */
function written(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return value.toLocaleString('en').replaceAll(',', '_')
  if (typeof value === 'object') return 'none'
  return String(value).replace(process.version, 'v<version>')
}

test.each(SETTING_NAMES)('the page names variable, YAML key and default of %s', (name) => {
  const { yaml, isOption, ...setting } = SETTINGS[name]
  const [first, variable, key, ...rest] = rowOf(name)
  expect(first).toBe(isOption ? name : `${name} (no option)`)
  expect({ variable, key }).toEqual(
    yaml === undefined ? { variable: '', key: '' } : { variable: variableOf(yaml), key: yaml },
  )
  const theDefault = written(setting.default)
  if (theDefault !== undefined) expect(rest[0]).toBe(theDefault)
  expect(rest[0]).not.toBe('')
})

const RANGED = SETTING_NAMES.flatMap((name) => {
  const reading = SETTINGS[name].kind.fromValue(Symbol('no value'))
  const why = reading.status === 'refused' ? reading.why : ''
  const [, min, max, unit] =
    /^must be an integer from (\d+) to (\d+) \((\w+)\)/.exec(why) ??
    /^must be a text of (\d+) to (\d+) (characters)/.exec(why) ??
    []
  return min === undefined || name === 'heartbeatPeriodMs' ? [] : [{ name, min, max, unit }]
})

test.each(RANGED)('the page names the range of $name', ({ name, min, max, unit }) => {
  const [from, to] = [min, max].map((end) => Number(end).toLocaleString('en').replaceAll(',', ' '))
  expect(rowOf(name).at(-1)).toContain(`${from} to ${to} ${unit}`)
})

test('a range was looked for at every number that somebody may set', () => {
  const compared: readonly SettingName[] = RANGED.map(({ name }) => name)
  const numbers = SETTING_NAMES.filter((name) => typeof SETTINGS[name].default === 'number')
  expect(numbers.filter((name) => !compared.includes(name))).toEqual(['heartbeatPeriodMs'])
  expect(compared).toContain('application.name')
})

test('the page has a row for no other setting', () => {
  const named = page.rows.map(([first = '']) => first.split(' ')[0] ?? '')
  const dotted = named.filter((name) => /^(is[A-Z]|\w+\.\w+$|\w+(Ms|Bytes|Reports)$)/.test(name))
  expect(dotted.filter((name) => !SETTING_NAMES.some((known) => known === name))).toEqual([])
})

const CHANNELS = page.rows.filter(([first]) => first?.startsWith('teamserver-engine:'))

test('the page has a row for each channel of events, and for no other', () => {
  expect(CHANNELS.map(([name]) => name)).toEqual(CHANNEL_NAMES)
})

test.each(CHANNELS.map(([name = '', , fields = '']) => ({ name, fields })))(
  'the page names the fields of $name, and their words',
  ({ name, fields }) => {
    const named = fields.match(/\b[a-z][A-Za-z-]*\b\??/g) ?? []
    for (const word of wordsOf(name)) expect(named).toContain(word)
  },
)

/** The fields of a message, and the words that they may be, as its type says. */
function wordsOf(channel: string): readonly string[] {
  const [, type = ''] = new RegExp(`'${channel}': (\\w+)`).exec(MESSAGES) ?? []
  const [, body = ''] =
    new RegExp(`interface ${type} extends EngineMessage {(.*?)\n}`, 's').exec(MESSAGES) ?? []
  return [...body.matchAll(/^ {2}readonly (\w+\??):/gm)].map(([, field = '']) => field)
}

let teamServer: TeamServer
beforeAll(async () => {
  teamServer = createTeamServer()
  await teamServer.listen()
})
afterAll(() => teamServer.close())

const PROGRAMS = page.blocks.filter(({ language }) => language === 'js')

test.each(PROGRAMS.map((block) => [block.code.split('\n').at(2) ?? '', block] as const))(
  'the program of the page with "%s" runs as pasted and prints what the page says',
  async (_line, block) => {
    const shop = await teamServer.createOrganization({ name: 'Shop' })
    const { url, agentUserName, serviceKey } = shop.engineOptions()
    const { stdout, ...ended } = await runBlock(block, {
      CONTRAST__API__URL: url,
      CONTRAST__API__USER_NAME: agentUserName,
      CONTRAST__API__SERVICE_KEY: serviceKey,
    })
    expect(ended).toEqual({ code: 0, signal: null, stderr: '' })
    expect(stdout).toBe(promisedOutput(block) ?? '')
  },
)
