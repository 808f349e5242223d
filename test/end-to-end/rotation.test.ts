import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'
import { startEngine } from '../../sdk/engine/start-engine.ts'
import { createEngine } from '../../sdk/index.ts'
import { BARE } from '../sdk/engine/test-engine.ts'
import { temporaryFolder } from './download.ts'

const PER_SECOND = 50
const SECONDS = 10
const ROTATED_AT_S = 5
const OVERLAP_MS = 5_000
const TOLD_AFTER_S = 2

test.each([
  ['organization API key', true],
  ['service key', false],
])(
  'F-312: 50 requests a second over 10 s, the %s rotated in the middle: 0 refused, 0 lost',
  async (_what, isApiKey) => {
    const clock = { ms: Date.parse('2026-01-01T00:00:00Z') }
    const teamServer = createTeamServer({ clock: () => clock.ms })
    onTestFinished(() => teamServer.close())
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    const statuses: number[] = []
    const engine = createEngine({
      ...shop.engineOptions(),
      application: { name: 'till' },
      logger: { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} },
      fetch: async (url, init) => {
        const answer = await teamServer.fetch(url, init as RequestInit)
        statuses.push(answer.status)
        return answer
      },
    })
    onTestFinished(() => engine.close())

    for (let turn = 0; turn < PER_SECOND * SECONDS; turn++) {
      const second = turn / PER_SECOND
      if (second === ROTATED_AT_S) {
        if (isApiKey) await shop.apiKey.rotate({ overlapMs: OVERLAP_MS })
        else await shop.rotateAgentKey('default', { overlapMs: OVERLAP_MS })
      }
      if (second === ROTATED_AT_S + TOLD_AFTER_S) {
        engine.updateCredentials(
          isApiKey
            ? { organizationApiKey: shop.apiKey.value }
            : { serviceKey: shop.agent.serviceKey },
        )
      }
      engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
      await engine.flush()
      clock.ms += 1_000 / PER_SECOND
    }
    // Past the overlap, with the new key.
    clock.ms += OVERLAP_MS
    engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
    await engine.flush()

    const reports = PER_SECOND * SECONDS + 1
    expect(engine.status()).toMatchObject({
      given: reports,
      accepted: reports,
      refused: 0,
      dropped: 0,
      waiting: 0,
    })
    expect(statuses.filter((status) => status >= 400)).toEqual([])
    expect(statuses.length).toBeGreaterThanOrEqual(reports)
    expect(await shop.reports()).toHaveLength(reports)
  },
)

test.each(['service key', 'organization API key'])(
  'D-201, D-202: the %s is rotated and written into the YAML file: back at once, nothing lost, nothing told',
  async (which) => {
    await using place = await temporaryFolder({})
    await using teamServer = createTeamServer()
    const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
    const write = () =>
      writeFile(
        join(place.folder, 'contrast_security.yaml'),
        `api:\n  url: ${shop.engineOptions().url}\n  user_name: "${shop.agent.userName}"\n` +
          `  service_key: "${shop.agent.serviceKey}"\n  api_key: "${shop.apiKey.value}"\n`,
        { mode: 0o600 },
      )
    await write()
    const log = createWaitingLog()
    const configuration = { ...BARE, cwd: place.folder }
    const { fetch } = teamServer
    const options = { fetch, logger: log.logger, flushIntervalMs: 50 }
    await using engine = startEngine(options, { configuration })
    engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
    await engine.flush()

    if (which === 'service key') await shop.rotateAgentKey('default')
    else await shop.apiKey.rotate()
    engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
    await engine.flush()
    expect(engine.status()).toMatchObject({ state: 'holding', accepted: 1, waiting: 1 })

    await write()
    await log.line('answers again: resumed')
    await engine.flush()
    expect(engine.status()).toMatchObject({ state: 'running', given: 2, accepted: 2 })
    expect(await shop.reports()).toHaveLength(2)
    const lines = log.lines.join('\n')
    for (const key of [shop.agent.serviceKey, shop.apiKey.value]) expect(lines).not.toContain(key)
  },
)

/** Keeps every line, and lets a test wait for one. */
function createWaitingLog() {
  const lines: string[] = []
  const waiters = new Set<() => void>()
  const keep = (line: string) => {
    lines.push(line)
    for (const look of waiters) look()
  }
  return {
    lines,
    logger: { error: keep, warn: keep, info: keep, debug: keep },
    line: (part: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          if (lines.some((line) => line.includes(part))) resolve()
        }
        waiters.add(look)
        look()
      }),
  }
}
