import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findLibraries, type Library } from '../../../../sdk/plugins/libraries/find-libraries.ts'
import { createTree, Link } from './tree.ts'

async function find(root: string): Promise<{ libraries: Library[]; unreadable: string[] }> {
  const libraries: Library[] = []
  const unreadable: string[] = []
  for await (const library of findLibraries(root, (file) => unreadable.push(file))) {
    libraries.push(library)
  }
  libraries.sort((a, b) => (a.file < b.file ? -1 : 1))
  return { libraries, unreadable }
}

async function placesIn(root: string): Promise<string[]> {
  return (await find(root)).libraries.map(({ file }) => file)
}

const inA = 'node_modules/a/package.json'
const A = { name: 'a', version: '1.0.0', license: 'MIT' }
const B = { name: 'b', version: '2.0.0' }

const locks = {
  'package-lock.json of version 1': {
    lockfileVersion: 1,
    dependencies: {
      '@scope/a': {
        version: '1.0.0',
        integrity: 'sha512-one',
        dependencies: { b: { version: '2.0.0', integrity: 'sha512-two' } },
      },
    },
  },
  'package-lock.json of version 2': {
    lockfileVersion: 2,
    packages: {
      '': { name: 'shop' },
      'node_modules/@scope/a': { version: '1.0.0', integrity: 'sha512-one' },
      'node_modules/@scope/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-two' },
    },
    dependencies: { '@scope/a': { version: '1.0.0', integrity: 'sha512-wrong' } },
  },
  'package-lock.json of version 3': {
    lockfileVersion: 3,
    packages: {
      'node_modules/@scope/a': { version: '1.0.0', integrity: 'sha512-one' },
      'node_modules/@scope/a/node_modules/b': { version: '2.0.0', integrity: 'sha512-two' },
    },
  },
}

test.each(Object.entries(locks))('integrity comes from a %s', async (_name, lock) => {
  const root = createTree({
    'package.json': { dependencies: { '@scope/a': '^1.0.0' } },
    'package-lock.json': lock,
    'node_modules/@scope/a/package.json': { name: '@scope/a', version: '1.0.0', license: 'MIT' },
    'node_modules/@scope/a/node_modules/b/package.json': B,
  })
  expect(await find(root)).toEqual({
    libraries: [
      {
        name: '@scope/a',
        version: '1.0.0',
        license: 'MIT',
        hash: 'sha512-one',
        dependency: 'direct',
        file: 'node_modules/@scope/a',
      },
      {
        name: 'b',
        version: '2.0.0',
        hash: 'sha512-two',
        dependency: 'transitive',
        file: 'node_modules/@scope/a/node_modules/b',
      },
    ],
    unreadable: [],
  })
})

test("npm's own lock file inside node_modules wins over the one beside it", async () => {
  const root = createTree({
    'package-lock.json': { packages: { 'node_modules/a': { version: '1.0.0', integrity: 'old' } } },
    'node_modules/.package-lock.json': {
      packages: { 'node_modules/a': { version: '1.0.0', integrity: 'new' } },
    },
    [inA]: A,
  })
  expect((await find(root)).libraries).toMatchObject([{ name: 'a', hash: 'new' }])
})

test('without a lock file the libraries are found and no integrity is made up', async () => {
  const root = createTree({ 'package.json': {}, [inA]: A })
  expect((await find(root)).libraries).toEqual([
    { ...A, dependency: 'transitive', file: 'node_modules/a' },
  ])
})

test.each([
  ['cut off', '{"packages": {"node_modules/a": {"ver'],
  ['a list', '[]'],
  ['empty', ''],
  ['larger than 8 MiB', `{"packages": {"node_modules/a": {}}}${' '.repeat(8 * 1_048_576)}`],
])('a lock file that is %s is named and costs only what it would add', async (_how, lock) => {
  const root = createTree({ 'package-lock.json': lock, [inA]: A })
  expect(await find(root)).toEqual({
    libraries: [{ ...A, file: 'node_modules/a' }],
    unreadable: ['package-lock.json'],
  })
})

