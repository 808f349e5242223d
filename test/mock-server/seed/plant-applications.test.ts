import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { createTeamServer, type Organization } from '../../../mock-server/index.ts'
import { routeState } from '../../../mock-server/inventory/application-route.ts'
import { demoApplications } from '../../../mock-server/seed/demo/demo.ts'
import { explainSeed } from '../../../mock-server/seed/explain-seed.ts'
import { plant } from '../../../mock-server/seed/plant.ts'
import { readSeedFile } from '../../../mock-server/seed/seed-file.ts'
import { createShop } from '../shop.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const DAY = 86_400_000

const FILE = `
organizations:
  - name: Shop
    applications:
      - name: web
        language: Java
        code: WEB
        importance: 4
        tags: [retail]
        servers:
          - { name: web-1, environment: PRODUCTION }
        libraries:
          - name: log4j-core
            version: 2.14.1
            monthsOutdated: 50
            classesUsed: 3
            weaknesses:
              - { name: CVE-2021-44228, severity: critical, description: lookups }
        routes:
          - { method: GET, pattern: /orders, requests: 7 }
          - { pattern: /never }
        components:
          - { name: spring, kind: framework }
        vulnerabilities:
          - rule: sql-injection
            url: /orders
            count: 5
            firstSeenDaysAgo: 30
            lastSeenDaysAgo: 2
            status: confirmed
            tags: [urgent]
            notes: [seen it]
`

async function everythingOf(organization: Organization) {
  return {
    applications: await organization.applications(),
    servers: await organization.servers(),
    libraries: await organization.libraries(),
    routes: await organization.routes(),
    vulnerabilities: await organization.vulnerabilities(),
  }
}

