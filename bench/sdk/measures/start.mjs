// Cold import and start: milliseconds from the start of the process until the reporter is ready, above
// those of a process that imports an empty module. Rounds take turns; the medians are compared.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTeamServer } from 'teamserver-engine/mock-server'
import { measureProgram } from '../children.mjs'
import { ENGINE, NOTHING, PEERS } from '../reporters.mjs'
import { median, shown } from '../statistics.mjs'

/** @param {{ folder: string, sinkUrl: string, rounds: number }} given */
export async function measureStart({ folder, sinkUrl, rounds }) {
  const oneFile = { name: 'one-file download', file: await downloadOneFile(folder) }
  const entries = [NOTHING, ENGINE, oneFile, ...PEERS]
  /** @type {Map<string, number[]>} */
  const times = new Map(entries.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds * 3; round++) {
    for (const { name, file } of entries) {
      const { startedMs } = await measureProgram('start', { reporter: file, sinkUrl, folder })
      times.get(name)?.push(startedMs)
    }
  }
  const { loaded } = await measureProgram('loaded', { reporter: ENGINE.file, sinkUrl, folder })
  const isUndiciLoaded = loaded.some((/** @type {string} */ url) => /[/\\]undici[/\\]/.test(url))
  const floorMs = median(times.get(NOTHING.name) ?? [])
  const rows = entries.slice(1).map(({ name }) => {
    const addedMs = median(times.get(name) ?? []) - floorMs
    return { name, addedMs }
  })
  const goalOf = (/** @type {string} */ name) =>
    name === ENGINE.name ? 10 : name === oneFile.name ? 25 : Number.POSITIVE_INFINITY
  return {
    title: 'Import and start, above bare Node',
    head: ['', 'added ms', 'goal'],
    rows: rows.map(({ name, addedMs }) => {
      const goal = goalOf(name)
      return [name, shown(addedMs), Number.isFinite(goal) ? `≤ ${goal}` : '']
    }),
    notes: [
      `Bare Node needs ${shown(floorMs)} ms. The engine has ${isUndiciLoaded ? '' : 'not '}loaded undici by then (goal: not).`,
    ],
    values: { floorMs, rows, isUndiciLoaded },
    missed: [
      ...rows
        .filter(({ name, addedMs }) => addedMs > goalOf(name))
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
