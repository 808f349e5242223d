import type { TeamServerClock } from '../clock.ts'
import { TeamServerError } from '../errors.ts'
import type { FaultRule } from '../faults/fault-rule.ts'
import type { Faults } from '../faults/faults.ts'
import type { Organization } from '../organization/organization.ts'
import type { ScenarioStep } from './step.ts'

/** What steps work on. */
export interface Stage {
  readonly clock: TeamServerClock
  readonly faults: Faults
  organizations(): Promise<readonly Organization[]>
  /** Closes every port and opens it again. */
  restart(downMs: number): Promise<void>
}

/** Does what a step says. Rejects with what stood in the way. */
export async function perform(step: ScenarioStep, stage: Stage): Promise<void> {
  const { overlapMs = 0, name = 'default', application = '', downMs = 0, ms = 0 } = step
  const inside = () => organizationOf(step, stage)
  /** Of one organization where it is named, else of all. */
  const faults = async () =>
    step.organization === undefined ? stage.faults : (await inside()).faults
  switch (step.do) {
    case 'rotate api key':
      return void (await (await inside()).apiKey.rotate({ overlapMs }))
    case 'close overlap':
      return void (await (await inside()).apiKey.closeOverlap())
    case 'enable api key':
      return void (await (await inside()).apiKey.enable())
    case 'disable api key':
      return void (await (await inside()).apiKey.disable())
    case 'rotate agent key':
      return void (await (await inside()).rotateAgentKey(name, { overlapMs }))
    case 'delete agent key':
      return (await inside()).deleteAgentKey(name)
    case 'archive application':
      return (await inside()).archiveApplication(application)
    case 'restore application':
      return (await inside()).restoreApplication(application)
    case 'add fault':
      return void (await faults()).add(step.fault as FaultRule)
    case 'remove faults':
      return (await faults()).clear()
    case 'advance clock':
      return void stage.clock.advance(ms)
    case 'restart':
      return stage.restart(downMs)
  }
}

/** The one that is named, else the first. @throws `ERR_NOT_FOUND` */
export async function organizationOf(
  { organization: wanted }: Pick<ScenarioStep, 'organization'>,
  { organizations }: Pick<Stage, 'organizations'>,
): Promise<Organization> {
  const all = await organizations()
  const found =
    wanted === undefined
      ? all[0]
      : all.find(({ id, name }) => id === wanted.toLowerCase() || name === wanted)
  if (found !== undefined) return found
  const which = wanted === undefined ? 'there is no organization' : `no organization is ${wanted}`
  throw new TeamServerError('ERR_NOT_FOUND', which)
}
