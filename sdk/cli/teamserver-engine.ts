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
  .description('Shows where each setting comes from, and tries whether a report would be accepted.')
  .option('--json', 'print one JSON document, for programs', false)
  .allowExcessArguments(false)
  .addHelpText(
    'after',
    `
Settings are read as the engine reads them: the environment, the YAML files, the pre-fitted
credentials. Secrets are masked. Nothing is stored at TeamServer: the check is a heartbeat.

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
