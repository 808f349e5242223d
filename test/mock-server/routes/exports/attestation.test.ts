import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../../ask.ts'
import { textInPdf } from '../../documents/pdf-text.ts'
import { fetchFile } from '../bytes.ts'
import { createScene, sentenceOf } from '../vulnerabilities/scene.ts'

async function createReporting() {
  const scene = await createScene()
  onTestFinished(() => scene.teamServer.close())
  const app = await scene.appId('web')
  const { teamServer, shop, admin, send } = scene
  const start = async (json?: unknown) => {
    const reply = await send('POST', `/applications/${app}/attestation`, json)
    return (reply.body as { readonly uuid: string }).uuid
  }
  const status = (uuid: string, who = admin) =>
    ask(teamServer, 'GET', `/ng/organizations/${shop.id}/reports/${uuid}/status`, {
      authorization: who.authorization,
    })
  const download = (uuid: string, who = admin) =>
    fetchFile(teamServer, who, `/ng/${shop.id}/reports/${uuid}/download`)
  return {
    ...scene,
    app,
    start,
    status,
    download,
    /** The lines of the report that these settings make. */
    async lines(json?: unknown) {
      const { bytes } = await download(await start(json))
      return textInPdf(bytes).flat()
    },
  }
}

test('a report is started, asked about and downloaded, as public clients do', async () => {
  const { teamServer, shop, admin, app, send, status } = await createReporting()
  const started = await send('POST', `/applications/${app}/attestation`, {
    showVulnerabilitiesDetails: true,
    showRouteObservations: true,
  })
  const { uuid } = started.body as { readonly uuid: string }
  expect({ status: started.status, body: started.body }).toEqual({
    status: 200,
    body: { success: true, messages: [], uuid: expect.stringMatching(/^[\da-f-]{36}$/) },
  })
  const downloadUrl = `http://127.0.0.1/Contrast/api/ng/${shop.id}/reports/${uuid}/download`
  expect((await status(uuid)).body).toEqual({
    success: true,
    messages: [],
    reportType: 'ATTESTATION',
    // A client polls for as long as it is told CREATING.
    status: 'ACTIVE',
    downloadUrl,
  })
  const { bytes, ...rest } = await fetchFile(teamServer, admin, downloadUrl)
  expect(rest).toEqual({
    status: 200,
    contentType: 'application/pdf',
    disposition: 'attachment; filename="attestation-web.pdf"',
  })
  const lines = textInPdf(bytes).flat()
  expect(lines.slice(0, 8)).toEqual([
    'Attestation report: web',
    'Made by a mock TeamServer from what was reported to it. It attests nothing.',
    `Organization: Shop (${shop.id})`,
    `Application: web (${app}), Node`,
    'Importance: CRITICAL',
    'Archived: no',
    'Made at: 2026-03-01T12:00:00.000Z',
    'Settings',
  ])
  expect(lines).toContain('Vulnerabilities: 3')
  expect(lines).toContain('Open, Critical: 1')
  expect(lines.some((line) => /^[A-Z\d-]{19} Critical, Reported: Alpha$/.test(line))).toBe(true)
  expect(lines.some((line) => line.includes('Delta'))).toBe(false)
})

test('settings narrow the vulnerabilities, and stand in the report', async () => {
  const { lines } = await createReporting()
  const counted = async (json: unknown) =>
    (await lines(json)).find((line) => line.startsWith('Vulnerabilities: '))
  expect(await counted(undefined)).toBe('Vulnerabilities: 3')
  expect(await counted({ vulnerabilitySeverities: [], vulnerabilityTags: null })).toBe(
    'Vulnerabilities: 3',
  )
  expect(await counted({ vulnerabilitySeverities: ['Low', 'CRITICAL'] })).toBe('Vulnerabilities: 2')
  expect(await counted({ vulnerabilityStatuses: ['Confirmed'] })).toBe('Vulnerabilities: 1')
  expect(await counted({ vulnerabilityTypes: ['csrf'] })).toBe('Vulnerabilities: 1')
  expect(await counted({ vulnerabilityTags: ['urgent'] })).toBe('Vulnerabilities: 1')
  expect(await counted({ serverEnvironments: ['QA'], serverTags: ['eu'] })).toBe(
    'Vulnerabilities: 3',
  )
  expect(await counted({ serverEnvironments: ['PRODUCTION'] })).toBe('Vulnerabilities: 0')
  expect(await counted({ serverTags: ['us'] })).toBe('Vulnerabilities: 0')
  expect(await lines({ vulnerabilityTags: ['urgent', 'late'] })).toContain('Tags: urgent, late')
})

