import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { afterAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { COMPOSE_FIELDS } from './compose-fields.ts'
import { forgetPackage, installExample, runCommand } from './installed-example.ts'

// What can be said without a container engine: the file, and its commands on this machine.

interface Service {
  readonly image: string
  readonly command: readonly [string, ...string[]]
  readonly environment?: Readonly<Record<string, string>>
  readonly healthcheck?: { readonly test: readonly ['CMD', string, ...string[]] }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

const FILE = fileURLToPath(new URL('../../examples/in-compose/compose.yaml', import.meta.url))
const file: { readonly services: Readonly<Record<'mock-teamserver' | 'app', Service>> } = parse(
  readFileSync(FILE, 'utf8'),
)
const { 'mock-teamserver': mock, app } = file.services

afterAll(forgetPackage)

test('the compose file has fields of the specification alone, and its images are pinned', () => {
  const ajv = new Ajv({ allErrors: true })
  expect(ajv.validate(COMPOSE_FIELDS, file), ajv.errorsText()).toBe(true)
})

test('the application waits for a mock that is healthy, and asks it by the name of its service', () => {
  expect(app.depends_on).toEqual({ 'mock-teamserver': { condition: 'service_healthy' } })
  expect(mock.healthcheck?.test).toBeDefined()
  expect(app.environment?.CONTRAST__API__URL).toBe('http://mock-teamserver:8080/Contrast')
})

test('the commands of the compose file run: not healthy, healthy, a report accepted', async () => {
  await using place = await installExample('in-compose')
  const [, ...health] = mock.healthcheck?.test ?? ['CMD', 'false']
  const [command, ...args] = mock.command
  const server = spawn(join(place.folder, command), [...args, '--port', '0', '--json'], {
    cwd: place.folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(server, 'exit')
  try {
    const [line] = await once(createInterface(server.stdout), 'line')
    const { port } = new URL(JSON.parse(line).url)
    const at = (text: string) => text.replace(/:8080\b/, `:${port}`)
    const check = health.map(at) as [string, ...string[]]
    expect(await runCommand(place.folder, check)).toEqual({ code: 0, stdout: '', stderr: '' })

    const environment = Object.entries(app.environment ?? {}).map(
      ([name, value]) => [name, at(value).replace('//mock-teamserver:', '//127.0.0.1:')] as const,
    )
    const ran = await runCommand(place.folder, app.command, Object.fromEntries(environment))
    expect(ran).toEqual({ code: 0, stdout: '1 accepted\n', stderr: expect.any(String) })

    server.kill()
    expect(await ended).toEqual([0, null])
    expect(await runCommand(place.folder, check)).toMatchObject({ code: 1, stdout: '' })
  } finally {
    server.kill()
  }
})

test('without its API key the application of the compose file ends with 1', async () => {
  const { CONTRAST__API__API_KEY: apiKey } = app.environment ?? {}
  const seed = readFileSync(FILE.replace('compose.yaml', 'teamserver.yaml'), 'utf8')
  expect(parse(seed).organizations[0].apiKey).toEqual({ enabled: true, value: apiKey })
  await using place = await installExample('in-compose')
  const run = ['npx', 'mock-teamserver', 'run', '--config', 'teamserver.yaml', '--'] as const
  const without = ['env', '-u', 'CONTRAST__API__API_KEY', ...app.command] as const
  const { code, stdout } = await runCommand(place.folder, [...run, ...without])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '0 accepted\n' })
})
