import { beforeAll, expect, type TestContext, test } from 'vitest'
import { ask } from '../mock-server/ask.ts'
import { createShop } from '../mock-server/shop.ts'
import { readPage } from './page.ts'
import { createScrubber } from './scrub-answers.ts'
import { isInstalled, type Typed, typeBlocks } from './shell-session.ts'

const page = readPage('administration.md')
const BLOCKS = page.blocks.filter(({ language }) => language === 'sh')
const CODE = BLOCKS.map(({ code }) => code)

const hasCurl = isInstalled('curl')
let typed: Typed = { outputs: [], stderr: 'nothing was typed' }
let promised: readonly unknown[] = []
let answered: readonly unknown[] = []

beforeAll(async () => {
  if (!hasCurl) return
  typed = await typeBlocks(CODE, 'server.json')
  promised = BLOCKS.map(({ below = '' }) => below).map(createScrubber(CODE.join('\n')))
  answered = typed.outputs.map(createScrubber(CODE.join('\n')))
}, 120_000)

function needsCurl({ skip }: TestContext): void {
  skip(!hasCurl, 'needs curl: apt-get install curl, or brew install curl')
}

test('the blocks of the page can be typed one after another, and none complains', (context) => {
  needsCurl(context)
  expect(typed.stderr).toBe('')
  expect(typed.outputs).toHaveLength(BLOCKS.length)
  expect(BLOCKS.length).toBeGreaterThan(30)
})

test.for(CODE.map((code, at) => [at, firstCall(code)] as const))(
  'block %i of the page is answered as the page shows: %s',
  ([at], context) => {
    needsCurl(context)
    expect(answered[at]).toEqual(promised[at])
  },
)

test('the page quotes the warning of a list without the address that the call came from', async () => {
  const { teamServer, shop } = await createShop()
  const { authorization } = await shop.addPerson({ role: 'admin' })
  const json = { ipRange: ['10.0.0.0/8'] }
  const path = `/ng/${shop.id}/security/ip-ranges`
  const { body } = await ask(teamServer, 'PUT', path, { authorization, json })
  const [warning = ''] = (body as { readonly messages: readonly string[] }).messages
  expect(warning).toMatch(/will be refused/)
  expect(page.text.replaceAll('\n', ' ')).toContain(warning)
})

test('the scrubber tells a new key from an old one, and lets a chosen one stand', () => {
  const scrub = createScrubber('-d {"value": "my-own"}')
  const shown = ['{"api_key": "abc"}', '{\n  "api_key": "abc"\n}\n200', '{"api_key": "abd"}']
  expect(shown.map(scrub)).toEqual([
    [{ api_key: '<api_key of 3 characters 1>' }],
    [{ api_key: '<api_key of 3 characters 1>' }, '200'],
    [{ api_key: '<api_key of 3 characters 2>' }],
  ])
  expect(scrub('{"api_key": "my-own", "date": 1790000000000, "total": 7}\n')).toEqual([
    { api_key: 'my-own', date: '<moment>', total: 7 },
  ])
})

/** What a block is about: its first call. */
function firstCall(code: string): string {
  const lines = code.split('\n')
  return lines.find((line) => line.includes('curl -K')) ?? lines[0] ?? ''
}
