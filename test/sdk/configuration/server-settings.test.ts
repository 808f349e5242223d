import { expect, test } from 'vitest'
import { withServerSettings } from '../../../sdk/configuration/server-settings.ts'
import { CREDENTIALS, ready } from './try-resolve.ts'

test('what TeamServer sets replaces defaults, again and again, and nothing else', () => {
  const configuration = ready({
    options: CREDENTIALS,
    env: { CONTRAST__AGENT__POLLING__APP_ACTIVITY_MS: '1500' },
  })
  const settings = { heartbeatPeriodMs: 60_000, activityPeriodMs: 2_000 }
  const first = withServerSettings(configuration, settings)
  expect(first.heartbeatPeriodMs).toBe(60_000)
  expect(first.origins.heartbeatPeriodMs).toEqual({ source: 'server', where: 'TeamServer' })
  expect(first.activityPeriodMs).toBe(1_500)
  expect(withServerSettings(first, { heartbeatPeriodMs: 90_000 }).heartbeatPeriodMs).toBe(90_000)
  expect(configuration.heartbeatPeriodMs).toBe(300_000)
})

test.each([999, 86_400_001, 1_000.5, Number.NaN, '60000', null])(
  'a period of %s that TeamServer sets is passed by',
  (value) => {
    const configuration = ready({ options: CREDENTIALS })
    const settings = { heartbeatPeriodMs: value as number, other: true }
    expect(withServerSettings(configuration, settings)).toBe(configuration)
  },
)
