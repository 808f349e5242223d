import type { Configuration } from '../configuration/configuration.ts'
import { describeConfiguration } from '../configuration/describe.ts'
import { type Resolution, resolveConfiguration } from '../configuration/resolve.ts'
import { type Check, completed, fail, pass } from './check.ts'
import { checkLayers } from './check-layers.ts'
import { checkNetwork } from './check-network.ts'
import { type Diagnosis, diagnosisInWords } from './diagnosis-words.ts'

/**
 * Prints where each setting came from, then goes the way of a report step by step.
 *
 * @returns True only if a report would be accepted.
 */
export async function doctor({ isJson }: { readonly isJson: boolean }): Promise<boolean> {
  // The engine's sockets do not keep a process alive, and here the answer is all there is to wait for.
  const wait = setInterval(() => {}, 1_000)
  const diagnosis = await diagnose(resolveConfiguration({}))
  clearInterval(wait)
  const { stdout } = process
  const isColoured = stdout.isTTY === true && stdout.hasColors()
  console.log(isJson ? JSON.stringify(diagnosis) : diagnosisInWords(diagnosis, isColoured))
  return diagnosis.ok
}

async function diagnose(resolution: Resolution): Promise<Diagnosis> {
  if (resolution.status !== 'ready') {
    const detail =
      resolution.status === 'disabled'
        ? `the engine is switched off: ${resolution.why}; make it true, or leave it out`
        : resolution.problem.message
    return { ok: false, settings: [], checks: completed([fail('configuration', detail)]) }
  }
  const { configuration } = resolution
  const network = await checkNetwork(configuration)
  const isReached = network.every(({ outcome }) => outcome !== 'fail')
  const checks: readonly Check[] = [
    pass('configuration', notices(configuration)),
    pass('url', `${configuration.url} (${configuration.origins.url.where})`),
    ...network,
    ...(isReached ? await checkLayers(configuration) : []),
  ]
  return {
    // Only a heartbeat that was accepted passes both layers.
    ok: checks.some(({ name, outcome }) => name === 'layer two' && outcome === 'pass'),
    settings: describeConfiguration(configuration),
    checks: completed(checks),
  }
}

function notices(configuration: Configuration): string {
  return configuration.notices.map(({ text }) => text).join('; ') || 'complete'
}
