/** What every call stands under: `<TeamServer>/Contrast/api`. */
export const API_BASE = '/Contrast/api'

/**
 * The calls of an engine, below `API_BASE`. The caller's organization is meant; each call also
 * answers with the organization named (`LONG_PATHS`).
 */
export const ENGINE_PATHS = {
  createApplication: '/ng/applications/create',
  createSession: '/ng/sessions',
  preflight: '/engine/v1/preflight',
  reports: '/engine/v1/reports',
  heartbeat: '/engine/v1/heartbeat',
} as const

/** A call of an engine. */
export type EngineCall = keyof typeof ENGINE_PATHS

/** The method of each call. */
export const ENGINE_METHODS = {
  createApplication: 'PUT',
  createSession: 'PUT',
  preflight: 'POST',
  reports: 'POST',
  heartbeat: 'POST',
} as const satisfies Record<EngineCall, 'PUT' | 'POST'>

/** The same calls with the organization named; `:org` stands for its id. */
export const LONG_PATHS = {
  createApplication: '/ng/:org/applications/create',
  createSession: '/ng/:org/sessions',
  preflight: '/engine/v1/organizations/:org/preflight',
  reports: '/engine/v1/organizations/:org/reports',
  heartbeat: '/engine/v1/organizations/:org/heartbeat',
} as const satisfies Record<EngineCall, string>
