// An application with whatever configuration it finds; says what starting the engine has cost.
import { createEngine } from 'teamserver-engine'
import { mainThreadMs } from './shared/main-thread.mjs'

const [cpuBefore, startedAt] = [mainThreadMs(), performance.now()]
const engine = createEngine({ logger: false })
const wallMs = performance.now() - startedAt
const cpuMs = mainThreadMs() - cpuBefore
console.log(JSON.stringify({ wallMs, cpuMs, state: engine.status().state }))
