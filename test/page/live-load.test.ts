import type { CDPSession, Page } from 'playwright-core'
import { expect } from 'vitest'
import { useBrowser } from './browser.ts'
import { createStage, type Stage, signIn } from './people.ts'

const pageTest = useBrowser()

const ENTRIES = 10_000

/** Sends heartbeats without a socket, so that the load is the page's and not the network's. */
async function send(
  { teamServer, shop }: Stage,
  count: number,
  perTick: number,
  tickMs: number,
): Promise<void> {
  const authorization = btoa(`${shop.agent.userName}:${shop.agent.serviceKey}`)
  for (let sent = 0; sent < count; sent += perTick) {
    await Promise.all(
      Array.from({ length: perTick }, () =>
        teamServer.handle(
          new Request('http://127.0.0.1/Contrast/api/engine/v1/heartbeat', {
            method: 'POST',
            headers: { 'content-type': 'application/json', authorization },
            body: '{"counters":{}}',
          }),
        ),
      ),
    )
    await new Promise((resolve) => setTimeout(resolve, tickMs))
  }
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize
}

/** Which request stands at the top, counted from the first. */
const newestOf = async (page: Page) =>
  Number((await page.locator('.exchange').first().getAttribute('id'))?.replace(/\D/g, ''))

const countOf = (page: Page) => page.locator('.list .head').innerText()

/** Of the document, and what scripts still hold of it. */
async function nodesOf(session: CDPSession): Promise<number> {
  return (await session.send('Memory.getDOMCounters')).nodes
}

pageTest('10 000 entries are a window of rows, and no more of them are kept', async (open) => {
  const stage = await createStage({ requestLog: { requests: 1_000, bytes: 8_388_608 } })
  const page = await open()
  await signIn(page, stage.url, stage.admin, 'live')
  const session = await page.context().newCDPSession(page)
  await send(stage, ENTRIES, 250, 5)
  await expect.poll(() => countOf(page), { timeout: 20_000 }).toContain(`${ENTRIES}`)
  expect(await page.locator('.exchange').count()).toBeLessThan(60)
  const heapBefore = await heapBytes(session)
  const nodesBefore = await nodesOf(session)

  await send(stage, ENTRIES, 250, 5)
  const count = async () => Number((await countOf(page)).replace(/\D/g, ''))
  // Those of the person who looks are counted as well.
  await expect.poll(() => newestOf(page), { timeout: 20_000 }).toBeGreaterThanOrEqual(2 * ENTRIES)
  expect(await count()).toBeGreaterThanOrEqual(ENTRIES)
  expect(await count()).toBeLessThanOrEqual(ENTRIES + 1_000)
  expect(await page.locator('.exchange').count()).toBeLessThan(60)
  const grownBytes = (await heapBytes(session)) - heapBefore
  expect(grownBytes).toBeLessThan(4 * 1_048_576)
  expect(await nodesOf(session)).toBeLessThan(nodesBefore + 500)
})