test('a seed file puts applications in place with all that is theirs, and no report', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seed-'))
  try {
    const file = join(folder, 'seed.yaml')
    writeFileSync(file, FILE)
    const teamServer = createTeamServer({ clock: () => NOW })
    const { organizations } = await plant(teamServer, readSeedFile(file))
    const [shop] = organizations
    if (shop === undefined) throw new Error('there is no organization')
    expect(await shop.reports()).toEqual([])
    expect(await everythingOf(shop)).toMatchObject({
      applications: [
        {
          name: 'web',
          language: 'Java',
          code: 'WEB',
          importance: 4,
          tags: ['retail'],
          createdAt: new Date(NOW - 30 * DAY),
          lastSeenAt: new Date(NOW),
        },
      ],
      servers: [{ id: 1, name: 'web-1', environment: 'PRODUCTION' }],
      libraries: [
        {
          name: 'log4j-core',
          language: 'Java',
          monthsOutdated: 50,
          weaknesses: [{ name: 'CVE-2021-44228' }],
          uses: new Map([['web', expect.objectContaining({ classesUsed: 3 })]]),
        },
      ],
      routes: [{ pattern: '/never' }, { pattern: '/orders', requests: 7 }].reverse(),
      vulnerabilities: [
        {
          title: 'SQL Injection',
          severity: 'critical',
          count: 5,
          firstSeenAt: new Date(NOW - 30 * DAY),
          lastSeenAt: new Date(NOW - 2 * DAY),
          triage: {
            status: 'confirmed',
            tags: ['urgent'],
            notes: [{ statusChange: { to: 'confirmed' } }, { text: 'seen it', author: 'seed' }],
          },
        },
      ],
    })
    expect((await shop.routes('web')).map(routeState)).toEqual(['EXERCISED', 'DISCOVERED'])
    await teamServer.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.each([
  [{ colour: 'red' }, 'organizations[0].applications[0] knows no field colour'],
  [{ importance: 5 }, 'organizations[0].applications[0].importance must be at most 4'],
  [{ name: 7 }, 'organizations[0].applications[0].name must be text: put it in quotes'],
  [
    { vulnerabilities: [{ rule: 'csrf', status: 'done' }] },
    'organizations[0].applications[0].vulnerabilities[0].status must be one of reported',
  ],
  [
    { vulnerabilities: [{ rule: 'csrf', firstSeenDaysAgo: -1 }] },
    'organizations[0].applications[0].vulnerabilities[0].firstSeenDaysAgo must be at least 0',
  ],
  [
    { libraries: [{ name: 'x' }] },
    'organizations[0].applications[0].libraries[0] needs a field version',
  ],
])('the seed %j is explained', (application, sentence) => {
  const seed = {
    organizations: [{ name: 'Shop', applications: [{ name: 'web', ...application }] }],
  }
  expect(
    explainSeed(seed)
      .map(({ text }) => text)
      .join(),
  ).toContain(sentence)
})

test('with a state file, what engines reported is put in place at each start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'seed-'))
  try {
    const stateFile = join(folder, 'state.json')
    const seed = {
      organizations: [
        { name: 'Shop', applications: [{ name: 'web', vulnerabilities: [{ rule: 'csrf' }] }] },
      ],
    }
    const uuids = []
    for (let start = 0; start < 2; start++) {
      const teamServer = createTeamServer({ stateFile })
      const { organizations } = await plant(teamServer, seed)
      uuids.push((await organizations[0]?.vulnerabilities())?.map(({ uuid }) => uuid))
      await teamServer.close()
    }
    expect(uuids[0]).toHaveLength(1)
    expect(uuids[1]).toEqual(uuids[0])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the demonstration is believable', async () => {
  const { shop } = await createShop({ clock: () => NOW })
  await shop.plant(demoApplications(1))
  const { applications, libraries, routes, servers, vulnerabilities } = await everythingOf(shop)
  expect(applications).toHaveLength(10)
  expect(new Set(applications.map(({ language }) => language)).size).toBe(6)
  expect(servers).toHaveLength(30)
  expect(vulnerabilities.length).toBeGreaterThan(200)
  expect(vulnerabilities.length).toBeLessThan(500)
  const oldest = Math.min(...vulnerabilities.map(({ firstSeenAt }) => firstSeenAt.getTime()))
  expect(oldest).toBeGreaterThan(NOW - 366 * DAY)
  expect(oldest).toBeLessThan(NOW - 300 * DAY)
  for (const { firstSeenAt, lastSeenAt } of vulnerabilities) {
    expect(firstSeenAt <= lastSeenAt && lastSeenAt.getTime() <= NOW).toBe(true)
  }
  const statuses = new Set(vulnerabilities.map(({ triage }) => triage.status))
  expect(statuses.size).toBe(7)
  expect(new Set(vulnerabilities.map(({ severity }) => severity)).size).toBe(5)
  expect(libraries.filter(({ weaknesses }) => weaknesses.length > 0).length).toBeGreaterThan(8)
  expect(new Set(routes.map(routeState))).toEqual(new Set(['EXERCISED', 'DISCOVERED']))
})

test('the demonstration is the same for the same number, and another for another', () => {
  expect(demoApplications(7)).toEqual(demoApplications(7))
  expect(demoApplications(8)).not.toEqual(demoApplications(7))
})

test('--seed demo puts it in place, and a wrong word is refused', async () => {
  const run = promisify(execFile)
  const command = join(import.meta.dirname, '../../../dist/mock-server/mock-teamserver.js')
  const shown = [
    'const { body } = await fetch(process.env.CONTRAST__API__URL + "/api/ng/x").then(async (r) => ({ body: r.status }))',
    'console.log(body)',
  ].join(';')
  const seeded = await run('node', [
    command,
    'run',
    '--seed',
    'demo:3',
    '--',
    'node',
    '--input-type=module',
    '-e',
    shown,
  ])
  expect(seeded.stdout.trim()).toBe('404')
  for (const word of ['demo:x', 'other', 'demo:99999999999']) {
    await expect(run('node', [command, '--seed', word])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('It is demo, or demo: and a number from 0 to 4294967295.'),
    })
  }
}, 30_000)
