import { expect, test } from 'vitest'
import { describeExchange } from '../../../mock-server/cli/screen.ts'
import type { ExchangeEvent } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** Longer than what an entry may hold of any value. */
const LONGEST_SHOWN = 512

const NASTY = {
  'a line break': 'a\r\nb',
  'a line feed': 'a\nfake 202 POST /x',
  'escape sequences': 'a\u001b[2J\u001b]0;owned\u0007b',
  'a line separator': 'a\u2028b\u2029c',
  'text turned around': 'a\u202Egpj.exe\u2066b',
  'a zero-width joiner': 'a\u200Db\uFEFFc',
  'a zero byte': 'a\0b',
  'half a character': 'a\uD800b',
  'a MiB of text': 'x'.repeat(1_048_576),
  'a MiB of line breaks': '\n'.repeat(1_048_576),
}

/** Every way in which a caller's or an administrator's own words reach the log. */
const WAYS: Readonly<
  Record<string, (shop: Awaited<ReturnType<typeof createShop>>, value: string) => Promise<unknown>>
> = {
  'a user name': ({ teamServer, shop }, value) =>
    ask(teamServer, 'GET', `/ng/${shop.id}/applications`, {
      authorization: Buffer.from(`${value.slice(0, 1_400)}:key`).toString('base64'),
    }),
  'a path': ({ teamServer }, value) =>
    ask(teamServer, 'GET', `/${encodeURIComponent(value.toWellFormed()).slice(0, 7_000)}`),
  'a long path': ({ teamServer }, value) =>
    ask(teamServer, 'GET', `/${encodeURIComponent(value.toWellFormed())}`),
  'a method': ({ teamServer }) => ask(teamServer, 'X'.repeat(5_000), '/openapi.json'),
  'an agent key': async ({ shop }, value) => {
    await shop.addAgentKey({ name: value }).catch(() => {})
    await shop.addAgentKey({ name: `${value.replace(/\p{Cc}/gu, '').slice(0, 100)}!` })
  },
  'a person': async ({ shop }, value) => {
    await shop.addPerson({ role: 'view', userName: value }).catch(() => {})
    await shop
      .addPerson({
        role: 'view',
        userName: `${value.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, 99)}!`,
      })
      .catch(() => {})
  },
  'an organization': async ({ teamServer }, value) => {
    await teamServer.createOrganization({ name: value.slice(0, 255) }).catch(() => {})
  },
  'a report': async ({ teamServer, shop }, value) => {
    const authorization = authorizationOf(shop.agent)
    for (const title of ['one', 'two']) {
      await ask(teamServer, 'POST', '/engine/v1/reports', {
        authorization,
        json: {
          application: value,
          session: value,
          reports: [finding('same', { title }), { id: value }],
        },
      })
    }
  },
  'an address list': async ({ shop }, value) => {
    await shop.restrictAddresses([value]).catch(() => {})
  },
  'a forwarded address': ({ teamServer }, value) =>
    ask(teamServer, 'GET', '/nowhere', {
      headers: { 'x-forwarded-for': encodeURIComponent(value.toWellFormed()) },
    }),
}

const ROWS = Object.entries(WAYS).flatMap(([way, send]) =>
  Object.entries(NASTY).map(([what, value]) => ({ way, what, send, value })),
)

test.each(ROWS)('$what in $way leaves one printable line, cut (S-601)', async ({ send, value }) => {
  const events: ExchangeEvent[] = []
  const created = await createShop({ onExchange: (event) => events.push(event) })
  const { teamServer, shop, errors } = created
  await send(created, value)

  const organizations = await teamServer.store.organizations()
  const logs = [await teamServer.auditLog(), await shop.auditLog()]
  for (const { id } of organizations) logs.push(await teamServer.store.auditEntries(id))
  const entries = logs.flat()
  const pages = await Promise.all(
    [undefined, ...organizations.map(({ id }) => id)].map((id) =>
      teamServer.store.searchAuditEntries(id, {}),
    ),
  )
  expect(pages.flatMap(({ entries }) => entries).length).toBeGreaterThan(0)
  for (const each of [...entries, ...events]) {
    const line = JSON.stringify(each)
    expect(line.length).toBeLessThan(2_000)
    expect(JSON.parse(line)).toBeTypeOf('object')
    for (const text of textsIn(each)) {
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      expect(text.length).toBeLessThanOrEqual(LONGEST_SHOWN)
    }
  }
  for (const event of events) {
    // Colours alone are let through.
    const shown = describeExchange(event).replace(/\u001b\[\d+m/g, '')
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
  }
  expect(errors).toEqual([])
})

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null || value instanceof Date) return []
  return Object.values(value).flatMap(textsIn)
}
