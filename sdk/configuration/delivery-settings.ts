import { choice, flag, folder, integer, milliseconds } from './kinds.ts'
import type { Setting } from './setting.ts'

/** The settings of how reports wait, leave and survive. */
export interface DeliverySettingValues {
  readonly queueLimitReports: number
  readonly batchLimitReports: number
  readonly batchLimitBytes: number
  readonly flushIntervalMs: number
  readonly requestTimeoutMs: number
  readonly closeTimeoutMs: number
  readonly spoolDirectory: string | false
  readonly spoolLimitBytes: number
  readonly durability: Durability
  readonly signals: boolean
}

export type Durability = 'exit' | 'always'

export const DELIVERY_SETTINGS: {
  readonly [Name in keyof DeliverySettingValues]: Setting<DeliverySettingValues[Name]>
} = {
  queueLimitReports: {
    description: 'reports kept in memory; past it they go to the spool, or the oldest is dropped',
    kind: integer({ min: 1, max: 1_000_000, unit: 'reports' }),
    isOption: true,
    default: 1_000,
  },
  batchLimitReports: {
    description: 'reports in one request',
    kind: integer({ min: 1, max: 1_000, unit: 'reports' }),
    isOption: true,
    default: 100,
  },
  batchLimitBytes: {
    description: 'size of one request body',
    kind: integer({ min: 1, max: 16_777_216, unit: 'bytes' }),
    isOption: true,
    default: 1_048_576,
  },
  flushIntervalMs: {
    description: 'longest that a report waits for company',
    kind: milliseconds,
    isOption: true,
    default: 5_000,
  },
  requestTimeoutMs: {
    description: 'longest that one request takes',
    kind: milliseconds,
    isOption: true,
    yaml: 'api.timeout_ms',
    default: 10_000,
  },
  closeTimeoutMs: {
    description: 'longest that close() waits for delivery',
    kind: milliseconds,
    isOption: true,
    default: 5_000,
  },
  spoolDirectory: {
    description: 'where undelivered reports are kept on disk; false for nowhere',
    kind: folder,
    isOption: true,
  },
  spoolLimitBytes: {
    description: 'most that the spool takes on disk; past it the oldest is dropped',
    kind: integer({ min: 1_048_576, max: 1_073_741_824, unit: 'bytes' }),
    isOption: true,
    default: 67_108_864,
  },
  durability: {
    description: 'what is on disk: what waits when something is wrong or the process ends, or all',
    kind: choice<Durability>({ exit: 'exit', always: 'always' }),
    isOption: true,
    default: 'exit',
  },
  signals: {
    description: 'whether SIGTERM and SIGINT are listened to, to spool what waits',
    kind: flag,
    isOption: true,
    default: true,
  },
}
