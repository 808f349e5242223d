declare const TEAMSERVER_ENGINE_VERSION: string | undefined

/** The version of this package; a build puts it here, the sources alone do not know it. */
export const VERSION: string =
  typeof TEAMSERVER_ENGINE_VERSION === 'string' ? TEAMSERVER_ENGINE_VERSION : '0.0.0-source'
