// Packs the package as it would be published and checks what a user gets: the files, the types,
// and that both faces load with the two run-time dependencies alone.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, version } from './esbuild-options.mjs'
import { strayFiles } from './package-files.mjs'

const folder = mkdtempSync(join(tmpdir(), 'package-'))
try {
  const [{ filename, files, integrity }] = JSON.parse(
    npm(['pack', '--json', '--pack-destination', folder], root),
  )
  const tarball = join(folder, filename)
  checkFiles(files.map((/** @type {{ path: string }} */ { path }) => path))
  // vitest is ESM alone, and so is what stands on it.
  const esmAlone = ['--exclude-entrypoints', './mock-server/vitest']
  tool('@arethetypeswrong/cli/dist/index.js', [tarball, '--profile', 'node16', ...esmAlone])
  tool('publint/src/cli.js', ['run', tarball, '--strict'])
  checkLoading(tarball)
  checkBuiltTwice(integrity)
  console.error('package: files, types and both faces are as they should be')
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** @param {readonly string[]} paths */
function checkFiles(paths) {
  const stray = strayFiles(paths)
  if (stray.length > 0) throw new Error(`the package holds ${stray.join(', ')}`)
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const names = Object.keys(dependencies).join()
  if (names !== 'undici,yaml') throw new Error(`the run-time dependencies are ${names}`)
}

/**
 * Builds again, and packs to the same bytes (S-705).
 *
 * @param {string} before
 */
function checkBuiltTwice(before) {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
  const [{ integrity }] = JSON.parse(npm(['pack', '--json', '--dry-run'], root))
  if (integrity !== before) throw new Error('two builds of the same sources are not the same bytes')
}

/** @param {string} tarball */
function checkLoading(tarball) {
  const app = join(folder, 'app')
  const modules = join(app, 'node_modules')
  mkdirSync(join(modules, 'teamserver-engine'), { recursive: true })
  execFileSync('tar', [
    'xzf',
    tarball,
    '-C',
    join(modules, 'teamserver-engine'),
    '--strip-components=1',
  ])
  for (const name of ['undici', 'yaml']) {
    cpSync(join(root, 'node_modules', name), join(modules, name), { recursive: true })
  }
  const uses = `
    const engine = createEngine({ url: 'http://127.0.0.1:9/Contrast', agentUserName: 'a', serviceKey: 'b', logger: false })
    if (engine.status().state === 'disabled') throw new Error('the engine is disabled')
    const teamServer = createTeamServer()
    teamServer.createOrganization({ name: 'Shop' }).then(() => console.log('loaded'))
  `
  writeFileSync(
    join(app, 'module.mjs'),
    `import { createEngine } from 'teamserver-engine'\nimport { createTeamServer } from 'teamserver-engine/mock-server'\n${uses}`,
  )
  writeFileSync(
    join(app, 'commonjs.cjs'),
    `const { createEngine } = require('teamserver-engine')\nconst { createTeamServer } = require('teamserver-engine/mock-server')\n${uses}`,
  )
  for (const file of ['module.mjs', 'commonjs.cjs']) {
    const said = execFileSync(process.execPath, [join(app, file)], { encoding: 'utf8' })
    if (said.trim() !== 'loaded') throw new Error(`${file} said ${said}`)
  }
  for (const command of ['mock-teamserver', 'teamserver-engine']) {
    const room = command === 'mock-teamserver' ? 'mock-server' : 'sdk'
    const file = join(modules, 'teamserver-engine/dist', room, `${command}.js`)
    const said = execFileSync(process.execPath, [file, '--version'], { encoding: 'utf8' })
    if (said.trim() !== version) throw new Error(`${command} --version said ${said}`)
  }
}

/**
 * @param {string} script
 * @param {readonly string[]} args
 */
function tool(script, args) {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    stdio: 'inherit',
  })
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  const { npm_execpath: script } = process.env
  const [file, first] = script === undefined ? ['npm', []] : [process.execPath, [script]]
  return execFileSync(file, [...first, ...args, '--loglevel=error'], { cwd, encoding: 'utf8' })
}
