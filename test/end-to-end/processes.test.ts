import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTeamServer, type Organization, type TeamServer } from '../../mock-server/index.ts'
import { createHost, idsOf } from './host.ts'

let teamServer: TeamServer
beforeAll(async () => {
  teamServer = createTeamServer()
  await teamServer.listen()
})
afterAll(() => teamServer.close())

const createShop = () => teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })

/** TeamServer does not answer until further notice. */
function takeAway(shop: Organization): () => void {
  shop.faults.add({ do: Array(10_000).fill('503') })
  return () => void shop.faults.clear()
}

async function storedIds(organization: Organization): Promise<string[]> {
  return (await organization.reports()).map(({ id }) => id).sort()
}

test('D-401: four workers of a cluster on one spool directory deliver 1 000 each, and nobody another one’s', async () => {
  const shop = await createShop()
  const bringBack = takeAway(shop)
  await using host = await createHost({ ...shop.engineOptions(), durability: 'always' })
  // Each worker has a name as an application: it shows who has sent a report.
  const started = await host.start(
    `import cluster from 'node:cluster'
    if (cluster.isPrimary) {
      await engine.close()
      for (let index = 0; index < 4; index++) cluster.fork({ NAME: 'worker' + index })
      let count = 0
      cluster.on('message', (worker, message) => {
        if (++count === 4) console.error('all on disk')
        process.on('SIGUSR2', () => worker.send('deliver'))
      })
    } else {
      const own = createEngine({ ...options, application: { name: process.env.NAME } })
      await engine.close()
      for (let index = 0; index < 1000; index++)
        own.report({ type: 'finding', rule: 'x', id: process.env.NAME + '-' + index })
      const timer = setInterval(() => {
        if (own.status().spooled < 1000) return
        clearInterval(timer)
        process.send('spooled')
      }, 10)
      process.on('message', async () => {
        while (own.status().waiting > 0) await own.flush()
        const { given, accepted } = own.status()
        console.log(given, accepted)
        await own.close()
        process.disconnect()
      })
    }`,
  )
  await started.untilStderr('all on disk')
  bringBack()
  started.child.kill('SIGUSR2')
  const ended = await started.ended
  expect(ended).toMatchObject({ code: 0, stderr: 'all on disk\n' })
  expect(ended.stdout.trim().split('\n')).toEqual(Array(4).fill('1000 1000'))
  const workers = ['worker0', 'worker1', 'worker2', 'worker3']
  expect(await storedIds(shop)).toEqual(workers.flatMap((name) => idsOf(name, 1_000)).sort())
  const receipts = await shop.reports({ withReceipt: true })
  const bySender = receipts.map(({ application, report }) => [application, report.id.split('-')[0]])
  expect(bySender.filter(([sender, owner]) => sender !== owner)).toEqual([])
}, 60_000)

test('D-402: what a killed worker left goes to exactly one of four that start together', async () => {
  const shop = await createShop()
  const bringBack = takeAway(shop)
  await using host = await createHost({ ...shop.engineOptions(), durability: 'always' })
  const killed = await host.start(
    `report('r', 100)
    const timer = setInterval(() => {
      if (engine.status().spooled === 100) console.error('spooled')
    }, 10)`,
  )
  await killed.untilStderr('spooled')
  killed.child.kill('SIGKILL')
  expect(await killed.ended).toMatchObject({ signal: 'SIGKILL' })
  bringBack()
  const statuses = await Promise.all([1, 2, 3, 4].map(() => host.nextStart()))
  expect(statuses.map(({ given }) => given).sort()).toEqual([0, 0, 0, 100])
  expect(statuses.map(({ accepted }) => accepted).sort()).toEqual([0, 0, 0, 100])
  expect(await storedIds(shop)).toEqual(idsOf('r', 100).sort())
})

test('D-403: a forked child and its parent, each with an engine, send only what is their own', async () => {
  const shop = await createShop()
  await using host = await createHost(shop.engineOptions())
  const ended = await host.run(
    `import { fork } from 'node:child_process'
    import { fileURLToPath } from 'node:url'
    const name = process.argv[2] ?? 'parent'
    if (name === 'parent') report('early', 10)
    if (name === 'parent') fork(fileURLToPath(import.meta.url), ['child'])
    report(name, 10)
    await engine.flush()
    console.log(engine.status().given, engine.status().accepted)`,
  )
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout.trim().split('\n').sort()).toEqual(['10 10', '20 20'])
  expect(await storedIds(shop)).toEqual(
    [...idsOf('early', 10), ...idsOf('parent', 10), ...idsOf('child', 10)].sort(),
  )
})

test('D-403: worker threads and their main thread spool each their own, which is delivered once', async () => {
  const shop = await createShop()
  await using host = await createHost(shop.engineOptions())
  const ended = await host.run(
    `import { Worker, isMainThread, workerData } from 'node:worker_threads'
    import { fileURLToPath } from 'node:url'
    report(isMainThread ? 'main' : workerData, 10)
    if (isMainThread) {
      for (const name of ['one', 'two'])
        new Worker(fileURLToPath(import.meta.url), { workerData: name })
    }
    else if (workerData === 'two') process.exit(0)`,
  )
  expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
  expect(await storedIds(shop)).toEqual([])
  expect(await host.nextStart()).toMatchObject({ given: 30, accepted: 30, waiting: 0 })
  expect(await storedIds(shop)).toEqual(
    ['main', 'one', 'two'].flatMap((name) => idsOf(name, 10)).sort(),
  )
})
