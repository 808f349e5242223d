// Makes sdk/wire/messages.ts from sdk/wire/schemas.json. With --check: says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { compile } from 'json-schema-to-typescript'

const SCHEMAS = new URL('../sdk/wire/schemas.json', import.meta.url)
const MESSAGES = new URL('../sdk/wire/messages.ts', import.meta.url)

const schemas = JSON.parse(readFileSync(SCHEMAS, 'utf8'))
const text = await compile({ ...schemas, type: 'object', additionalProperties: false }, 'Wire', {
  bannerComment: '// Made from schemas.json by `npm run generate`. Do not edit.',
  unreachableDefinitions: true,
  additionalProperties: false,
  declareExternallyReferenced: true,
  style: { semi: false, singleQuote: true, printWidth: 100 },
})
// The root has no properties of its own, and a list of literals needs no tuple type.
const wanted = text
  .replace(/\/\*\*\n \* Every message between[\s\S]*?export interface Wire \{\}\n/, '')
  .replace(
    /\n[ ]*\/\*\*\n(?:[ ]*\*[^\n]*\n)*?[ ]*\* This (?:interface|type) was referenced by[\s\S]*?\*\/\n/g,
    (comment) => {
      const lines = comment
        .split('\n')
        .filter((line) => !/was referenced by|via the `definition`|^ *\*$/.test(line))
      return lines.filter((line) => line.trim() !== '').length <= 2 ? '\n' : lines.join('\n')
    },
  )

if (process.argv.includes('--check')) {
  if (readFileSync(MESSAGES, 'utf8') === wanted) process.exit(0)
  console.error(
    'sdk/wire/messages.ts is not what sdk/wire/schemas.json says: run `npm run generate`',
  )
  process.exit(1)
}
writeFileSync(MESSAGES, wanted)
