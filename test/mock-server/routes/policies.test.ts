import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { ask } from '../ask.ts'
import { createScene, DAY, NOW, type Scene, sentenceOf } from './vulnerabilities/scene.ts'

let scene: Scene
let web: string

beforeEach(async () => {
  scene = await createScene()
  web = await scene.appId('web')
})

async function check(more: object = {}) {
  const { status, body } = await scene.send('POST', '/securityChecks', {
    application_id: web,
    origin: 'JENKINS',
    ...more,
  })
  const { security_check } = body as { security_check?: { result: boolean | null } }
  return security_check?.result === undefined ? status : security_check.result
}

const add = (policy: object) =>
  scene.send('POST', '/jobOutcomePolicies', {
    name: 'gate',
    outcome: 'FAIL',
    app_criterion: 'ALL',
    ...policy,
  })

test('without a policy a build is told nothing, with one that holds it may go on', async () => {
  expect(await check()).toBeNull()
  await add({ severities: { CRITICAL: 1 } })
  expect(await check()).toBe(true)
})

test('a build that may not go on is told by which policy', async () => {
  await add({ name: 'no criticals', rule_severities: ['CRITICAL'], opt_into_query: true })
  const { body } = await scene.send('POST', '/securityChecks', {
    application_id: web,
    job_start_time: NOW,
    security_check_filter: { query_by: 'APP_VERSION_TAG', app_version_tags: ['1.2.0'] },
    origin: 'OTHER',
  })
  expect(body).toMatchObject({
    success: true,
    security_check: {
      id: expect.any(Number),
      application_id: web,
      application_name: 'web',
      job_start_time: NOW,
      result: false,
      job_outcome_policy: {
        name: 'no criticals',
        outcome: 'FAIL',
        opt_into_query: true,
        is_job_start_time: false,
      },
    },
  })
})

test.each([
  [{ all_rules: true, all_rules_threshold: 2 }, true],
  [{ all_rules: true, all_rules_threshold: 1 }, false],
  [{ severities: { MEDIUM: 0 } }, false],
  [{ severities: { LOW: 0 } }, true],
  [{ severities: { LOW: 0 }, status_filter: ['Fixed'] }, false],
  [{ rules: { csrf: 0 } }, false],
  [{ rules: { csrf: 1 } }, true],
  [{ app_criterion: 'APPLICATION', app_ids: ['{web}'], rules: { csrf: 0 } }, false],
  [{ app_criterion: 'APPLICATION', app_ids: ['other'], rules: { csrf: 0 } }, null],
  [{ app_criterion: 'TAG', application_tags: ['retail'], rules: { csrf: 0 } }, false],
  [{ app_criterion: 'IMPORTANCE', importances: ['CRITICAL'], rules: { csrf: 0 } }, false],
  [{ app_criterion: 'IMPORTANCE', importances: ['LOW'], rules: { csrf: 0 } }, null],
  [{ enabled: false, rules: { csrf: 0 } }, null],
])('the policy %j says %j', async (policy, result) => {
  expect((await add(JSON.parse(JSON.stringify(policy).replace('{web}', web)))).status).toBe(200)
  expect(await check()).toBe(result)
})

test('a policy since the job began counts what was seen since', async () => {
  await add({ all_rules: true, is_job_start_time: true })
  expect(await check({ job_start_time: NOW - 3 * DAY })).toBe(false)
  expect(await check({ job_start_time: NOW - DAY })).toBe(true)
})

test('versions that the build asks for narrow what counts, where the policy takes them', async () => {
  await add({ all_rules: true, opt_into_query: true })
  const asked = (version: string) => ({
    security_check_filter: { query_by: 'APP_VERSION_TAG', app_version_tags: [version] },
  })
  expect(await check(asked('1.2.0'))).toBe(false)
  expect(await check(asked('9.9.9'))).toBe(true)
})

