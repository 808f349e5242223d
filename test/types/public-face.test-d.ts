// Compiled, never run: what the documentation shows has to type-check.

import { subscribe } from 'node:diagnostics_channel'
import { createTeamServer, type Organization, type Report } from '../../mock-server/index.ts'
import {
  createEngine,
  definePlugin,
  type Engine,
  type EngineEvents,
  libraries,
  routes,
} from '../../sdk/index.ts'

async function inProcess(): Promise<readonly Report[]> {
  await using teamServer = createTeamServer()
  const shop: Organization = await teamServer.createOrganization({
    name: 'Shop',
    apiKey: { enabled: true },
  })
  await using engine: Engine = createEngine({
    ...shop.engineOptions(),
    fetch: teamServer.fetch,
    application: { name: 'shop' },
    plugins: [libraries(), routes(), definePlugin({ name: 'own', start() {} })],
  })
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
  // @ts-expect-error a finding needs its rule
  engine.report({ type: 'finding' })
  // @ts-expect-error there is no such severity
  engine.report({ type: 'finding', rule: 'x', severity: 'awful' })
  await engine.flush({ timeoutMs: 2_000 })
  await shop.apiKey.rotate({ overlapMs: 1_000 })
  return shop.reports()
}

const withGlobalFetch = createEngine({ fetch: globalThis.fetch })
const withArrow = createEngine({ fetch: (url, init) => fetch(url, init) })
const withVault = createEngine({
  credentials: async () => ({ agentUserName: 'agent_1@Shop', serviceKey: 'from-the-vault' }),
})
// @ts-expect-error credentials are a user name and a key
const withHalf = createEngine({ credentials: async () => ({ agentUserName: 'agent_1@Shop' }) })

const durations: number[] = []
subscribe('teamserver-engine:exchange', (message) => {
  const { engine, counters, ...own } = message as EngineEvents['teamserver-engine:exchange']
  if (own.outcome === 'accepted' && engine.id === withGlobalFetch.id) durations.push(own.durationMs)
  // @ts-expect-error a message is not for changing
  counters.accepted = 0
  // @ts-expect-error there is no such outcome
  if (own.outcome === 'perhaps') durations.pop()
})

export const checked = { inProcess, withGlobalFetch, withArrow, withVault, withHalf }
