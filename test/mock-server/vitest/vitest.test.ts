import { onTestFinished } from 'vitest'
import type { Organization, TeamServer } from '../../../mock-server/index.ts'
import { expect, test } from '../../../mock-server/vitest/vitest.ts'
import { createEngine, type Engine } from '../../../sdk/index.ts'

function startEngine(teamServer: TeamServer, organization: Organization): Engine {
  const engine = createEngine({
    ...organization.engineOptions(),
    fetch: teamServer.fetch,
    flushIntervalMs: 1,
    spoolDirectory: false,
  })
  onTestFinished(() => engine.close())
  return engine
}

const seen: { teamServer?: TeamServer; organization?: Organization } = {}

test('an organization is there, named after the test', async ({ organization, teamServer }) => {
  expect(organization.name).toBe('an organization is there, named after the test')
  expect(await teamServer.organization(organization.id)).toBe(organization)
  Object.assign(seen, { organization, teamServer })
})

test('the next test has another organization in the same TeamServer', ({
  organization,
  teamServer,
}) => {
  expect(teamServer).toBe(seen.teamServer)
  expect(organization.id).not.toBe(seen.organization?.id)
})

test('toHaveStored waits for the report', async ({ organization, teamServer }) => {
  const engine = startEngine(teamServer, organization)
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
  await expect(organization).toHaveStored({ rule: 'cookie-flags-missing' })
  await expect(organization).toHaveStored({ rule: expect.stringMatching(/^cookie/) })
  await expect(organization).not.toHaveStored({ rule: 'sql-injection' })
})

test('toHaveStored fails with what came nearest', async ({ organization, teamServer }) => {
  const engine = startEngine(teamServer, organization)
  engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })
  await engine.flush()
  const wanted = { rule: 'cookie-flags-missing', severity: 'high' }
  const failed = expect(expect(organization).toHaveStored(wanted, { timeoutMs: 0 })).rejects
  await failed.toThrow('severity: wanted "high", got "medium"')
  const unwanted = expect(organization).not.toHaveStored({ severity: 'medium' })
  await expect(unwanted).rejects.toThrow('stored, though it should not be')
})

test('toHaveRefused waits for the refusal', async ({ organization, teamServer }) => {
  await expect(organization).not.toHaveRefused()
  const engine = startEngine(teamServer, organization)
  await organization.apiKey.enable()
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await expect(organization).toHaveRefused({ reason: 'api-key-wrong' })
  const unwanted = expect(organization).not.toHaveRefused({ reason: 'api-key-wrong' })
  await expect(unwanted).rejects.toThrow('refused, though it should not be')
})

test('toAddUp compares the books', async ({ organization, teamServer }) => {
  const engine = startEngine(teamServer, organization)
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.flush()
  expect(organization).toAddUp(engine)
  const wrong = { status: () => ({ ...engine.status(), accepted: 5 }) }
  expect(() => expect(organization).toAddUp(wrong)).toThrow('counts 5 accepted')
  expect(() => expect(organization).not.toAddUp(engine)).toThrow('add up')
})

test('what is no organization is named', async () => {
  await expect(() => expect({}).toHaveStored()).rejects.toThrow('expect() needs an organization')
})
