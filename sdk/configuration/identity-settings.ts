import { choice, keyValues, tags, text } from './kinds.ts'
import type { Setting } from './setting.ts'

/** The settings of what is watched: application, server, session. A name with a dot is an option inside an object. */
export interface IdentitySettingValues {
  readonly 'application.name': string
  readonly 'application.path': string
  readonly 'application.version': string
  readonly 'application.code': string
  readonly 'application.group': string
  readonly 'application.tags': readonly string[]
  readonly 'application.metadata': Readonly<Record<string, string>>
  readonly 'application.root': string
  readonly 'server.name': string
  readonly 'server.path': string
  readonly 'server.type': string
  readonly 'server.environment': ServerEnvironment
  readonly 'server.tags': readonly string[]
  readonly 'session.id': string
  readonly 'session.metadata': Readonly<Record<string, string>>
}

export type ServerEnvironment = 'DEVELOPMENT' | 'QA' | 'PRODUCTION'

export const IDENTITY_SETTINGS: {
  readonly [Name in keyof IdentitySettingValues]: Setting<IdentitySettingValues[Name]>
} = {
  'application.name': {
    description: 'name of the application; from package.json if not given',
    kind: text(255),
    isOption: true,
    yaml: 'application.name',
  },
  'application.path': {
    description: 'path of the application on its server',
    kind: text(4_096),
    isOption: true,
    yaml: 'application.path',
    default: '/',
  },
  'application.version': {
    description: 'version of the application; from package.json if not given',
    kind: text(255),
    isOption: true,
    yaml: 'application.version',
  },
  'application.code': {
    description: 'short code of the application',
    kind: text(255),
    isOption: true,
    yaml: 'application.code',
  },
  'application.group': {
    description: 'access group of the application',
    kind: text(255),
    isOption: true,
    yaml: 'application.group',
  },
  'application.tags': {
    description: 'labels of the application',
    kind: tags,
    isOption: true,
    yaml: 'application.tags',
    default: [],
  },
  'application.metadata': {
    description: 'fields that the organization has defined for applications',
    kind: keyValues,
    isOption: true,
    yaml: 'application.metadata',
    default: {},
  },
  'application.root': {
    description: 'folder from which package.json is looked for',
    kind: text(4_096),
    isOption: false,
    yaml: 'agent.node.app_root',
  },
  'server.name': {
    description: 'name of the machine; the host name if not given',
    kind: text(255),
    isOption: true,
    yaml: 'server.name',
  },
  'server.path': {
    description: 'path of the server; the working directory if not given',
    kind: text(4_096),
    isOption: true,
    yaml: 'server.path',
  },
  'server.type': {
    description: 'what runs the application',
    kind: text(255),
    isOption: true,
    yaml: 'server.type',
    default: `node.js ${process.version}`,
  },
  'server.environment': {
    description: 'where the application runs; counts only when the server is new',
    kind: choice<ServerEnvironment>({
      DEVELOPMENT: 'DEVELOPMENT',
      QA: 'QA',
      PRODUCTION: 'PRODUCTION',
    }),
    isOption: true,
    yaml: 'server.environment',
    default: 'DEVELOPMENT',
  },
  'server.tags': {
    description: 'labels of the server',
    kind: tags,
    isOption: true,
    yaml: 'server.tags',
    default: [],
  },
  'session.id': {
    description: 'an existing session that the findings belong to',
    kind: text(255),
    isOption: true,
    yaml: 'application.session_id',
  },
  'session.metadata': {
    description: 'what a new session is made with: branch, build, commit',
    kind: keyValues,
    isOption: true,
    yaml: 'application.session_metadata',
  },
}
