// Cold import and start: milliseconds from the start of the process until the reporter is ready, above
// those of a process that imports an empty module. Rounds take turns. Beside the medians stand the fastest
// rounds, which the work of others on the machine touched least: the goal is for these.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { median, shown } from '../../shared/statistics.mjs'
import { measureProgram } from '../children.mjs'
import { ENGINE, NOTHING, PEERS } from '../reporters.mjs'

/** @param {{ folder: string, sinkUrl: string, rounds: number }} given */
export async function measureStart({ folder, sinkUrl, rounds }) {
  const oneFile = { name: 'one-file download', file: await downloadOneFile(folder) }
  // A name, as in production: an address is looked at when the engine starts.
  const url = sinkUrl.replace('127.0.0.1', 'localhost')
  const entries = [NOTHING, ENGINE, oneFile, ...PEERS]
  /** @type {Map<string, { startedMs: number, processorMs: number }[]>} */
  const times = new Map(entries.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds * 4; round++) {
    for (const { name, file } of entries) {
      times.get(name)?.push(await measureProgram('start', { reporter: file, sinkUrl: url, folder }))
    }
  }
  const { loaded } = await measureProgram('loaded', { reporter: ENGINE.file, sinkUrl: url, folder })
  const isUndiciLoaded = loaded.some((/** @type {string} */ url) => /[/\\]undici[/\\]/.test(url))
  const of = (/** @type {string} */ name, /** @type {'startedMs' | 'processorMs'} */ what) =>
    (times.get(name) ?? []).map((one) => one[what])
  const above = (/** @type {string} */ name, /** @type {typeof median} */ pick) =>
    pick(of(name, 'startedMs')) - pick(of(NOTHING.name, 'startedMs'))
  const fastest = (/** @type {readonly number[]} */ values) => Math.min(...values)
  const floorMs = median(of(NOTHING.name, 'startedMs'))
  const rows = entries.slice(1).map(({ name }) => ({
    name,
    addedMs: above(name, median),
    fastestMs: above(name, fastest),
    processorMs: fastest(of(name, 'processorMs')) - fastest(of(NOTHING.name, 'processorMs')),
  }))
  const goalOf = (/** @type {string} */ name) =>
    name === ENGINE.name ? 10 : name === oneFile.name ? 25 : Number.POSITIVE_INFINITY
  return {
    title: 'Import and start, above bare Node',
    head: ['', 'median ms', 'fastest ms', 'processor ms', 'goal'],
    rows: rows.map(({ name, addedMs, fastestMs, processorMs }) => {
      const goal = goalOf(name)
      const figures = [addedMs, fastestMs, processorMs].map(shown)
      return [name, ...figures, Number.isFinite(goal) ? `≤ ${goal}` : '']
    }),
    notes: [
      `Bare Node needs ${shown(floorMs)} ms. The engine has ${isUndiciLoaded ? '' : 'not '}loaded undici by then (goal: not).`,
    ],
    values: { floorMs, rows, isUndiciLoaded },
    missed: [
      ...rows
        .filter(({ name, fastestMs }) => fastestMs > goalOf(name))
        .map(({ name }) => `start of ${name}`),
      ...(isUndiciLoaded ? ['undici is loaded at the start'] : []),
    ],
  }
}

/** The engine as an organization hands it out, in one file. @param {string} folder */
async function downloadOneFile(folder) {
  const teamServer = createTeamServer()
  const shop = await teamServer.createOrganization({ name: 'Shop' })
  const admin = await shop.addPerson({ role: 'admin' })
  const answer = await teamServer.fetch(
    `https://teamserver.test/Contrast/api/ng/${shop.id}/agents/default/NODE?format=mjs`,
    { headers: { authorization: admin.authorization, 'api-key': shop.apiKey.value } },
  )
  if (answer.status !== 200) throw new Error(`the download was refused: ${answer.status}`)
  writeFileSync(join(folder, 'one-file-engine.mjs'), Buffer.from(await answer.arrayBuffer()))
  await teamServer.close()
  const file = join(folder, 'one-file.mjs')
  const text = `import { createEngine } from './one-file-engine.mjs'\nexport const start = () => createEngine()\n`
  writeFileSync(file, text)
  return file
}
