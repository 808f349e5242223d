/** How much one organization may fill. */
export interface Retention {
  /** Reports kept. @default 100_000 */
  readonly reports: number
  /** Characters that the kept reports may take as JSON, and those of vulnerabilities. @default 67_108_864 (64 Mi) */
  readonly reportCharacters: number
  /** Sessions kept. @default 10_000 */
  readonly sessions: number
  /** Applications, servers, attacks, periods of activity and components kept, each; past it the one seen longest ago goes. @default 10_000 */
  readonly applications: number
  /** Vulnerabilities kept; past it the one seen longest ago goes. @default 100_000 */
  readonly vulnerabilities: number
  /** Versions of libraries kept. @default 20_000 */
  readonly libraries: number
  /** Routes of applications kept. @default 20_000 */
  readonly routes: number
  /** Audit entries kept, refusals and administration each. @default 10_000 */
  readonly auditEntries: number
}

export const DEFAULT_RETENTION: Retention = {
  reports: 100_000,
  reportCharacters: 67_108_864,
  sessions: 10_000,
  applications: 10_000,
  vulnerabilities: 100_000,
  libraries: 20_000,
  routes: 20_000,
  auditEntries: 10_000,
}
