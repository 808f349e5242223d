import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { bytesIn, freshDirectory, quarantinedIn, tree } from './test-spool.ts'

let folder = ''
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spool-processes-'))
  await build({
    entryPoints: [fileURLToPath(new URL('../../../sdk/spool/create-spool.ts', import.meta.url))],
    outfile: join(folder, 'spool.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  await build({
    entryPoints: [fileURLToPath(new URL('../../../sdk/clock.ts', import.meta.url))],
    outfile: join(folder, 'clock.mjs'),
    format: 'esm',
    logLevel: 'error',
  })
  writeFileSync(join(folder, 'program.mjs'), PROGRAM)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Does what it is told, a line each, and answers each with a line. */
const PROGRAM = `
import { createInterface } from 'node:readline'
import { systemClock } from './clock.mjs'
import { createSpool } from './spool.mjs'

const spool = createSpool({
  directory: process.argv[2],
  destination: 'shop',
  limitBytes: 64 * 1048576,
  clock: systemClock,
  events: { onDropped() {}, onForgotten() {}, onState() {}, onQuarantined() {}, onWarning: (kind, line) => console.error(kind, line) },
})
const reports = (name, count) => Array.from({ length: count }, (_, index) => {
  const id = name + '-' + index
  const json = JSON.stringify({ id, type: 'finding' })
  return { id, type: 'finding', json, sizeBytes: json.length }
})
const deeds = {
  async write(name, count) {
    const places = await spool.write(reports(name, Number(count)))
    return places?.length
  },
  async stream(name) {
    for (let round = 0; ; round++) {
      const batch = reports(name + '-' + round, 5)
      if (await spool.write(batch)) console.log(JSON.stringify(batch.map(({ id }) => id)))
    }
  },
  async adopt() {
    await spool.adopt()
    const ids = []
    for (;;) {
      const some = await spool.take({ reports: 100, bytes: 1048576 })
      if (some.length === 0) return ids
      ids.push(...some.map(({ id }) => id))
    }
  },
  close: () => spool.close(),
}
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [deed, ...given] = line.split(' ')
  console.log(JSON.stringify((await deeds[deed](...given)) ?? null))
}
`

interface Program {
  readonly child: ChildProcess
  tell(line: string): Promise<unknown>
  nextLine(): Promise<string | undefined>
}

const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
})

async function start(directory: string): Promise<Program> {
  const child = spawn(process.execPath, [join(folder, 'program.mjs'), directory], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[
    Symbol.asyncIterator
  ]()
  const nextLine = async () => (await lines.next()).value as string | undefined
  await nextLine()
  return {
    child,
    nextLine,
    async tell(line) {
      child.stdin?.write(`${line}\n`)
      return JSON.parse((await nextLine()) ?? 'null')
    },
  }
}

async function kill(program: Program): Promise<void> {
  const ended = once(program.child, 'exit')
  program.child.kill('SIGKILL')
  await ended
}

test('D-402: of eight processes, exactly one inherits what a killed one has left, and all of it', async () => {
  const directory = freshDirectory()
  const [victim, ...heirs] = (await Promise.all(
    Array.from({ length: 9 }, () => start(directory)),
  )) as [Program, ...Program[]]
  expect(await victim.tell('write left 1000')).toBe(1_000)
  // As long as it lives, nobody takes anything.
  expect(await Promise.all(heirs.map((heir) => heir.tell('adopt')))).toEqual(Array(8).fill([]))
  await kill(victim)
  const inherited = (await Promise.all(heirs.map((heir) => heir.tell('adopt')))) as string[][]
  const winners = inherited.filter((ids) => ids.length > 0)
  expect(winners).toHaveLength(1)
  expect(winners[0]).toEqual(Array.from({ length: 1_000 }, (_, index) => `left-${index}`))
})

test('D-401: four processes of one directory have only their own reports', async () => {
  const directory = freshDirectory()
  const workers = await Promise.all(Array.from({ length: 4 }, () => start(directory)))
  await Promise.all(workers.map((worker, index) => worker.tell(`write worker${index} 1000`)))
  expect(await Promise.all(workers.map((worker) => worker.tell('adopt')))).toEqual(
    Array(4).fill([]),
  )
  await Promise.all(workers.map((worker) => worker.tell('close')))
  const next = await start(directory)
  expect(new Set((await next.tell('adopt')) as string[]).size).toBe(4_000)
})

test('D-303: what was confirmed before kill -9 is there afterwards, with one file in quarantine at most', async () => {
  const directory = freshDirectory()
  const confirmed = new Set<string>()
  for (let life = 0; life < 5; life++) {
    const victim = await start(directory)
    victim.child.stdin?.write(`stream life${life}\n`)
    for (let line = 0; line < 20; line++) {
      for (const id of JSON.parse((await victim.nextLine()) ?? '[]')) confirmed.add(id)
    }
    await kill(victim)
    expect(quarantinedIn(directory).length).toBeLessThanOrEqual(life + 1)
  }
  const heir = await start(directory)
  const found = new Set((await heir.tell('adopt')) as string[])
  expect([...confirmed].filter((id) => !found.has(id))).toEqual([])
  expect(bytesIn(directory)).toBeGreaterThan(0)
})

test('an idle spool lets its process end by itself', async () => {
  const directory = freshDirectory()
  const program = await start(directory)
  await program.tell('write last 10')
  const ended = once(program.child, 'exit')
  program.child.stdin?.end()
  expect(await ended).toEqual([0, null])
  expect(tree(directory).filter((path) => path.endsWith('.spool'))).toHaveLength(1)
})
