import { key, opaque, userName } from './kinds.ts'
import type { Setting } from './setting.ts'
import { teamServerUrl } from './url.ts'

/** The settings of where reports go, and of the keys of both layers. */
export interface CredentialSettingValues {
  readonly url: string
  readonly agentUserName: string
  readonly serviceKey: string
  readonly organizationApiKey: string
  readonly token: string
}

export const CREDENTIAL_SETTINGS: {
  readonly [Name in keyof CredentialSettingValues]: Setting<CredentialSettingValues[Name]>
} = {
  url: {
    description: 'address of the TeamServer',
    kind: teamServerUrl,
    isOption: true,
    yaml: 'api.url',
  },
  agentUserName: {
    description: 'agent user name of the generated credentials',
    kind: userName,
    isOption: true,
    yaml: 'api.user_name',
  },
  serviceKey: {
    description: 'service key of the generated credentials',
    kind: key,
    isOption: true,
    yaml: 'api.service_key',
    isSecret: true,
  },
  organizationApiKey: {
    description: 'organization API key, where the organization has switched it on',
    kind: key,
    isOption: true,
    yaml: 'api.api_key',
    isSecret: true,
  },
  token: {
    description: 'agent token: URL, user name, service key and perhaps API key in one text',
    kind: opaque,
    isOption: true,
    yaml: 'api.token',
    isSecret: true,
  },
}
