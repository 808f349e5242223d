import type { Configuration } from '../configuration/configuration.ts'
import { type DescribedSetting, describeConfiguration } from '../configuration/describe.ts'
import { type Resolution, resolveConfiguration } from '../configuration/resolve.ts'
import { type Check, checkTeamServer } from './checks.ts'

/** What the doctor found. */
interface Diagnosis {
  /** True if a report would be accepted. */
  readonly ok: boolean
  readonly settings: readonly DescribedSetting[]
  readonly checks: readonly Check[]
}

/**
 * Prints where each setting came from, then tries the address and both layers in turn.
 *
 * @returns True only if a report would be accepted.
 */
export async function doctor({ isJson }: { readonly isJson: boolean }): Promise<boolean> {
  const resolution = resolveConfiguration({})
  const diagnosis = await diagnose(resolution)
  console.log(isJson ? JSON.stringify(diagnosis) : describe(diagnosis))
  return diagnosis.ok
}

async function diagnose(resolution: Resolution): Promise<Diagnosis> {
  if (resolution.status !== 'ready') {
    const detail =
      resolution.status === 'disabled'
        ? `the engine is switched off: ${resolution.why}; make it true, or leave it out`
        : resolution.problem.message
    const configuration: Check = { name: 'configuration', outcome: 'fail', detail }
    return { ok: false, settings: [], checks: [configuration, ...skipped()] }
  }
  const { configuration } = resolution
  const checks: readonly Check[] = [
    { name: 'configuration', outcome: 'pass', detail: notices(configuration) },
    ...(await checkTeamServer(configuration)),
  ]
  return {
    ok: checks.every(({ outcome }) => outcome === 'pass'),
    settings: describeConfiguration(configuration),
    checks,
  }
}

function skipped(): readonly Check[] {
  return (['address', 'layer one', 'layer two'] as const).map((name) => ({
    name,
    outcome: 'skipped',
    detail: 'there is nothing to try without a configuration',
  }))
}

function notices(configuration: Configuration): string {
  return configuration.notices.map(({ text }) => text).join('; ') || 'complete'
}

function describe({ ok, settings, checks }: Diagnosis): string {
  const shown = settings.filter(({ value }) => value !== '')
  const wide = Math.max(0, ...shown.map(({ name }) => name.length))
  const widest = Math.max(0, ...shown.map(({ value }) => Math.min(value.length, 60)))
  return [
    ...shown.map(
      ({ name, value, origin }) =>
        `  ${name.padEnd(wide)}  ${value.padEnd(widest)}  ${origin.where}`,
    ),
    '',
    ...checks.map(
      ({ name, outcome, detail }) => `  ${outcome.padEnd(8)} ${name.padEnd(14)} ${detail}`,
    ),
    '',
    ok ? 'A report would be accepted.' : 'A report would not be accepted.',
  ].join('\n')
}
