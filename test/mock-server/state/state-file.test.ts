import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { createTeamServer } from '../../../mock-server/index.ts'
import { secretsFoundIn } from '../forged-data/secret-search.ts'
import { stateFile } from './folder.ts'

/** Makes a state with one organization whose second layer is on. */
async function writtenState(file = stateFile()): Promise<string> {
  const teamServer = createTeamServer({ stateFile: file })
  await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  await teamServer.close()
  return file
}

/** Starts with a state and tells why that failed. */
function startErrorOf(file: string): { readonly code: string; readonly message: string } {
  try {
    void createTeamServer({ stateFile: file }).close()
  } catch (error) {
    return error as { readonly code: string; readonly message: string }
  }
  throw new Error('it started')
}

function filesIn(file: string): Record<string, string> {
  const names = readdirSync(dirname(file)).sort()
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(dirname(file), name), 'utf8')]),
  )
}

test('C-403: state and key are made, for their owner alone, and nothing else is left in the folder', async () => {
  const file = await writtenState()
  expect(Object.keys(filesIn(file))).toEqual(['state.json', 'state.json.key'])
  for (const each of [file, `${file}.key`]) expect(statSync(each).mode & 0o777).toBe(0o600)
})

test('a key file that others may read is closed to them at the next start', async () => {
  const file = await writtenState()
  chmodSync(`${file}.key`, 0o644)
  await createTeamServer({ stateFile: file }).close()
  expect(statSync(`${file}.key`).mode & 0o777).toBe(0o600)
})

test('K-201: neither file shows a key, a password or a digest that is no keyed one', async () => {
  const file = stateFile()
  const teamServer = createTeamServer({ stateFile: file })
  const shop = await teamServer.createOrganization({ name: 'Shop', apiKey: { enabled: true } })
  const people = [
    await shop.addPerson({ role: 'admin' }),
    await teamServer.addPerson({ role: 'superadmin' }),
  ]
  const secrets = [shop.agent.serviceKey, shop.apiKey.value]
  for (const { password, serviceKey } of people) secrets.push(password, serviceKey)
  await shop.apiKey.rotate({ overlapMs: 60_000 })
  await shop.rotateAgentKey('default')
  secrets.push(shop.agent.serviceKey, shop.apiKey.value)
  await teamServer.close()
  for (const text of Object.values(filesIn(file))) {
    expect(secretsFoundIn(text, secrets)).toEqual([])
  }
  expect(readFileSync(file, 'utf8')).not.toContain(readFileSync(`${file}.key`, 'utf8').trim())
})

/** Each breaks a state in its way: the file, what becomes of its text, and the words of the error. */
const BREAKS: readonly {
  readonly what: string
  readonly file?: 'key'
  readonly change: (text: string) => string | undefined
  readonly words: string
}[] = [
  { what: 'an empty file', change: () => '', words: 'cut off' },
  { what: 'a file that is cut off', change: (text) => text.slice(0, -20), words: 'cut off' },
  { what: 'no JSON', change: () => 'organizations: []', words: 'no JSON' },
  { what: 'a list', change: () => '[1]', words: 'no JSON' },
  { what: 'other JSON', change: () => '{"name": "x"}', words: 'no state of a mock' },
  { what: 'a newer version', change: replaced('"version": 1', '"version": 2'), words: 'version 2' },
  {
    what: 'a version that never was',
    change: replaced('"version": 1', '"version": "1"'),
    words: 'changed by hand',
  },
  {
    what: 'layer two switched off by hand',
    change: replaced('"isApiKeyEnabled": true', '"isApiKeyEnabled": false'),
    words: 'changed by hand',
  },
  {
    what: 'the key of another state',
    file: 'key',
    change: () => `${Buffer.alloc(32, 7).toString('base64')}\n`,
    words: 'another key file',
  },
  { what: 'no key', file: 'key', change: () => undefined, words: 'is missing' },
  { what: 'an empty key', file: 'key', change: () => '', words: 'no key file' },
  { what: 'a short key', file: 'key', change: () => 'AAAA', words: 'no key file' },
]

function replaced(part: string, by: string) {
  return (text: string) => {
    expect(text).toContain(part)
    return text.replace(part, by)
  }
}

