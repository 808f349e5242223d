import { expect, onTestFinished, test } from 'vitest'
import { fileInZip } from '../../documents/zip-file.ts'
import { fetchFile } from '../bytes.ts'
import { createScene } from './scene.ts'

async function createExports() {
  const scene = await createScene()
  onTestFinished(() => scene.teamServer.close())
  const { teamServer, shop, admin } = scene
  const post = (path: string, who = admin) => fetchFile(teamServer, who, `/ng/${shop.id}/${path}`)
  return {
    ...scene,
    post,
    async file(path: string) {
      return fileInZip((await post(path)).bytes)
    },
    /** The first column of each line. */
    async names(path: string) {
      const { text } = fileInZip((await post(path)).bytes)
      return text
        .split('\r\n')
        .slice(1, -1)
        .map((line) => line.split(',', 1)[0])
    },
  }
}

test('vulnerabilities are exported as CSV in a ZIP archive', async () => {
  const { appId, post, uuid } = await createExports()
  const traces = `${await uuid('Alpha')},${await uuid('Delta')}`
  const { bytes, ...rest } = await post(`orgtraces/export/csv?traces=${traces}`)
  expect(rest).toEqual({
    status: 200,
    contentType: 'application/x-zip-compressed',
    disposition: 'attachment; filename="vulnerabilities-2026-03-01.zip"',
  })
  const [web, api] = [await appId('web'), await appId('api')]
  expect(fileInZip(bytes)).toEqual({
    name: 'vulnerabilities-2026-03-01.csv',
    text: [
      '"Vulnerability Name","Vulnerability ID","Category","Rule Name","Severity","Status",' +
        '"Number of Events","First Seen","Last Seen","Application Name","Application ID",' +
        '"Application Code","CWE ID","Request Method","Request Port","Request Protocol",' +
        '"Request Version","Request URI","Request Qs","Request Body"',
      `"Alpha","${await uuid('Alpha')}","Injection","SQL Injection","Critical","Reported",3,` +
        `"2026-02-19T12:00:00.000Z","2026-02-27T12:00:00.000Z","web","${web}","WEB",89,` +
        '"POST",8443,"http","1.1","/orders","id=1","item=7"',
      `"Delta","${await uuid('Delta')}","Injection","Reflected Cross-Site Scripting","High","Reported",1,` +
        `"2026-02-28T12:00:00.000Z","2026-02-28T12:00:00.000Z","api","${api}",,79,` +
        '"GET",80,"http","1.1","/search","",""',
      '',
    ].join('\r\n'),
  })
})

test('and as XML', async () => {
  const { file, uuid } = await createExports()
  const { name, text } = await file(`orgtraces/export/xml?traces=${await uuid('Charlie')}`)
  expect(name).toBe('vulnerabilities-2026-03-01.xml')
  expect(text).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<vulnerabilities>\n {2}<vulnerability>\n {4}<title>Charlie<\/title>\n/,
  )
  expect(text).toContain('    <status>Fixed</status>\n')
  expect(text).toMatch(/ {2}<\/vulnerability>\n<\/vulnerabilities>\n$/)
})

test('all that a filter finds is exported, in the order that is asked for', async () => {
  const { appId, names } = await createExports()
  expect(await names('orgtraces/export/csv/all')).toEqual([
    '"Alpha"',
    '"Bravo"',
    '"Charlie"',
    '"Delta"',
  ])
  expect(await names('orgtraces/export/csv/all?severities=LOW,HIGH&sort=-title')).toEqual([
    '"Delta"',
    '"Charlie"',
  ])
  expect(await names(`traces/${await appId('web')}/export/csv/all?quickFilter=OPEN`)).toEqual([
    '"Alpha"',
    '"Bravo"',
  ])
  expect(await names('servertraces/2/export/csv/all')).toEqual(['"Delta"'])
  expect(await names('orgtraces/export/csv/all?filterText=none')).toEqual([])
})

test('what was reported with a formula in it does nothing in a spreadsheet', async () => {
  const { shop, names } = await createExports()
  const title = '=HYPERLINK("http://evil.test","sale")'
  await shop.plant([{ name: 'web', vulnerabilities: [{ rule: 'csrf', title, url: '/=1' }] }])
  expect(await names('orgtraces/export/csv/all?filterText=hyperlink')).toEqual([
    `"'=HYPERLINK(""http://evil.test""`,
  ])
})

test('an application without a license keeps its requests to itself', async () => {
  const { appId, file, send, uuid } = await createExports()
  await send('PUT', `/applications/${await appId('web')}/license`, { level: 'Unlicensed' })
  const { text } = await file(`orgtraces/export/csv?traces=${await uuid('Alpha')}`)
  expect(text).toContain('"Alpha"')
  expect(text).not.toContain('item=7')
})

test.each(['csv', 'xml'])('what is not in the scope is not exported as %s', async (format) => {
  const { appId, post, uuid } = await createExports()
  const [alpha, delta] = [await uuid('Alpha'), await uuid('Delta')]
  const web = `traces/${await appId('web')}/export/${format}`
  const statuses = []
  for (const path of [
    `${web}?traces=${alpha}`,
    `${web}?traces=${alpha},${delta}`,
    `servertraces/2/export/${format}?traces=${alpha}`,
    `servertraces/99/export/${format}/all`,
    `traces/none/export/${format}/all`,
  ]) {
    statuses.push((await post(path)).status)
  }
  expect(statuses).toEqual([200, 404, 404, 404, 404])
})

test('an export of none, or by a filter that cannot be read, is refused', async () => {
  const { post } = await createExports()
  const sentence = async (path: string) => {
    const { status, bytes } = await post(path)
    return [status, (JSON.parse(bytes.toString()) as { messages: string[] }).messages.join()]
  }
  expect(await sentence('orgtraces/export/csv')).toEqual([
    400,
    'The request is malformed: send traces in the query, or ask for /all.',
  ])
  expect(await sentence('orgtraces/export/csv/all?sort=size')).toEqual([
    400,
    expect.stringContaining('sort must be one of lastTimeSeen'),
  ])
})
