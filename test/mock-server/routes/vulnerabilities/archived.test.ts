import { expect, onTestFinished, test } from 'vitest'
import { fileInZip } from '../../documents/zip-file.ts'
import { fetchFile } from '../bytes.ts'
import { createScene, titlesIn } from './scene.ts'

async function createArchived() {
  const scene = await createScene()
  onTestFinished(() => scene.teamServer.close())
  const web = await scene.appId('web')
  const archive = (word: string) => scene.send('PUT', `/applications/${web}/${word}`)
  await archive('archive')
  return { ...scene, web, archive }
}

const DELTA = [['Delta'], 1]

test('what is about several applications leaves out the archived ones, until they are restored', async () => {
  const { archive, get, send } = await createArchived()
  expect(titlesIn(await get('/orgtraces/filter'))).toEqual(DELTA)
  expect(titlesIn(await send('POST', '/orgtraces/filter', {}))).toEqual(DELTA)
  expect(titlesIn(await get('/servertraces/1/filter'))).toEqual([[], 0])
  expect((await get('/orgtraces/ids')).body).toMatchObject({ traces: [expect.any(String)] })
  expect((await get('/orgtraces/quick')).body).toMatchObject({
    filters: expect.arrayContaining([expect.objectContaining({ filterType: 'ALL', count: 1 })]),
  })
  expect((await get('/tags/traces')).body).toMatchObject({ tags: [] })
  expect((await get('/scores/breakdown/trace')).body).toMatchObject({
    trace_breakdown: { traces: 1 },
  })
  await archive('restore')
  expect(titlesIn(await get('/orgtraces/filter'))).toEqual([
    ['Alpha', 'Bravo', 'Charlie', 'Delta'],
    4,
  ])
  expect((await get('/tags/traces')).body).toMatchObject({ tags: ['urgent'] })
})

test('an archived application and its vulnerabilities are told to whoever names them', async () => {
  const { get, uuid, web } = await createArchived()
  const all = [['Alpha', 'Bravo', 'Charlie'], 3]
  expect(titlesIn(await get(`/traces/${web}/filter`))).toEqual(all)
  expect(titlesIn(await get(`/orgtraces/filter?modules=${web}`))).toEqual(all)
  expect(titlesIn(await get(`/orgtraces/filter?applicationID=${web}`))).toEqual(all)
  expect((await get(`/orgtraces/filter/${await uuid('Alpha')}`)).status).toBe(200)
  expect((await get(`/tags/traces/application/${web}`)).body).toMatchObject({ tags: ['urgent'] })
})

test('an export of all leaves them out as the list does', async () => {
  const { admin, shop, teamServer } = await createArchived()
  const target = `/ng/${shop.id}/orgtraces/export/csv/all`
  const { text } = fileInZip((await fetchFile(teamServer, admin, target)).bytes)
  expect(text.split('\r\n').map((line) => line.split(',', 1)[0])).toEqual([
    '"Vulnerability Name"',
    '"Delta"',
    '',
  ])
})
