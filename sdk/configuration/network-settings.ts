import { choice, exact, flag, integer, opaque, text, textual } from './kinds.ts'
import { pins } from './pins.ts'
import { proxyUrl } from './proxy-url.ts'
import { read, refused } from './reading.ts'
import type { Setting } from './setting.ts'

/** The settings of the way to TeamServer. */
export interface NetworkSettingValues {
  readonly requireHttps: boolean
  readonly allowLinkLocal: boolean
  readonly 'proxy.isEnabled': boolean
  readonly 'proxy.url': string
  readonly 'proxy.scheme': ProxyScheme
  readonly 'proxy.host': string
  readonly 'proxy.port': number
  readonly 'proxy.user': string
  readonly 'proxy.password': string
  readonly 'proxy.authType': 'Basic'
  readonly 'certificate.isEnabled': boolean
  readonly 'certificate.caFile': string
  readonly 'certificate.certFile': string
  readonly 'certificate.keyFile': string
  readonly 'certificate.keyPassword': string
  readonly 'certificate.ignoreCertErrors': boolean
  readonly 'certificate.pins': readonly string[]
}

export type ProxyScheme = 'http' | 'https'

const host = exact(
  (given) =>
    /^([\w.-]{1,255}|\[[\da-f:.]{2,45}\])$/i.test(given)
      ? read(given)
      : refused('must be a host name or an address, without scheme and port'),
  'must be a text',
)

const proxyUser = exact((given) => {
  if (given.length > 1_024) return refused('must be at most 1024 characters long')
  if (/[:\p{Cc}]/u.test(given)) return refused('must not hold a colon or control characters')
  return read(given)
}, 'must be a text')

const authType = textual((given) => {
  const word = given.trim().toLowerCase()
  if (word === 'basic') return read('Basic' as const)
  if (word === 'ntlm' || word === 'digest') {
    return refused(
      `must be Basic: this engine does not speak ${word === 'ntlm' ? 'NTLM' : 'Digest'}. ` +
        'Let the proxy take Basic or nothing from this machine, or put a local proxy that speaks it in between',
    )
  }
  return refused('must be Basic; got something else')
}, 'must be Basic')

export const NETWORK_SETTINGS: {
  readonly [Name in keyof NetworkSettingValues]: Setting<NetworkSettingValues[Name]>
} = {
  requireHttps: {
    description: 'refuses a url that is plain http, save for this machine',
    kind: flag,
    isOption: true,
    yaml: 'api.require_https',
    default: false,
  },
  allowLinkLocal: {
    description: 'lets the url lead to link-local, metadata and unspecified addresses',
    kind: flag,
    isOption: true,
    yaml: 'api.allow_link_local',
    default: false,
  },
  'proxy.isEnabled': {
    description: 'false: no proxy; if not given, an address of one switches it on',
    kind: flag,
    isOption: true,
    yaml: 'api.proxy.enable',
  },
  'proxy.url': {
    description: 'address of the proxy: scheme://host:port',
    kind: proxyUrl,
    isOption: true,
    yaml: 'api.proxy.url',
  },
  'proxy.scheme': {
    description: 'how the proxy is spoken to, with host and port in place of its url',
    kind: choice<ProxyScheme>({ HTTP: 'http', HTTPS: 'https' }),
    isOption: true,
    yaml: 'api.proxy.scheme',
  },
  'proxy.host': {
    description: 'host of the proxy',
    kind: host,
    isOption: true,
    yaml: 'api.proxy.host',
  },
  'proxy.port': {
    description: 'port of the proxy',
    kind: integer({ min: 1, max: 65_535, unit: 'port' }),
    isOption: true,
    yaml: 'api.proxy.port',
  },
  'proxy.user': {
    description: 'user name for the proxy',
    kind: proxyUser,
    isOption: true,
    yaml: 'api.proxy.user',
  },
  'proxy.password': {
    description: 'password for the proxy',
    kind: opaque,
    isOption: true,
    yaml: 'api.proxy.pass',
    isSecret: true,
  },
  'proxy.authType': {
    description: 'how user name and password are shown to the proxy',
    kind: authType,
    isOption: true,
    yaml: 'api.proxy.auth_type',
  },
  'certificate.isEnabled': {
    description: 'false: the rest of this section does not count',
    kind: flag,
    isOption: true,
    yaml: 'api.certificate.enable',
  },
  'certificate.caFile': {
    description: 'PEM file of the authorities that count, in place of those of Node',
    kind: text(4_096),
    isOption: true,
    yaml: 'api.certificate.ca_file',
  },
  'certificate.certFile': {
    description: 'PEM file of the client certificate',
    kind: text(4_096),
    isOption: true,
    yaml: 'api.certificate.cert_file',
  },
  'certificate.keyFile': {
    description: 'PEM file of the key of the client certificate',
    kind: text(4_096),
    isOption: true,
    yaml: 'api.certificate.key_file',
  },
  'certificate.keyPassword': {
    description: 'password of that key',
    kind: opaque,
    isOption: true,
    yaml: 'api.certificate.key_password',
    misprintedVariable: 'CONTRAST__CERTIFICATE__KEY_PASSWORD',
    isSecret: true,
  },
  'certificate.ignoreCertErrors': {
    description: 'true: sends to whoever answers, save for what the pins say',
    kind: flag,
    isOption: true,
    yaml: 'api.certificate.ignore_cert_errors',
    default: false,
  },
  'certificate.pins': {
    description: 'keys of which the certificate of TeamServer has to have one',
    kind: pins,
    isOption: true,
    yaml: 'api.certificate.pins',
    default: [],
  },
}
