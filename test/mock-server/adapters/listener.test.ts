import { once } from 'node:events'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, expect, test } from 'vitest'
import { createTeamServer, type TeamServer } from '../../../mock-server/index.ts'
import { authorizationOf, createShop, finding } from '../shop.ts'
import { openRaw, rawRequest } from './raw-connection.ts'

const open: TeamServer[] = []
afterEach(async () => {
  for (const teamServer of open.splice(0)) await teamServer.close()
})

function started(): TeamServer {
  const teamServer = createTeamServer()
  open.push(teamServer)
  return teamServer
}

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((each) => each?.address === '::1')

test('the address ends in /Contrast and is that of this machine alone', async () => {
  const { url } = await started().listen()
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/Contrast$/)
  expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200)
})

test.runIf(hasIpv6)('an IPv6 address stands in brackets', async () => {
  const { url } = await started().listen({ host: '::1' })
  expect(url).toMatch(/^http:\/\/\[::1\]:\d+\/Contrast$/)
  expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200)
})

test('an open listener is called by an address that can be reached', async () => {
  const { url } = await started().listen({ host: '0.0.0.0' })
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/Contrast$/)
  expect((await fetch(`${url}/api/openapi.json`)).status).toBe(200)
})

test('one TeamServer listens on several ports, and engines are told of the last', async () => {
  const { teamServer, shop } = await createShop()
  open.push(teamServer)
  expect(shop.engineOptions().url).toBe('http://127.0.0.1/Contrast')
  const first = await teamServer.listen()
  const second = await teamServer.listen()
  for (const [at, { url }] of [first, second].entries()) {
    const response = await fetch(`${url}/api/engine/v1/reports`, {
      method: 'POST',
      headers: {
        authorization: authorizationOf(shop.agent),
        'content-type': 'application/json',
      },
      body: JSON.stringify({ reports: [finding(`r${at}`)] }),
    })
    expect(response.status).toBe(202)
  }
  expect(await shop.reports()).toHaveLength(2)
  expect(shop.engineOptions().url).toBe(second.url)
})

test('a port in use is said with the address, the cause and the way out', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  await expect(started().listen({ port })).rejects.toMatchObject({
    name: 'TeamServerError',
    code: 'ERR_LISTEN',
    message: `cannot listen on 127.0.0.1:${port}: the port is in use (EADDRINUSE); choose another, or 0`,
  })
  taken.close()
})

test('an address that is not of this machine is said so', async () => {
  await expect(started().listen({ host: '203.0.113.7' })).rejects.toMatchObject({
    code: 'ERR_LISTEN',
    message: 'cannot listen on 203.0.113.7:0: this machine has no such address (EADDRNOTAVAIL)',
  })
})

test.each([65_536, -1, 1.5, Number.NaN])('%d is no port', async (port) => {
  await expect(started().listen({ port })).rejects.toMatchObject({ code: 'ERR_LISTEN' })
})

test('close ends what is open, in the middle of a request too, and frees the port', async () => {
  const teamServer = started()
  const { url, close } = await teamServer.listen()
  const idle = await openRaw(url)
  const busy = await openRaw(url)
  busy.write(rawRequest('POST /Contrast/api/engine/v1/reports', ['Host: a', 'Content-Length: 9']))
  await busy.answers(1)
  await close()
  await Promise.all([idle.untilClosed(), busy.untilClosed()])
  const { port } = new URL(url)
  const again = await started().listen({ port: Number(port) })
  expect(new URL(again.url).port).toBe(port)
})

test('close may be called twice, and await using calls it', async () => {
  const teamServer = createTeamServer()
  const listener = await teamServer.listen()
  await listener.close()
  await listener.close()
  await teamServer.close()
  await teamServer[Symbol.asyncDispose]()
  await expect(fetch(listener.url)).rejects.toThrow()
})
