import { beforeAll, expect, test } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'

/** One request, open to be spoiled. */
interface Draft {
  method: string
  path: string
  readonly headers: Record<string, string>
  body: string
}

const LIMIT_BYTES = 1_000

let teamServer: TeamServer
let shop: Organization
let right: Draft
let faults: readonly (readonly [reason: string, status: number, spoil: (draft: Draft) => void])[]

/** What can be wrong with a request, in the order in which it must be said. */
const ORDER = [
  'headers-too-large',
  'route-unknown',
  'method-refused',
  'credentials-missing',
  'credentials-wrong',
  'api-key-wrong',
  'organization-refused',
  'role-refused',
  'content-type-refused',
  'content-encoding-refused',
  'body-too-large',
  'body-malformed',
]

beforeAll(async () => {
  ;({ teamServer, shop } = await createShop({
    isApiKeyEnabled: true,
    limits: { bodyBytes: LIMIT_BYTES },
  }))
  const other = await teamServer.createOrganization({ name: 'Other' })
  const admin = await shop.addPerson({ role: 'admin' })
  right = {
    method: 'POST',
    path: `/engine/v1/organizations/${shop.id}/reports?`,
    headers: {
      authorization: authorizationOf(shop.agent),
      'api-key': shop.apiKey.value,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ reports: [finding('first')] }),
  }
  const set = (name: string, value: string) => (draft: Draft) => {
    draft.headers[name] = value
  }
  const put = (part: 'method' | 'path' | 'body', value: string) => (draft: Draft) => {
    draft[part] = value
  }
  const inPath = (before: string, after: string) => (draft: Draft) => {
    draft.path = draft.path.replace(before, after)
  }
  const wrongKey = authorizationOf({ userName: shop.agent.userName, serviceKey: 'wrong' })
  faults = [
    ['headers-too-large', 431, inPath('?', `?${'x'.repeat(8_192)}`)],
    ['route-unknown', 404, inPath('/reports', '/nothing')],
    ['method-refused', 405, put('method', 'DELETE')],
    ['credentials-missing', 401, set('authorization', '')],
    ['credentials-wrong', 401, set('authorization', wrongKey)],
    ['api-key-wrong', 401, set('api-key', 'wrong')],
    ['organization-refused', 403, inPath(shop.id, other.id)],
    ['role-refused', 403, set('authorization', admin.authorization)],
    ['content-type-refused', 415, set('content-type', 'text/plain')],
    ['content-encoding-refused', 415, set('content-encoding', 'br')],
    ['body-too-large', 413, put('body', ' '.repeat(LIMIT_BYTES + 1))],
    ['body-malformed', 400, put('body', '{')],
  ]
})

/** The right request with these faults; where two touch the same part, the earlier one stays. */
function spoiled(reasons: readonly string[]): Draft {
  const draft = { ...right, headers: { ...right.headers } }
  for (const [reason, , spoil] of [...faults].reverse()) if (reasons.includes(reason)) spoil(draft)
  return draft
}

async function answerTo({ method, path, headers, body }: Draft) {
  const reply = await ask(teamServer, method, path, { headers, body })
  return { status: reply.status, reason: (reply.body as { reason?: string }).reason }
}

const PAIRS = ORDER.flatMap((earlier, at) => ORDER.slice(at + 1).map((later) => [earlier, later]))

test.each(PAIRS)('a request with %s and %s is told the first alone', async (earlier, later) => {
  const status = faults.find(([reason]) => reason === earlier)?.[1]
  const answer = await answerTo(spoiled([String(earlier), String(later)]))
  expect(answer).toEqual({ status, reason: earlier })
})

test('a request that has every fault and is mended one by one is told each in order', async () => {
  const told: (string | undefined)[] = []
  for (const at of ORDER.keys()) told.push((await answerTo(spoiled(ORDER.slice(at)))).reason)
  expect(told).toEqual(ORDER)
  expect(await answerTo(spoiled([]))).toEqual({ status: 202, reason: undefined })
})

test.each(ORDER.slice(0, -2))(
  'a request with %s is answered before its body is read',
  async (reason) => {
    let reads = 0
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull(controller) {
          reads++
          controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const { method, path, headers } = spoiled([reason])
    const reply = await ask(teamServer, method, path, { headers, body })
    expect({ reads, body: reply.body }).toMatchObject({ reads: 0, body: { reason } })
  },
)

test('a body that declares more than the limit is refused before it is read', async () => {
  let reads = 0
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
    { pull: () => void reads++ },
    { highWaterMark: 0 },
  )
  const { method, path, headers } = spoiled([])
  const declared = { ...headers, 'content-length': String(LIMIT_BYTES + 1) }
  const reply = await ask(teamServer, method, path, { headers: declared, body })
  expect({ reads, status: reply.status }).toEqual({ reads: 0, status: 413 })
})
