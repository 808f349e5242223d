#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { VERSION } from '../version.ts'
import { doctor } from './doctor.ts'

const EXIT_USAGE = 2

const program = new Command('teamserver-engine')
  .description('Looks after the engine that an application embeds.')
  .version(VERSION)
  .configureOutput({
    outputError: (text, write) =>
      write(`teamserver-engine: ${onOneLine(text)} Run \`teamserver-engine --help\`.\n`),
  })
  .exitOverride()

program
  .command('doctor')
  .description('Shows where each setting comes from, and why a report would be accepted or not.')
  .option('--json', 'print one JSON document, for programs', false)
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    `
Settings are read as the engine reads them: the environment, the YAML files, the pre-fitted credentials.
What an application passes to createEngine() in its code is not known here. Secrets are masked.

Then it goes the way of a report, one step at a time, and says at each what it found and what to do:

  configuration  what is set, and whether it fits together
  url            where the TeamServer is meant to be
  dns            which addresses its name leads to
  proxy          whether the proxy is there and lets the engine through
  connection     whether anybody takes connections there
  tls            who vouches for the certificate and until when, and its pin for certificate.pins
  teamserver     whether it is a TeamServer that answers
  layer one      whether it takes the generated credentials
  layer two      whether it takes the organization API key, or asks for none

Nothing is stored at TeamServer: the last three are one heartbeat.

Examples:
  $ CONTRAST_CONFIG_PATH=/srv/shop/contrast_security.yaml npx teamserver-engine doctor
  $ npx teamserver-engine doctor --json | jq '.checks[] | select(.outcome == "fail")'

Ends with 0 only if a report would be accepted, with 1 if not, with 2 for a wrong option.`,
  )
  .action(async (options: { readonly json: boolean }) => {
    process.exitCode = (await doctor({ isJson: options.json })) ? 0 : 1
  })

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE
}

/** A mistake as the parser tells it, without `error:` in front; a suggestion stands on a line of its own. */
function onOneLine(text: string): string {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ')
  return /[.?!)]$/.test(line) ? line : `${line}.`
}
