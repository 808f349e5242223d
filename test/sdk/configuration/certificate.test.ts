import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createAuthority } from '../../../mock-server/certificates/authority.ts'
import type { CertificateOptions } from '../../../sdk/configuration/network-options.ts'
import { type Around, CREDENTIALS, problemOf, ready, tryResolve } from './try-resolve.ts'

const authority = createAuthority()
const engine = authority.issue()
const PASSWORD = 'hunter2hunter2hunter2'
const PIN_A = authority.pin
const PIN_B = engine.pin
const bare = (pin: string) => pin.replace('sha256/', '')

const FILES = {
  'ca.pem': authority.cert,
  'cert.pem': engine.cert,
  'key.pem': engine.key,
  'secret-key.pem': engine.keyUnder(PASSWORD),
}

function withYaml(section: string, files: Record<string, string> = FILES): Around {
  const yaml = `api:\n  certificate:\n${section.replace(/^/gm, '    ')}`
  return { options: CREDENTIALS, files: { ...files, 'contrast_security.yaml': yaml } }
}

function tlsOf(around: Around) {
  const { ca, cert, key, passphrase, ...rest } = ready(around).network.tls
  return { ca, cert, key, passphrase, ...rest }
}

test('files are found from the folder of the YAML file, and a key may have a password', () => {
  const section = `ca_file: tls/ca.pem\ncert_file: ./tls/cert.pem\nkey_file: tls/key.pem\nkey_password: ${PASSWORD}`
  const yaml = `api:\n  certificate:\n${section.replace(/^/gm, '    ')}`
  const files = {
    '../etc/contrast_security.yaml': yaml,
    '../etc/tls/ca.pem': authority.cert,
    '../etc/tls/cert.pem': engine.cert,
    '../etc/tls/key.pem': FILES['secret-key.pem'],
  }
  expect(tlsOf({ options: CREDENTIALS, files })).toEqual({
    ca: authority.cert,
    cert: engine.cert,
    key: FILES['secret-key.pem'],
    passphrase: PASSWORD,
    areErrorsIgnored: false,
    pins: [],
  })
})

test.each([
  ['its variable', 'CONTRAST__API__CERTIFICATE__KEY_PASSWORD'],
  [
    'the variable that a page of the documentation misprints',
    'CONTRAST__CERTIFICATE__KEY_PASSWORD',
  ],
])('the password of the key may come from %s, and files from the working directory', (_, name) => {
  const env = {
    CONTRAST__API__CERTIFICATE__CERT_FILE: 'cert.pem',
    CONTRAST__API__CERTIFICATE__KEY_FILE: 'secret-key.pem',
    [name]: PASSWORD,
  }
  const configuration = ready({ options: CREDENTIALS, env, files: FILES })
  expect(configuration.network.tls.passphrase).toBe(PASSWORD)
  expect(configuration.notices).toEqual([])
  for (const shown of [JSON.stringify(configuration), inspect(configuration, { depth: 9 })]) {
    expect(shown).not.toContain(PASSWORD)
    expect(shown).not.toContain('PRIVATE KEY')
  }
})

test.each<[string, CertificateOptions, object]>([
  ['nothing is said', {}, { areErrorsIgnored: false, pins: [] }],
  [
    'the section is off',
    { isEnabled: false, ignoreCertErrors: true, pins: [PIN_A] },
    { areErrorsIgnored: false, pins: [] },
  ],
  ['a pin is given', { pins: [PIN_A] }, { areErrorsIgnored: false, pins: [bare(PIN_A)] }],
  [
    'pins are written as curl writes them, for a rotation',
    { pins: [PIN_A.replace('/', '//'), PIN_B] },
    { areErrorsIgnored: false, pins: [bare(PIN_A), bare(PIN_B)] },
  ],
  ['errors are ignored', { ignoreCertErrors: true }, { areErrorsIgnored: true, pins: [] }],
])('where %s, connections go by it', (_what, certificate, tls) => {
  expect(ready({ options: { ...CREDENTIALS, certificate } }).network.tls).toEqual(tls)
})

test.each([[`pins: ["${PIN_A}", "${PIN_B}"]`], [`pins: ${PIN_A}, ${PIN_B}`]])(
  'YAML may give pins as %s',
  (section) => {
    expect(ready(withYaml(section)).network.tls.pins).toEqual([bare(PIN_A), bare(PIN_B)])
  },
)

test.each([
  [['sha256/abc'], '(entry 1) must be sha256/ and the base64'],
  [[PIN_A, `sha1/${bare(PIN_A)}`], '(entry 2) must be sha256/'],
  [[`${PIN_A} `], '(entry 1)'],
  [[PIN_A.replace(/.=$/, 'B=')], '(entry 1)'],
  [[7], '(entry 1)'],
  [Array(17).fill(PIN_A), 'must have at most 16 entries'],
])('the pins %j are refused', (pins, says) => {
  const certificate = { pins: pins as string[] }
  expect(() => tryResolve({ options: { ...CREDENTIALS, certificate } })).toThrow(
    `option certificate.pins ${says}`,
  )
})

