import { gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../mock-server/index.ts'

async function serve() {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  const { url } = await teamServer.listen()
  const get = async (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET' as const,
  ) => {
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(`${new URL(url).origin}${path}`, {
      method,
      headers,
    })
    return { status: statusCode, headers: answered, body: Buffer.from(await body.arrayBuffer()) }
  }
  return { teamServer, get }
}

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'"

test('the page stands at the address of the TeamServer, and nothing of it is inline (S-501, S-503)', async () => {
  const { get } = await serve()
  const { status, headers, body } = await get('/Contrast/')
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': CSP,
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  const html = body.toString()
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|style=|javascript:|https?:/)
})

test('its files have hashes in their names and are kept for good', async () => {
  const { get } = await serve()
  const html = (await get('/Contrast/')).body.toString()
  const names = [...html.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, name]) => String(name))
  expect(names).toEqual([
    expect.stringMatching(/^page\/icon-[0-9a-f]{12}\.svg$/),
    expect.stringMatching(/^page\/app-[0-9a-f]{12}\.css$/),
    expect.stringMatching(/^page\/app-[0-9a-f]{12}\.js$/),
  ])
  for (const name of names) {
    const { status, headers } = await get(`/Contrast/${name}`)
    expect({ name, status }).toEqual({ name, status: 200 })
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(headers['content-security-policy']).toBe(CSP)
  }
})

test('the first view is less than 100 KiB in gzip, and the same without gzip', async () => {
  const { get } = await serve()
  const html = await get('/Contrast/', { 'accept-encoding': 'gzip' })
  const names = [
    ...gunzipSync(html.body)
      .toString()
      .matchAll(/"(page\/[^"]+)"/g),
  ]
  let sizeBytes = html.body.length
  for (const [, name] of names) {
    const zipped = await get(`/Contrast/${name}`, { 'accept-encoding': 'br, gzip' })
    expect(zipped.headers['content-encoding']).toBe('gzip')
    expect(gunzipSync(zipped.body)).toEqual((await get(`/Contrast/${name}`)).body)
    sizeBytes += zipped.body.length
  }
  expect(names).toHaveLength(3)
  expect(sizeBytes).toBeLessThan(100 * 1_024)
})

test.each(['/', '/Contrast', '/Contrast?next=//evil.example'])(
  '%s leads to the page and nowhere else (S-504)',
  async (path) => {
    const { get } = await serve()
    const { status, headers } = await get(path)
    expect({ status, location: headers.location }).toEqual({ status: 302, location: '/Contrast/' })
  },
)

test.each([
  '/Contrast/page/',
  '/Contrast/page/index.html.gz',
  '/Contrast/page/app.js',
  '/Contrast/page/../package.json',
  '/Contrast/page/%2e%2e/%2e%2e/package.json',
  '/Contrast/page/..%2f..%2fpackage.json',
  '/Contrast/page/__proto__',
  '/Contrast/index.html',
  '/Contrast/other',
])('%s is nothing of the page (S-401)', async (path) => {
  const { get } = await serve()
  const { status, body } = await get(path)
  expect({ status, reason: JSON.parse(body.toString()).reason }).toEqual({
    status: 404,
    reason: 'route-unknown',
  })
})

test('a request for the page is no request of any engine: it stands in no log', async () => {
  const { teamServer, get } = await serve()
  await get('/Contrast/')
  expect(teamServer.requests()).toEqual([])
  expect(await teamServer.refusals()).toEqual([])
})
