#!/usr/bin/env node
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { TeamServerError, type TeamServerErrorCode } from '../errors.ts'
import { MOCK_VERSION } from '../version.ts'
import type { ReplayCommandOptions } from './replay.ts'
import type { RunOptions } from './run.ts'
import { type ServeOptions, serve } from './serve.ts'

/** What the process ends with, so that a script can tell one mistake from another. */
const EXIT_CODES: Partial<Record<TeamServerErrorCode, number>> = {
  ERR_OPTION_INVALID: 2,
  ERR_CONFIG_FILE: 3,
  ERR_KEY_INVALID: 3,
  ERR_NAME_TAKEN: 3,
  ERR_RECORDING: 2,
  ERR_LISTEN: 4,
  ERR_STATE_FILE: 5,
}

const EXIT_USAGE = 2

/** What starting takes, with or without a command to run. */
function withStartOptions(command: Command, defaultPort: number): Command {
  return command
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', readPort, defaultPort)
    .option('--port-file <file>', 'file to write the address to when it is ready')
    .option(
      '--organization <name>',
      'name of the organization to make, or to show from --config or --state',
    )
    .addOption(
      new Option(
        '--api-key <state>',
        'the second layer: whether requests need the organization API key (default: off, or as it is kept)',
      ).choices(['on', 'off']),
    )
    .option('--config <file>', 'YAML file of organizations, keys, people and policies, see below')
    .option(
      '--seed <demo[:number]>',
      'put a believable organization in place; the same for the same number',
      readDemo,
    )
    .option('--state <file>', 'file that keeps organizations, keys, people and policies, see below')
    .option('--tls', 'speak TLS, with a certificate made on the spot', false)
    .option('--tls-cert <file>', 'certificate to show instead, as PEM; switches TLS on')
    .option('--tls-key <file>', 'its private key, as PEM')
    .option(
      '--tls-client-ca <file>',
      'authority whose client certificates alone are let in, as PEM',
    )
    .option('--tls-ca-file <file>', 'file to write to what clients are to trust')
    .option('--record <file>', 'file to write each call of an engine to, for `replay`')
    .option('--control', 'open the control API at /control, for callers on this machine', false)
    .option(
      '--control-from <cidr...>',
      'addresses or ranges that may use the control API beside this machine; with --control',
    )
    .configureOutput({
      outputError: (text, write) =>
        write(`mock-teamserver: ${onOneLine(text)} Run \`mock-teamserver --help\`.\n`),
    })
    .exitOverride()
}

const program = withStartOptions(new Command('mock-teamserver'), 8_080)
  .description(
    'A mock TeamServer on this machine: it takes reports of engines, enforces both layers of keys, ' +
      'and shows each request that it took or refused and why.',
  )
  .version(MOCK_VERSION)
  .option('--json', 'print one line of JSON when ready, for programs', false)
  .enablePositionalOptions()
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    `
A file for --config; every field but a name and a role may be left out and is generated:

  organizations:
    - name: Shop
      apiKey: { enabled: true, value: "<32 characters>" }
      agentKeys:
        - name: default
          serviceKey: "<32 characters>"
      people:
        - { role: admin, userName: admin@shop, password: "<first password>" }
      addressRanges: { ranges: [10.0.0.0/8], appliesToAgents: false }
  people:
    - { role: superadmin, userName: root }
  keyPolicy:
    organizationApiKey: { keyLength: 32, minNumbers: 6, minUpperCase: 6, minLowerCase: 6 }
  passwordPolicy: { minLength: 12 }

With --state FILE an application that was configured once stays configured: FILE keeps all but reports,
sessions and the audit log, FILE.key what its keys are digested and sealed with; neither is of use without
the other. What FILE knows wins over --config, of which only new organizations and people are added.
Passwords are shown by the start that makes them, and null in the JSON of later ones.

Examples:
  mock-teamserver                              on http://127.0.0.1:8080/Contrast
  mock-teamserver --port 0 --json              a free port, its address and keys as JSON
  mock-teamserver --api-key on --control       both layers on; see what arrived with curl
  mock-teamserver --state teamserver.json      the same organization and keys at each start
  mock-teamserver --tls --tls-ca-file ca.pem   TLS; engines trust it by CONTRAST__API__CERTIFICATE__CA_FILE
  mock-teamserver run -- npm test              one run of a command, whose engines report to it

Ends with 0 when it is told to stop, 2 for a wrong option, 3 for a wrong --config file, 4 when it
cannot listen, 5 when it cannot use the --state file.`,
  )
  .action((options: ServeOptions) => serve(options))

const runCommand = withStartOptions(new Command('run'), 0)
  .description(
    'Start it on a free port, run a command with the variables of an engine set, say what was taken and ' +
      'refused, and end with what the command ended with.',
  )
  .argument('<command...>', 'the command and its arguments, behind --')
  .option('--json', 'say it as one line of JSON, on standard error', false)
  .passThroughOptions()
  .addHelpText(
    'after',
    `
The command gets CONTRAST__API__URL, CONTRAST__API__USER_NAME, CONTRAST__API__SERVICE_KEY and, with layer
two on, CONTRAST__API__API_KEY; with --tls CONTRAST__API__CERTIFICATE__CA_FILE; with --control also MOCK_TEAMSERVER_CONTROL_URL and _TOKEN. Its output is
left alone: what was taken and refused is said on standard error.

Examples:
  mock-teamserver run -- npm test
  mock-teamserver run --api-key on -- node --import teamserver-engine/register app.js`,
  )
  .action(async (command: readonly string[], options: RunOptions) => {
    // Loaded by whoever runs something: who only serves starts sooner.
    const { run } = await import('./run.ts')
    process.exitCode = await run(command, options)
  })
program.addCommand(runCommand)

program
  .command('replay')
  .description(
    'Send the calls of a recording again, with the credentials in CONTRAST__API__USER_NAME, ' +
      'CONTRAST__API__SERVICE_KEY and, with layer two on, CONTRAST__API__API_KEY. Ends with 1 when one of them ' +
      'is answered otherwise than it was then.',
  )
  .argument('<file>', 'what --record wrote')
  .option('--url <url>', 'where to, ending in /Contrast (default: CONTRAST__API__URL)')
  .option('--pace', 'as far apart as they were recorded, not one after another', false)
  .exitOverride()
  .action(async (file: string, options: ReplayCommandOptions) => {
    const { replayFile } = await import('./replay.ts')
    process.exitCode = await replayFile(file, options)
  })

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

/** Says what went wrong, once and without a stack, and what the process ends with. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  if (error instanceof TeamServerError) {
    console.error(error.message.replace(/^/gm, 'mock-teamserver: '))
    return EXIT_CODES[error.code] ?? 1
  }
  console.error('mock-teamserver: failed by a mistake of its own:', error)
  return 1
}

/** A mistake as the parser tells it, without `error:` in front; a suggestion stands on a line of its own. */
function onOneLine(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ')
  return /[.?!)]$/.test(line) ? line : `${line}.`
}

function readDemo(text: string): string {
  const [, number = '1'] = /^demo(?::(\d{1,10}))?$/.exec(text) ?? [text, 'none']
  if (Number(number) <= 4_294_967_295) return text
  throw new InvalidArgumentError('It is demo, or demo: and a number from 0 to 4294967295.')
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port
  throw new InvalidArgumentError('A port is a whole number from 0 to 65535.')
}