test('an application that is not there cannot be checked, and one has to be named', async () => {
  expect(await check({ application_id: 'none' })).toBe(404)
  const reply = await scene.send('POST', '/securityChecks', { origin: 'OTHER' })
  expect([reply.status, sentenceOf(reply)]).toEqual([
    400,
    'The body is malformed: application_id is missing.',
  ])
})

test('policies are listed, replaced and deleted, and outlive a reset', async () => {
  await add({ name: 'one' })
  await add({ name: 'two' })
  await scene.shop.reset()
  const names = async () => {
    const { body } = await scene.get('/jobOutcomePolicies')
    return (body as { policies: { policy_id: number; name: string }[] }).policies.map(
      ({ policy_id, name }) => [policy_id, name],
    )
  }
  expect(await names()).toEqual([
    [1, 'one'],
    [2, 'two'],
  ])
  const third = { name: 'three', outcome: 'UNSTABLE', app_criterion: 'ALL' }
  expect((await scene.send('PUT', '/jobOutcomePolicies/1', third)).status).toBe(200)
  expect((await scene.send('DELETE', '/jobOutcomePolicies/2')).status).toBe(200)
  expect((await scene.send('DELETE', '/jobOutcomePolicies/2')).status).toBe(404)
  expect(await names()).toEqual([[1, 'three']])
})

test('a rule is switched in one environment or in all, and for one application alone', async () => {
  const rule = async (name: string) => {
    const { body } = await scene.get('/rules')
    return (body as { rules: { name: string }[] }).rules.find((each) => each.name === name)
  }
  expect(await rule('csrf')).toMatchObject({
    title: 'Cross-Site Request Forgery',
    severity: 'MEDIUM',
    enabled: true,
    enabled_dev: true,
    cwe: 'https://cwe.mitre.org/data/definitions/352.html',
  })
  await scene.send('POST', '/rules/csrf', { enabled: false, environment: 'QA' })
  expect(await rule('csrf')).toMatchObject({ enabled: true, enabled_qa: false, enabled_dev: true })
  await scene.send('POST', '/rules/csrf', { enabled: false })
  expect(await rule('csrf')).toMatchObject({ enabled: false, enabled_prod: false })
  const configs = `/assess/rules/configs/app/${web}`
  await scene.send('PUT', `${configs}/config`, {
    rule_name: 'csrf',
    enabled: true,
    environment: 'QA',
  })
  const { body } = await scene.get(`${configs}?filterText=forgery&sort=-title`)
  expect(body).toMatchObject({
    configs: [
      { rule_name: 'ssrf', qa_enabled: true },
      { rule_name: 'csrf', dev_enabled: false, qa_enabled: true, prod_enabled: false },
    ],
  })
  expect((await scene.send('POST', '/rules/none', { enabled: false })).status).toBe(404)
  const acts = (await scene.shop.auditLog()).map(({ detail }) => detail)
  expect(acts).toContain('switched the rules csrf')
})

test('policies and switched rules outlive a restart with a state file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'state-'))
  try {
    const stateFile = join(folder, 'state.json')
    const first = createTeamServer({ stateFile })
    const shop = await first.createOrganization({ name: 'Shop' })
    const { authorization } = await shop.addPerson({ role: 'admin' })
    const sent = async (method: string, path: string, json: object) =>
      (await ask(first, method, `/ng/${shop.id}${path}`, { authorization, json })).status
    const policy = { name: 'gate', outcome: 'FAIL', app_criterion: 'ALL', severities: { HIGH: 2 } }
    expect(await sent('POST', '/jobOutcomePolicies', policy)).toBe(200)
    expect(await sent('POST', '/rules/csrf', { enabled: false, environment: 'QA' })).toBe(200)
    const before = await first.store.organization(shop.id)
    await first.close()
    const second = createTeamServer({ stateFile })
    const after = await second.store.organization(shop.id)
    await second.close()
    expect(after).toEqual(before)
    expect(after).toMatchObject({
      jobOutcomePolicies: [{ id: 1, name: 'gate', allowedBySeverity: { high: 2 } }],
      ruleSettings: [{ rule: 'csrf', environment: 'QA', isEnabled: false }],
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
