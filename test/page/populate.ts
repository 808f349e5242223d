import { onTestFinished } from 'vitest'
import { createEngine } from '../../sdk/index.ts'
import type { Stage } from './people.ts'

/** What people and engines call things in a test. */
export interface Words {
  readonly application: string
  readonly title: string
  readonly rule: string
  readonly library: string
  readonly pattern: string
  readonly server: string
  readonly branch: string
  readonly agentKey: string
}

export const PLAIN_WORDS: Words = {
  application: 'web shop',
  title: 'SQL out of the parameter “sort”',
  rule: 'sql-injection',
  library: 'express',
  pattern: '/orders/:id',
  server: 'till-7',
  branch: 'main',
  agentKey: 'staging',
}

/** Something of everything that the page shows, reported by an engine over the network. */
export async function populate({ shop, listener }: Stage, words: Words): Promise<void> {
  const agentKeys = await shop.agentKeys()
  if (!agentKeys.some(({ name }) => name === words.agentKey))
    await shop.addAgentKey({ name: words.agentKey })
  const engine = createEngine({
    ...shop.engineOptions(),
    url: listener.url,
    application: { name: words.application },
    server: { name: words.server, environment: 'QA' },
    session: { metadata: { branchName: words.branch } },
    spoolDirectory: false,
    flushIntervalMs: 10,
    logger: false,
  })
  onTestFinished(() => engine.close())
  for (const severity of ['critical', 'high', 'medium', 'low', 'note'] as const) {
    engine.report({
      type: 'finding',
      rule: words.rule,
      severity,
      title: `${words.title} ${severity}`,
      url: words.pattern,
      evidence: words.title,
    })
  }
  engine.report({
    type: 'library',
    name: words.library,
    version: '5.1.0',
    language: 'Node',
    license: words.branch,
  })
  const route = { type: 'route', framework: 'express', method: 'GET' } as const
  engine.report({ ...route, state: 'discovered', pattern: words.pattern })
  engine.report({ ...route, state: 'discovered', pattern: '/health' })
  engine.report({ ...route, state: 'observed', pattern: words.pattern, count: 3 })
  await engine.flush()
}

/** Knocks with the credentials of an engine and a wrong key. */
export async function forge(
  { listener, shop }: Stage,
  headers: Readonly<Record<string, string>> = {},
  body = '{"reports":[{"id":"forged","type":"finding","rule":"made-up"}]}',
): Promise<void> {
  await fetch(`${listener.url}/api/engine/v1/reports`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: basic(shop.agent.userName, 'wrong'),
      ...headers,
    },
    body,
  })
}

/** Names may hold any character. */
export function basic(userName: string, serviceKey: string): string {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}
