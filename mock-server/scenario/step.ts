/** What a scenario can do. */
export type Act =
  | 'rotate api key'
  | 'close overlap'
  | 'enable api key'
  | 'disable api key'
  | 'rotate agent key'
  | 'delete agent key'
  | 'archive application'
  | 'restore application'
  | 'add fault'
  | 'remove faults'
  | 'advance clock'
  | 'restart'

/** One step of a scenario: what is to be done, and when. */
export interface ScenarioStep {
  /** Seconds after the start, by the TeamServer's clock. From 0. */
  readonly at: number
  readonly do: Act
  /** The id or the name of the organization it is about. @default the only one, or the first */
  readonly organization?: string
  /** How long a rotated key is accepted beside the new one. @default 0 */
  readonly overlapMs?: number
  /** The agent key. @default 'default' */
  readonly name?: string
  /** The application that is archived or restored. */
  readonly application?: string
  /** The rule to plant: for `organization` where it is given, else for all. */
  readonly fault?: unknown
  /** How far the clock is advanced. */
  readonly ms?: number
  /** How long nothing listens during a restart. 0 to 60 000. @default 0 */
  readonly downMs?: number
}

type Field = Exclude<keyof ScenarioStep, 'at' | 'do'>

/** What each act takes, and what of it is needed. */
export const ACTS: Readonly<Record<Act, readonly Field[]>> = {
  'rotate api key': ['organization', 'overlapMs'],
  'close overlap': ['organization'],
  'enable api key': ['organization'],
  'disable api key': ['organization'],
  'rotate agent key': ['organization', 'name', 'overlapMs'],
  'delete agent key': ['organization', 'name'],
  'archive application': ['organization', 'application'],
  'restore application': ['organization', 'application'],
  'add fault': ['organization', 'fault'],
  'remove faults': ['organization'],
  'advance clock': ['ms'],
  restart: ['downMs'],
}
export const NEEDED: Partial<Record<Act, Field>> = {
  'archive application': 'application',
  'restore application': 'application',
  'add fault': 'fault',
  'advance clock': 'ms',
}
