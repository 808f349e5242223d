import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop } from '../shop.ts'

const MARKUP = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'javascript:alert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '</title><svg onload=alert(1)>',
  'line\u2028separator\u2029end',
]

let teamServer: TeamServer
let shop: Organization
let authorization: string

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop())
  ;({ authorization } = await shop.addPerson({ role: 'admin' }))
})

test.each(MARKUP)(
  '%j comes back as the text it is, in JSON that no browser takes for a page (S-501)',
  async (text) => {
    const agent = authorizationOf(shop.agent)
    const json = {
      name: text,
      language: 'Node',
      metadata: { [text]: text },
      server: { name: text, path: '/' },
    }
    const created = await ask(teamServer, 'PUT', '/ng/applications/create', {
      authorization: agent,
      json,
    })
    expect(created.body).toMatchObject({ application: { name: text } })
    const report = {
      id: `r${MARKUP.indexOf(text)}`,
      type: 'finding',
      rule: text,
      title: text,
      url: text,
    }
    await ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization: agent,
      json: { reports: [report] },
    })
    expect(await shop.reports()).toContainEqual(report)
    const listed = await ask(teamServer, 'GET', `/ng/${shop.id}/applications`, { authorization })
    expect(listed.body).toMatchObject({
      applications: expect.arrayContaining([expect.objectContaining({ name: text })]),
    })
    for (const { headers } of [created, listed]) {
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'x-content-type-options': 'nosniff',
      })
    }
  },
)
