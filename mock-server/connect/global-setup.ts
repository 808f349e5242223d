import type { OrganizationSeed } from '../administration/organizations.ts'
import { TeamServerError } from '../errors.ts'
import { engineEnvironment } from '../organization/engine-environment.ts'
import type { TeamServerListenOptions } from '../team-server/listeners.ts'
import type { TeamServerOptions } from '../team-server/options.ts'
import { createTeamServer } from '../team-server/team-server.ts'

export interface GlobalSetupOptions {
  /** The organization whose engines the tests start. @default { name: 'Tests' } */
  readonly organization?: OrganizationSeed
  /** Of `createTeamServer()`. */
  readonly teamServer?: TeamServerOptions
  /** Of `listen()`; the control API is always open. @default a free port of 127.0.0.1 */
  readonly listen?: Omit<TeamServerListenOptions, 'control' | 'tls'>
}

/** What runners call before all tests, and what they call after. */
export interface GlobalSetup {
  /** @returns Ends it, as vitest wants it. */
  (): Promise<() => Promise<void>>
  /** Ends it, for runners that have a second function: jest, `node --test`. */
  readonly teardown: () => Promise<void>
}

const OPTION_NAMES = ['organization', 'teamServer', 'listen']

/**
 * Makes a global setup for applications that start their own engine: it opens a mock TeamServer with one
 * organization, and sets the variables of an engine and of `connectOrganization()` in `process.env`, from
 * where the workers of the runner have them.
 *
 * @throws `ERR_OPTION_INVALID`
 */
export function createGlobalSetup(options: GlobalSetupOptions = {}): GlobalSetup {
  const unknown = Object.keys(options).filter((name) => !OPTION_NAMES.includes(name))
  if (unknown.length > 0) {
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      `unknown option ${unknown.join(', ')}; createGlobalSetup takes ${OPTION_NAMES.join(', ')}`,
    )
  }
  if (options.listen !== undefined && 'tls' in options.listen) {
    throw new TeamServerError(
      'ERR_OPTION_INVALID',
      'listen.tls is not for createGlobalSetup: its control API is called over plain HTTP',
    )
  }
  let end: (() => Promise<void>) | undefined

  async function teardown(): Promise<void> {
    const ending = end
    end = undefined
    await ending?.()
  }

  async function setup(): Promise<() => Promise<void>> {
    await teardown()
    const teamServer = createTeamServer(options.teamServer)
    try {
      const organization = await teamServer.createOrganization(
        options.organization ?? { name: 'Tests' },
      )
      const listener = await teamServer.listen({ ...options.listen, control: true })
      const putBack = setVariables(engineEnvironment(organization, listener.url, listener.control))
      end = async () => {
        putBack()
        await teamServer.close()
      }
    } catch (error) {
      await teamServer.close()
      throw error
    }
    return teardown
  }

  return Object.assign(setup, { teardown })
}

/** @returns Puts back what was there. */
function setVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const names = Object.keys(variables)
  const before = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  const set = (values: Readonly<Record<string, string | undefined>>) => {
    for (const name of names) {
      const value = values[name]
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
  }
  set(variables)
  return () => set(before)
}
