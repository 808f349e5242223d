import { DEFAULT_KEY_POLICY } from '../keys/key-policy.ts'
import { DEFAULT_PASSWORD_POLICY } from '../passwords/password-policy.ts'
import type { SystemSettings } from './records.ts'

/** What holds until a system administrator sets something else: the values of the documented forms. */
export const DEFAULT_SYSTEM_SETTINGS: SystemSettings = {
  keyPolicy: {
    organizationApiKey: DEFAULT_KEY_POLICY,
    applicationKey: DEFAULT_KEY_POLICY,
    maskInvalidIpsOnLogin: true,
  },
  passwordPolicy: DEFAULT_PASSWORD_POLICY,
}
