// Reports at a steady rate with durability `always`, and writes down, before anything else can happen to it,
// what it has given and what the engine told it was safe: `given N AT`, `safe N AT`. It is killed at will.
import { closeSync, openSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { createEngine } from 'teamserver-engine'

const { options, name, diary, perSecond } = JSON.parse(process.argv[2] ?? '')
const engine = createEngine({ ...options, durability: 'always', logger: false })
const file = openSync(diary, 'a')
let given = 0

/** @param {string} what @param {number} count */
function note(what, count) {
  writeSync(file, `${what} ${count} ${performance.now().toFixed(1)}\n`)
}

/** Of several requests under way the newer may be answered first: only when nothing is left is all safe. */
function noteSafe() {
  const { waiting, spooled, refused, dropped } = engine.status()
  if (waiting === spooled) note('safe', given)
  if (refused + dropped > 0) note('lost', refused + dropped)
}

async function flushNowAndThen() {
  for (;;) {
    await sleep(1_500)
    const before = given
    const { waiting, spooled } = await engine.flush({ timeoutMs: 1_000 })
    // What was given meanwhile may still be on its way to the disk; the disk works.
    if (waiting - spooled <= given - before) note('flushed', before)
  }
}

if (perSecond === 0) {
  // The last one: delivers what all the others have left.
  const untilMs = performance.now() + 60_000
  while (performance.now() < untilMs) {
    const { waiting } = await engine.flush({ timeoutMs: 5_000 })
    if (waiting === 0) break
  }
  await engine.close()
  noteSafe()
  process.stdout.write(JSON.stringify(engine.status()))
} else {
  void flushNowAndThen()
  const startedAt = performance.now()
  for (let turn = 0; ; turn++) {
    // Pauses in each second, in which what was given becomes safe.
    const seconds = (performance.now() - startedAt) / 1_000
    const due = Math.floor(perSecond * (Math.floor(seconds) + Math.min(1, (seconds % 1) * 2)))
    for (; given < due; ) {
      given += 1
      note('given', given)
      engine.report({
        type: 'finding',
        rule: 'cookie-flags-missing',
        severity: 'medium',
        title: 'session cookie without HttpOnly',
        hash: `${name}-${given}`,
      })
    }
    if (turn % 4 === 0) noteSafe()
    await sleep(5)
  }
}
closeSync(file)
