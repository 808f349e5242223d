import { expect, test } from 'vitest'
import { createEngine } from '../../sdk/index.ts'
import {
  AGENT_AUTHORIZATION,
  AGENT_TOKEN,
  AGENT_USER_NAME,
  API_KEY,
  SERVICE_KEY,
} from './literals.ts'

interface Sent {
  readonly method: string
  readonly url: string
  readonly authorization: string | null
  readonly apiKey: string | null
  readonly contentType: string | null
}

/** What an engine sends to report one finding, to a TeamServer that takes everything. */
async function requestsOf(
  credentials: Parameters<typeof createEngine>[0],
): Promise<readonly Sent[]> {
  const sent: Sent[] = []
  const answers: Readonly<Record<string, (body: { batch?: string }) => Response>> = {
    create: () =>
      Response.json({ success: true, messages: [], application: { app_id: 'a', name: 'shop' } }),
    sessions: () => Response.json({ success: true, messages: [], session_id: 's-1', settings: {} }),
    reports: ({ batch }) =>
      Response.json(
        { success: true, messages: [], batch, added: 1, known: 0, rejected: [] },
        { status: 202 },
      ),
  }
  const engine = createEngine({
    ...credentials,
    application: { name: 'shop' },
    plugins: [],
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const { method, url, headers } = request
      sent.push({
        method,
        url,
        authorization: headers.get('Authorization'),
        apiKey: headers.get('API-Key'),
        contentType: headers.get('Content-Type'),
      })
      const answer = answers[new URL(url).pathname.split('/').pop() ?? '']
      if (answer === undefined) return new Response('', { status: 404 })
      return answer(method === 'POST' ? ((await request.json()) as { batch?: string }) : {})
    },
  })
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', hash: 'h-1' })
  expect(await engine.flush({ timeoutMs: 5_000 })).toMatchObject({ accepted: 1, waiting: 0 })
  await engine.close()
  return sent
}

const WITH_BOTH_LAYERS = {
  authorization: AGENT_AUTHORIZATION,
  apiKey: API_KEY,
  contentType: 'application/json',
}

test('the engine speaks the documented paths, methods and headers', async () => {
  const sent = await requestsOf({
    url: 'https://teamserver.example/Contrast',
    agentUserName: AGENT_USER_NAME,
    serviceKey: SERVICE_KEY,
    organizationApiKey: API_KEY,
  })
  const calls = sent.map(({ method, url }) => `${method} ${url}`)
  expect(calls).toEqual([
    'PUT https://teamserver.example/Contrast/api/ng/applications/create',
    'PUT https://teamserver.example/Contrast/api/ng/sessions',
    'POST https://teamserver.example/Contrast/api/engine/v1/reports',
  ])
  for (const each of sent) expect(each).toMatchObject(WITH_BOTH_LAYERS)
})

test('without an organization API key there is no API-Key line', async () => {
  const sent = await requestsOf({
    url: 'https://teamserver.example',
    agentUserName: AGENT_USER_NAME,
    serviceKey: SERVICE_KEY,
  })
  expect(sent.length).toBeGreaterThan(0)
  for (const each of sent) {
    expect(each).toMatchObject({ ...WITH_BOTH_LAYERS, apiKey: null })
  }
})

test('an agent token is read by its documented members', async () => {
  const sent = await requestsOf({ token: AGENT_TOKEN })
  expect(sent.at(-1)).toMatchObject({
    ...WITH_BOTH_LAYERS,
    url: 'http://127.0.0.1/Contrast/api/engine/v1/reports',
  })
})
