import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import {
  COMPLETE_YAML,
  CREDENTIALS,
  freshFolder,
  problemOf,
  ready,
  SERVICE_KEY,
} from './try-resolve.ts'

test('C-201: all files are merged by key, the higher one winning; lists are not joined', () => {
  const folder = freshFolder()
  const write = (path: string, content: string) => {
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), content, { mode: 0o600 })
  }
  write('named.yaml', 'application: {name: named}')
  write('etc/node/contrast_security.yaml', 'application: {name: c, path: /c, code: c}')
  write('etc/contrast_security.yaml', 'application: {name: d, path: /d, code: d, group: d}')
  const { application } = ready({
    options: CREDENTIALS,
    files: { 'contrast_security.yaml': 'application: {name: b, path: /b, tags: [b]}' },
    env: { CONTRAST_CONFIG_PATH: join(folder, 'named.yaml') },
    systemYamlFolder: join(folder, 'etc'),
  })
  expect(application).toMatchObject({
    name: 'named',
    path: '/b',
    code: 'c',
    group: 'd',
    tags: ['b'],
  })
})

test('C-114: CONTRAST_CONFIG_PATH is relative to the working directory, and must name a file', () => {
  const env = { CONTRAST_CONFIG_PATH: 'conf/my.yaml' }
  expect(ready({ env, files: { 'conf/my.yaml': COMPLETE_YAML } }).credentials.serviceKey).toBe(
    SERVICE_KEY,
  )
  const { code, message } = problemOf({ env, options: CREDENTIALS })
  expect(code).toBe('ERR_CONFIGURATION_FILE')
  expect(message).toMatch(/conf\/my\.yaml, which CONTRAST_CONFIG_PATH names, does not exist$/)
})

const HARDLY_FILES: [string, (path: string) => void, RegExp][] = [
  ['nothing', () => {}, /does not exist/],
  ['a folder', (path) => mkdirSync(path), /is no regular file/],
  ['a pipe', (path) => execFileSync('mkfifo', [path]), /is no regular file/],
  ['an endless device', (path) => symlinkSync('/dev/zero', path), /is no regular file/],
  ['a terminal or none', (path) => symlinkSync('/dev/tty', path), /is no regular file|\(ENXIO\)/],
  ['a link to itself', (path) => symlinkSync(path, path), /cannot be read \(ELOOP\)/],
  ['a link to nowhere', (path) => symlinkSync(`${path}.gone`, path), /does not exist/],
  [
    'a file of 1 GiB',
    (path) => {
      writeFileSync(path, '')
      truncateSync(path, 2 ** 30)
    },
    /is larger than 65536 bytes/,
  ],
  [
    'a file that nobody may read',
    (path) => {
      writeFileSync(path, COMPLETE_YAML)
      chmodSync(path, 0)
      // To the superuser every file is open, but for memory without an address.
      if (process.getuid?.() === 0) {
        rmSync(path)
        symlinkSync('/proc/self/mem', path)
      }
    },
    /cannot be read \((EACCES|EIO)\)/,
  ],
]

test.skipIf(process.platform === 'win32').each(HARDLY_FILES)(
  'C-114: %s in place of the file is refused without waiting',
  (_what, make, why) => {
    const path = join(freshFolder(), 'my.yaml')
    make(path)
    const before = performance.now()
    const { code, message } = problemOf({ env: { CONTRAST_CONFIG_PATH: path } })
    // Ten times the limit of 250 ms, for busy machines.
    expect(performance.now() - before).toBeLessThan(2_500)
    expect(code).toBe('ERR_CONFIGURATION_FILE')
    expect(message).toMatch(why)
    expect(message).toMatch(/^\S+my\.yaml, which CONTRAST_CONFIG_PATH names, [^\n]+$/)
  },
)

test.skipIf(process.platform === 'win32')(
  'C-114: a file with a key that everybody may read is loaded with one warning',
  () => {
    const path = join(freshFolder(), 'my.yaml')
    writeFileSync(path, COMPLETE_YAML)
    chmodSync(path, 0o644)
    const env = { CONTRAST_CONFIG_PATH: path }
    expect(ready({ env }).notices).toEqual([
      { level: 'warn', text: expect.stringContaining('every user of this machine may read it') },
    ])
    writeFileSync(path, 'application: {name: shop}')
    expect(ready({ env, options: CREDENTIALS }).notices).toEqual([])
  },
)
