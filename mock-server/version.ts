declare const TEAMSERVER_ENGINE_VERSION: string | undefined

/** The version of the package; `0.0.0-source` when it runs unbuilt. */
export const MOCK_VERSION =
  typeof TEAMSERVER_ENGINE_VERSION === 'string' ? TEAMSERVER_ENGINE_VERSION : '0.0.0-source'