test('a report goes through a standard that is asked for', async () => {
  const { lines } = await createReporting()
  expect(await lines()).not.toContain('OWASP Top Ten 2021')
  const standard = await lines({ complianceReports: ['owasp-2021'] })
  const from = standard.indexOf('OWASP Top Ten 2021')
  expect(standard.slice(from + 1, -1)).toEqual(['A01:2021: 1 open', 'A03:2021: 1 open'])
})

test.each([
  [{ vulnerabilitySeverities: ['SEVERE'] }, /vulnerabilitySeverities must be of NOTE, LOW/],
  [{ vulnerabilityStatuses: ['Odd'] }, /vulnerabilityStatuses must be of Reported, /],
  [{ serverEnvironments: ['MOON'] }, /serverEnvironments must be of DEVELOPMENT, QA, PRODUCTION/],
  [{ complianceReports: ['pci'] }, /complianceReports must be of owasp-2021/],
  [{ showRouteObservations: 'yes' }, /showRouteObservations/],
])('%j is refused with what it may be', async (json, sentence) => {
  const { app, send } = await createReporting()
  const reply = await send('POST', `/applications/${app}/attestation`, json)
  expect(reply.status).toBe(400)
  expect(sentenceOf(reply)).toMatch(sentence)
})

test('an application without a license has no details in its report', async () => {
  const { app, send, lines } = await createReporting()
  await send('PUT', `/applications/${app}/license`, { level: 'Unlicensed' })
  const told = await lines({ showVulnerabilitiesDetails: true })
  expect(told).toContain('The application has no license: no details.')
  expect(told.some((line) => line.includes('Alpha'))).toBe(false)
})

test('of an archived application a report is made as well, and says so', async () => {
  const { app, send, lines } = await createReporting()
  await send('PUT', `/applications/${app}/archive`)
  expect(await lines()).toContain('Archived: yes')
})

test('what changes afterwards does not change a report', async () => {
  const { app, start, send, download } = await createReporting()
  const uuid = await start()
  const before = await download(uuid)
  await send('PUT', `/applications/${app}/reset`)
  expect(await download(uuid)).toEqual(before)
})

test('an id that is not there, an application that is not, another organization: nothing', async () => {
  const { teamServer, start, send, status, download } = await createReporting()
  const uuid = await start()
  const other = await teamServer.createOrganization({ name: 'Other' })
  const stranger = await other.addPerson({ role: 'admin' })
  const own = { authorization: stranger.authorization }
  const unknown = '00000000-0000-4000-8000-000000000000'
  expect(await status(unknown)).toMatchObject({
    status: 404,
    body: {
      success: false,
      messages: ['This is not available here: there is no report of this id.'],
    },
  })
  expect((await download(unknown)).status).toBe(404)
  expect((await send('POST', `/applications/${unknown}/attestation`)).status).toBe(404)
  // In their own organization the id of another's means nothing.
  const path = `/ng/organizations/${other.id}/reports/${uuid}/status`
  expect((await ask(teamServer, 'GET', path, own)).status).toBe(404)
  const file = await fetchFile(teamServer, stranger, `/ng/${other.id}/reports/${uuid}/download`)
  expect(file.status).toBe(404)
  expect([(await status(uuid, stranger)).status, (await download(uuid, stranger)).status]).toEqual([
    403, 403,
  ])
})

test('who may only view starts no report, and may fetch one', async () => {
  const { shop, app, start, send, status, download } = await createReporting()
  const viewer = await shop.addPerson({ role: 'view' })
  const refused = await send('POST', `/applications/${app}/attestation`, {}, viewer)
  expect(refused).toMatchObject({ status: 403, body: { reason: 'role-refused' } })
  const uuid = await start()
  expect([(await status(uuid, viewer)).status, (await download(uuid, viewer)).status]).toEqual([
    200, 200,
  ])
})
