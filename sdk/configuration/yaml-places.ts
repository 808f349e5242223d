import { join, resolve } from 'node:path'
import type { Environment } from './environment.ts'

const FILE_NAME = 'contrast_security.yaml'

/** Names a file of the user's choice, for every agent. */
export const PATH_VARIABLE = 'CONTRAST_CONFIG_PATH'

export interface YamlPlace {
  readonly path: string
  /** Whether the user named it: then it has to be there. */
  readonly isNamed: boolean
}

/**
 * Where configuration files are looked for, the highest first.
 *
 * @param systemFolder Holds the files of the whole machine: `/etc/contrast`.
 * @see https://docs.contrastsecurity.com/en/order-of-precedence.html
 */
export function yamlPlaces(env: Environment, cwd: string, systemFolder: string): YamlPlace[] {
  const named = env[PATH_VARIABLE]
  const places = [
    ...(named ? [{ path: resolve(cwd, named), isNamed: true }] : []),
    ...[cwd, join(systemFolder, 'node'), systemFolder].map((folder) => ({
      path: join(folder, FILE_NAME),
      isNamed: false,
    })),
  ]
  // A file that is found twice is read once, at its higher place.
  return [...new Map(places.toReversed().map((place) => [place.path, place])).values()].toReversed()
}