test.each(BREAKS.map((each) => [each.what, each] as const))(
  'C-403: a start with %s is an error that names file and way out, and changes nothing',
  async (_what, { file: kind, change, words }) => {
    const file = await writtenState()
    const broken = kind === 'key' ? `${file}.key` : file
    const text = change(readFileSync(broken, 'utf8'))
    if (text === undefined) rmSync(broken)
    else writeFileSync(broken, text)
    const before = filesIn(file)
    const error = startErrorOf(file)
    expect(error).toMatchObject({ name: 'TeamServerError', code: 'ERR_STATE_FILE' })
    expect(error.message).toContain(broken === file || words.includes('another') ? file : broken)
    expect(error.message).toContain(words)
    expect(error.message).toMatch(/put (it|the right one) back, or move /)
    expect(filesIn(file)).toEqual(before)
  },
)

test('C-403: what is no file, and where no file can be, is an error', () => {
  const file = stateFile()
  mkdirSync(file)
  expect(startErrorOf(file)).toMatchObject({ code: 'ERR_STATE_FILE' })
  const nowhere = join(dirname(file), 'nowhere', 'state.json')
  const error = startErrorOf(nowhere)
  expect(error).toMatchObject({ code: 'ERR_STATE_FILE' })
  expect(error.message).toContain(nowhere)
})

test.skipIf(process.platform !== 'linux')(
  'C-403: a state or a key that cannot be read is an error that names it',
  async () => {
    const isSuperuser = process.getuid?.() === 0
    // To the superuser every file is open, but for memory without an address.
    for (const suffix of isSuperuser ? ['.key'] : ['', '.key']) {
      const file = await writtenState()
      chmodSync(`${file}${suffix}`, 0)
      if (isSuperuser) {
        rmSync(`${file}${suffix}`)
        symlinkSync('/proc/self/mem', `${file}${suffix}`)
      }
      const error = startErrorOf(file)
      expect(error).toMatchObject({ code: 'ERR_STATE_FILE' })
      expect(error.message).toContain(`${file}${suffix}`)
    }
  },
)

test('a symbolic link is followed, and stays one', async () => {
  const file = await writtenState()
  const link = join(dirname(file), 'link.json')
  symlinkSync(file, link)
  const teamServer = createTeamServer({ stateFile: link })
  await teamServer.createOrganization({ name: 'Bank' })
  await teamServer.close()
  expect(existsSync(`${link}.key`)).toBe(false)
  const again = createTeamServer({ stateFile: file })
  expect((await again.organizations()).map(({ name }) => name)).toEqual(['Shop', 'Bank'])
  await again.close()
})

test('C-403: two at once on one file: the second gets an error, and can start once the first has ended', async () => {
  const file = stateFile()
  const first = createTeamServer({ stateFile: file })
  const error = startErrorOf(file)
  expect(error).toMatchObject({ code: 'ERR_STATE_FILE' })
  expect(error.message).toContain(`process ${process.pid} works with it`)
  await first.createOrganization({ name: 'Shop' })
  await first.close()
  const second = createTeamServer({ stateFile: file })
  expect(await second.organizations()).toHaveLength(1)
  await second.close()
})

test('the lock of a process that is gone is taken over, also one with the number of this one', async () => {
  const file = await writtenState()
  // No process can have this number.
  for (const pid of [4_194_305, process.pid]) {
    writeFileSync(`${file}.lock`, `${pid}\n`)
    await createTeamServer({ stateFile: file }).close()
    expect(existsSync(`${file}.lock`)).toBe(false)
  }
})

test('the lock of a process that lives is respected, as is one that names none', async () => {
  const file = await writtenState()
  for (const text of ['1\n', '']) {
    writeFileSync(`${file}.lock`, text)
    expect(startErrorOf(file).message).toContain(`delete ${file}.lock`)
    expect(readFileSync(`${file}.lock`, 'utf8')).toBe(text)
  }
})

test('a start that fails lets the file go', async () => {
  const file = await writtenState()
  copyFileSync(file, `${file}.copy`)
  writeFileSync(file, 'x')
  startErrorOf(file)
  expect(existsSync(`${file}.lock`)).toBe(false)
  copyFileSync(`${file}.copy`, file)
  expect(() => createTeamServer({ stateFile: file, limits: { bodyBytes: 0 } })).toThrow('bodyBytes')
  await createTeamServer({ stateFile: file }).close()
})

test('a store of one’s own and a state file exclude each other', async () => {
  const { store } = createTeamServer()
  expect(() => createTeamServer({ store, stateFile: stateFile() })).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID' }),
  )
})

test('once closed, nothing is written any more', async () => {
  const file = stateFile()
  const teamServer = createTeamServer({ stateFile: file })
  await teamServer.close()
  const before = filesIn(file)
  await expect(teamServer.createOrganization({ name: 'Shop' })).rejects.toMatchObject({
    code: 'ERR_STATE_FILE',
  })
  await teamServer.close()
  expect(filesIn(file)).toEqual(before)
})