test('what the lock file lists is reported only where its folder is', async () => {
  const root = createTree({
    'package-lock.json': {
      packages: {
        'node_modules/a': { version: '1.0.0', license: 'MIT' },
        'node_modules/left-out': { version: '1.0.0', dev: true },
        'node_modules/other-platform': { version: '1.0.0', optional: true },
      },
    },
    'node_modules/a': null,
  })
  expect((await find(root)).libraries).toEqual([
    { name: 'a', version: '1.0.0', license: 'MIT', file: 'node_modules/a' },
  ])
})

test('another version than the lock file tells has neither its integrity nor its licence', async () => {
  const root = createTree({
    'package-lock.json': {
      packages: { 'node_modules/b': { version: '1.9.9', integrity: 'sha512-b', license: 'MIT' } },
    },
    'node_modules/b/package.json': B,
  })
  expect((await find(root)).libraries).toEqual([{ ...B, file: 'node_modules/b' }])
})

test.each([
  ['3', { packages: { 'node_modules/alias': { name: '@real/a', version: '1.0.0' } } }],
  ['1', { dependencies: { alias: { version: 'npm:@real/a@1.0.0' } } }],
])('an alias has its real name and counts as direct (lock file version %s)', async (_v, lock) => {
  const root = createTree({
    'package.json': { dependencies: { alias: 'npm:@real/a@^1.0.0' } },
    'package-lock.json': lock,
    'node_modules/alias': null,
  })
  expect((await find(root)).libraries).toEqual([
    { name: '@real/a', version: '1.0.0', dependency: 'direct', file: 'node_modules/alias' },
  ])
})

test.each(['dependencies', 'optionalDependencies', 'devDependencies'])(
  'what the application names in %s is direct',
  async (section) => {
    const root = createTree({ 'package.json': { [section]: { a: '1' } }, [inA]: A })
    expect((await find(root)).libraries).toMatchObject([{ name: 'a', dependency: 'direct' }])
  },
)

test('a nested copy of a direct dependency is transitive', async () => {
  const root = createTree({
    'package.json': { dependencies: { a: '1', b: '1' } },
    [inA]: A,
    'node_modules/a/node_modules/b/package.json': B,
    'node_modules/b/package.json': { name: 'b', version: '1.0.0' },
  })
  expect(
    (await find(root)).libraries.map(({ file, dependency }) => `${file} ${dependency}`),
  ).toEqual([
    'node_modules/a direct',
    'node_modules/a/node_modules/b transitive',
    'node_modules/b direct',
  ])
})

test('what another library brought is transitive, also where the application names it', async () => {
  const root = createTree({
    'package.json': { dependencies: { a: '1' }, devDependencies: { b: '1' } },
    [inA]: A,
    'node_modules/a/node_modules/b/package.json': B,
  })
  expect((await find(root)).libraries).toMatchObject([
    { name: 'a', dependency: 'direct' },
    { name: 'b', dependency: 'transitive' },
  ])
})

test('a package.json that cannot be read costs only its own library', async () => {
  const root = createTree({
    [inA]: A,
    'node_modules/broken/package.json': '{"name": "bro',
    'node_modules/broken/node_modules/b/package.json': B,
  })
  expect(await find(root)).toMatchObject({
    libraries: [{ name: 'a' }, { name: 'b' }],
    unreadable: ['node_modules/broken/package.json'],
  })
})

test('folders that hold no package, files and what starts with a dot are passed over', async () => {
  const root = createTree({
    [inA]: A,
    'node_modules/empty': null,
    'node_modules/@scope/empty': null,
    'node_modules/file.txt': 'text',
    'node_modules/.cache/package.json': { name: 'cache', version: '1.0.0' },
  })
  expect(await placesIn(root)).toEqual(['node_modules/a'])
})

