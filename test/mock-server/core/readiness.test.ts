import { expect, onTestFinished, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'

async function open() {
  const teamServer = createTeamServer()
  onTestFinished(() => teamServer.close())
  let isReady = false
  const listener = await teamServer.listen({ isReady: () => isReady })
  const ask = async (path: string, method = 'GET') => {
    const answer = await fetch(new URL(path, listener.url), { method })
    return { status: answer.status, body: await answer.text(), headers: answer.headers }
  }
  const becomeReady = () => {
    isReady = true
  }
  return { ask, becomeReady, teamServer }
}

test('/ready answers 503, then 200, to anyone', async () => {
  const { ask, becomeReady } = await open()
  expect(await ask('/ready')).toMatchObject({ status: 503, body: '{"ready":false}' })
  becomeReady()
  expect(await ask('/ready')).toMatchObject({ status: 200, body: '{"ready":true}' })
})

test('until then nothing is looked at or written down', async () => {
  const { ask, becomeReady, teamServer } = await open()
  const early = await ask('/Contrast/api/ng/profile')
  expect(early.status).toBe(503)
  expect(early.headers.get('retry-after')).toBe('1')
  expect(await teamServer.refusals()).toEqual([])
  becomeReady()
  expect((await ask('/Contrast/api/ng/profile')).status).toBe(401)
})

test('/ready is read and nothing else, and what only looks like it is not there', async () => {
  const { ask, becomeReady } = await open()
  becomeReady()
  const posted = await ask('/ready', 'POST')
  expect(posted.status).toBe(405)
  expect(posted.headers.get('allow')).toBe('GET, HEAD')
  expect((await ask('/ready/more')).status).toBe(404)
  expect((await ask('/readymade')).status).toBe(404)
})