test('pins with plain http are refused: there is nothing that they could be compared with', () => {
  const options = { ...CREDENTIALS, url: 'http://localhost', certificate: { pins: [PIN_A] } }
  expect(() => tryResolve({ options })).toThrow(
    'option certificate.pins cannot be kept: url is plain http',
  )
})

const NO_PEM = 'hunter2 is no PEM'
const DAMAGED = authority.cert.replace(/\n.{20}/, '\nhunter2hunter2hunter')

test.each<[string, string, Record<string, string>, RegExp]>([
  ['is not there', 'ca_file: nowhere.pem', {}, /ca_file: the file \S+nowhere\.pem does not exist$/],
  ['is a folder', 'ca_file: .', {}, /ca_file: the file \S+ is no regular file$/],
  [
    'is too large',
    'ca_file: ca.pem',
    { 'ca.pem': 'x'.repeat(1_048_577) },
    /ca\.pem is larger than 1048576 bytes$/,
  ],
  ['is no PEM', 'ca_file: ca.pem', { 'ca.pem': NO_PEM }, /ca\.pem holds no certificate in PEM/],
  ['is empty', 'ca_file: ca.pem', { 'ca.pem': '' }, /ca\.pem holds no certificate in PEM/],
  [
    'holds a key',
    'ca_file: key.pem',
    { 'key.pem': engine.key },
    /key\.pem holds a key and no certificate in PEM/,
  ],
  [
    'is damaged',
    'ca_file: ca.pem',
    { 'ca.pem': authority.cert + DAMAGED },
    /ca\.pem holds a damaged certificate \(the 2\. of 2\)$/,
  ],
  [
    'is a certificate without a key',
    'cert_file: cert.pem',
    FILES,
    /cert_file: the file \S+cert\.pem is of no use alone: give certificate\.keyFile too$/,
  ],
  [
    'is a key without a certificate',
    'key_file: key.pem',
    FILES,
    /key_file: the file \S+key\.pem is of no use alone: give certificate\.certFile too$/,
  ],
  [
    'is the key of another',
    'cert_file: ca.pem\nkey_file: key.pem',
    FILES,
    /key\.pem is not the key of the certificate in \S+ca\.pem$/,
  ],
  [
    'is a certificate in place of a key',
    'cert_file: cert.pem\nkey_file: ca.pem',
    FILES,
    /key_file: the file \S+ca\.pem holds no private key in PEM/,
  ],
  [
    'needs a password',
    'cert_file: cert.pem\nkey_file: secret-key.pem',
    FILES,
    /secret-key\.pem is encrypted: give its password as certificate\.keyPassword$/,
  ],
  [
    'has another password',
    'cert_file: cert.pem\nkey_file: secret-key.pem\nkey_password: hunter3',
    FILES,
    /secret-key\.pem cannot be decrypted: certificate\.keyPassword is wrong, or the file/,
  ],
  [
    'is a damaged key',
    'cert_file: cert.pem\nkey_file: key.pem',
    { ...FILES, 'key.pem': engine.key.replace(/\n.{20}/, '\nhunter2hunter2hunter') },
    /key\.pem holds a damaged private key$/,
  ],
])(
  'a file that %s is named with its setting, and nothing of it',
  (_what, section, files, message) => {
    const problem = problemOf(withYaml(section, files))
    expect(problem.code).toBe('ERR_CONFIGURATION_VALUE')
    expect(problem.message).toMatch(message)
    expect(problem.message).toMatch(
      /^\/\S+\.yaml:\d api\.certificate\.(ca|cert|key)_file: the file /,
    )
    expect(inspect(problem)).not.toMatch(/hunter|MII/)
  },
)

test('what the program passed wrong is thrown', () => {
  const certificate = { caFile: 'nowhere.pem' }
  expect(() => tryResolve({ options: { ...CREDENTIALS, certificate } })).toThrow(
    /^option certificate\.caFile: the file \/\S+nowhere\.pem does not exist$/,
  )
})

test.each<[CertificateOptions, object]>([
  [
    { ignoreCertErrors: true },
    {
      level: 'warn',
      text: expect.stringMatching(/is true: certificates are not checked, and whoever/),
    },
  ],
  [
    { ignoreCertErrors: true, pins: [PIN_A] },
    { level: 'info', text: expect.stringMatching(/not checked, save for certificate\.pins$/) },
  ],
])('ignored errors are told of: %j', (certificate, notice) => {
  expect(ready({ options: { ...CREDENTIALS, certificate } }).notices).toEqual([notice])
})

test('an absolute path is taken as it is', () => {
  const around = withYaml(`ca_file: ${join('/', 'nowhere', 'ca.pem')}`)
  expect(problemOf(around).message).toContain('the file /nowhere/ca.pem does not exist')
})
