// What size costs: agent keys, reports and organizations by the number, each in a process of its own.
// `node bench/scale.mjs [--keys 1000000] [--reports 1000000] [--organizations 200] [--only keys,reports,organizations] [--json]`;
// ends with 1 when a goal is missed.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    keys: { type: 'string', default: '1000000' },
    reports: { type: 'string', default: '1000000' },
    organizations: { type: 'string', default: '200' },
    only: { type: 'string', default: 'keys,reports,organizations' },
    json: { type: 'boolean', default: false },
  },
})

/** @typedef {{ what: string, value: number, unit: string, goal?: number }} Figure */

/** @type {Figure[]} */
const figures = []
for (const measure of values.only.split(',')) {
  const count = values[/** @type {'keys' | 'reports' | 'organizations'} */ (measure)]
  if (count === undefined) throw new Error(`no measure is called ${measure}`)
  const child = fork(fileURLToPath(new URL(`scale/${measure}.mjs`, import.meta.url)), [count], {
    execArgv: ['--expose-gc'],
  })
  const told = once(child, 'message')
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${measure} ended with ${code} and no figures`)
  })
  figures.push(...(await Promise.race([told, ended]))[0])
  child.disconnect()
  ended.catch(() => {})
}

const isMissed = (/** @type {Figure} */ { value, goal }) => goal !== undefined && value > goal
if (values.json) {
  const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length }
  console.log(JSON.stringify({ ...machine, load: loadavg()[0], figures }, undefined, 2))
} else {
  console.log(
    `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${loadavg()[0]}`,
  )
  for (const figure of figures) {
    const { what, value, unit, goal } = figure
    const against = goal === undefined ? '' : `at most ${goal} ${unit}`
    console.log(
      `  ${what.padEnd(64)} ${value.toFixed(2).padStart(10)} ${unit.padEnd(6)} ${against}${isMissed(figure) ? '  MISSED' : ''}`,
    )
  }
}
if (figures.some(isMissed)) process.exitCode = 1
