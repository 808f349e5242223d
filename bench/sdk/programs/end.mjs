// Reports, says `done`, and ends in one way or another, without a line of code to shut anything down.
import { setTimeout as sleep } from 'node:timers/promises'
import { makeReport } from '../report.mjs'
import { loadReporter } from './load-reporter.mjs'

const { reporter, argv } = await loadReporter()
const [how, from = '', until = ''] = argv
// Whatever is slow at first is behind it.
await sleep(300)
for (let turn = Number(from); turn < Number(until); turn++) reporter.report(makeReport(turn))
// A request may be under way.
if (how === 'natural end, hanging') await sleep(200)
process.stdout.write('done\n')
if (how === 'process.exit()') process.exit(0)
if (how === 'uncaught error') throw new Error('as a slip of the application would')
if (how === 'SIGTERM') setTimeout(() => {}, 60_000)
if (how === 'next start') await reporter.close()