test('links in circles and links to the application itself end', async () => {
  const root = createTree({
    'package.json': { name: 'shop' },
    [inA]: A,
    'node_modules/a/node_modules': new Link('node_modules'),
    'node_modules/again': new Link('node_modules/a'),
    'node_modules/shop': new Link(''),
    'node_modules/dangling': new Link('nowhere'),
    'node_modules/@circle': new Link('node_modules'),
    'node_modules/itself': new Link('node_modules/itself'),
  })
  const { libraries } = await find(root)
  expect(libraries.map(({ name }) => name)).toEqual(['a'])
})

test('pnpm: what stands beside the real folder is found, each once', async () => {
  const store = 'node_modules/.pnpm'
  const root = createTree({
    'package.json': { dependencies: { a: '1' } },
    [`${store}/a@1.0.0/node_modules/a/package.json`]: A,
    [`${store}/@s+b@2.0.0/node_modules/@s/b/package.json`]: B,
    [`${store}/@s+b@2.0.0/node_modules/a`]: new Link(`${store}/a@1.0.0/node_modules/a`),
    [`${store}/a@1.0.0/node_modules/@s/b`]: new Link(`${store}/@s+b@2.0.0/node_modules/@s/b`),
    'node_modules/a': new Link(`${store}/a@1.0.0/node_modules/a`),
  })
  expect((await find(root)).libraries).toEqual([
    {
      ...B,
      dependency: 'transitive',
      file: 'node_modules/.pnpm/a@1.0.0/node_modules/@s/b',
    },
    { ...A, dependency: 'direct', file: 'node_modules/a' },
  ])
})

const workspaces = {
  'package-lock.json': {
    packages: {
      'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
      'node_modules/tools': { resolved: 'packages/tools', link: true },
      'packages/tools': { version: '0.1.0' },
      'packages/tools/node_modules/b': { version: '2.0.0', integrity: 'sha512-b' },
    },
  },
  [inA]: A,
  'node_modules/tools': new Link('packages/tools'),
  'packages/tools/package.json': { name: 'tools', version: '0.1.0' },
  'packages/tools/node_modules/b/package.json': B,
  'packages/shop/package.json': { name: 'shop', dependencies: { a: '1', b: '2' } },
}

test('a workspace that is linked is one library, and what is nested in it keeps its integrity', async () => {
  const { libraries } = await find(createTree(workspaces))
  expect(libraries).toEqual([
    { ...A, hash: 'sha512-a', file: 'node_modules/a' },
    { name: 'tools', version: '0.1.0', file: 'node_modules/tools' },
    { ...B, hash: 'sha512-b', file: 'packages/tools/node_modules/b' },
  ])
})

test('an application in a workspace gets what stands in the folders above', async () => {
  const root = createTree({
    ...workspaces,
    'packages/shop/node_modules/b/package.json': { name: 'b', version: '2.1.0' },
  })
  const { libraries } = await find(join(root, 'packages/shop'))
  expect(libraries).toMatchObject([
    { name: 'a', hash: 'sha512-a', dependency: 'direct', file: '../../node_modules/a' },
    { name: 'tools', dependency: 'transitive', file: '../../node_modules/tools' },
    { name: 'b', dependency: 'transitive', file: '../tools/node_modules/b' },
    { name: 'b', version: '2.1.0', dependency: 'direct', file: 'node_modules/b' },
  ])
})

test('folders above are left alone when the application has all that it asks for', async () => {
  const root = createTree({
    [inA]: A,
    'shop/package.json': { dependencies: { b: '2' }, devDependencies: { a: '1' } },
    'shop/node_modules/b/package.json': B,
  })
  expect(await placesIn(join(root, 'shop'))).toEqual(['node_modules/b'])
})

test('an application without a folder has no libraries', async () => {
  expect(await placesIn('/nowhere/at/all')).toEqual([])
})
