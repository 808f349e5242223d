import { isUtf8 } from 'node:buffer'
import type { CST, Document, LineCounter, ParsedNode, Scalar, YAMLMap } from 'yaml'
import { EngineError } from '../errors.ts'
import { printable } from './names.ts'
import { loadYaml } from './yaml-module.ts'

/** A value of the file: a scalar, a list or a map, and the line that its key stands on. */
export interface YamlEntry {
  readonly key: string
  readonly line: number
  readonly value: YamlValue
}

export type YamlValue =
  | {
      readonly type: 'scalar'
      /** Exactly as written; without the quotes and with their escapes resolved. */
      readonly text: string
      readonly isPlain: boolean
      /** Whether a comment follows on the line: `abc #c` may have been meant as one value. */
      readonly hasComment: boolean
    }
  | { readonly type: 'list'; readonly items: readonly YamlValue[] }
  | { readonly type: 'map'; readonly entries: readonly YamlEntry[] }

/** Deeper than any documented file. */
const DEPTH_LIMIT = 16
/** What the parser has open at a time: each level of the text takes one or two. */
const STACK_LIMIT = 64

/** One of these is told after everything else; a file of nothing but them would take a while. */
const REFUSED_LIMIT = 100

const REFUSED = {
  alias: 'holds an alias (*); quote the value',
  anchor: 'holds an anchor (&); quote the value',
  tag: 'holds a tag (!); quote the value',
  'directive-line': 'holds a directive (%); leave it out',
} as const

const NO_YAML = 'is not the YAML of a configuration'

type YamlPackage = ReturnType<typeof loadYaml>

/**
 * Reads the part of YAML that a configuration needs: maps, lists and scalars, all of which stay
 * text. Tags, anchors, aliases, merges and a second document are errors.
 *
 * @param file Its name, for errors.
 * @throws {EngineError} `ERR_CONFIGURATION_FILE`, naming file and line, never what stands there.
 */
export function readYamlDocument(file: string, bytes: Uint8Array): readonly YamlEntry[] {
  const text = decode(file, bytes)
  const yaml = loadYaml()
  const lines = new yaml.LineCounter()
  const walk: Walk = { yaml, file, text, lineAt: (offset) => lines.linePos(offset).line }
  const contents = compose(walk, lines)
  if (contents === null) return []
  const value = plainValue(walk, contents, 0)
  if (value.type === 'map') return value.entries
  if (value.type === 'scalar' && value.isPlain && value.text === '') return []
  throw fault(walk, 0, `must hold keys and values at the top; got a ${value.type}`)
}

/** What stays the same on the way through one document. */
interface Walk {
  readonly yaml: YamlPackage
  readonly file: string
  readonly text: string
  lineAt(offset: number): number
}

function decode(file: string, bytes: Uint8Array): string {
  if (isUtf8(bytes)) {
    const text = new TextDecoder().decode(bytes)
    const nul = text.indexOf('\0')
    if (nul === -1) return text
    throw notUtf8(file, text.slice(0, nul).split('\n').length, 'holds a NUL byte')
  }
  const lines = Buffer.from(bytes).toString('latin1').split('\n')
  const bad = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')))
  throw notUtf8(file, bad + 1, 'is not UTF-8 text')
}

function notUtf8(file: string, line: number, what: string): EngineError {
  return new EngineError('ERR_CONFIGURATION_FILE', `${file}:${line} ${what}`)
}

/** @returns The top of the document, or `null` if it is empty. */
function compose(walk: Walk, lines: LineCounter): ParsedNode | null {
  const [document, second] = parse(walk, lines)
  if (document === undefined) return null
  // An error of the package quotes the line that it is about; its code and place do not.
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    const what = problem.code.toLowerCase().replaceAll('_', ' ')
    throw fault(walk, problem.pos[0], `${NO_YAML}: ${what}`)
  }
  if (second !== undefined) {
    throw fault(walk, second.range[0], 'must hold one document; here begins a second one')
  }
  if (document.directives.yaml.version !== '1.2') throw fault(walk, 0, 'must be YAML 1.2')
  return document.contents
}

/** @returns The documents, of which two are as bad as many. */
function parse(walk: Walk, lines: LineCounter): Document.Parsed[] {
  const { yaml, file, text } = walk
  const composer = new yaml.Composer({
    // Leaves every scalar the text that it is: a key like 0012 is no number.
    schema: 'failsafe',
    merge: false,
    prettyErrors: false,
    // The check of the package takes seconds for a file of some thousand keys; see `entriesOf`.
    uniqueKeys: false,
  })
  const documents: Document.Parsed[] = []
  for (const document of composer.compose(tokensOf(), true, text.length)) {
    documents.push(document)
    if (documents.length === 2) break
  }
  return documents

  /**
   * What the package composes goes down into itself as deep as the text does, and a stack that is used
   * up there may end the process, with no exception: the depth is looked at before.
   *
   * @throws {EngineError} `ERR_CONFIGURATION_FILE`
   */
  function* tokensOf(): Generator<CST.Token> {
    lines.addNewLine(0)
    const parser = new yaml.Parser(lines.addNewLine)
    let refused = 0
    let isScalar = false
    for (const lexeme of new yaml.Lexer().lex(text)) {
      // What follows the mark of a scalar is its text, whatever it begins with.
      const type: CST.TokenType | null = isScalar ? 'scalar' : yaml.CST.tokenType(lexeme)
      isScalar = type === 'scalar' && !isScalar
      if (type !== null && Object.hasOwn(REFUSED, type)) {
        refused += 1
        if (refused > REFUSED_LIMIT) throw hereFault(REFUSED[type as keyof typeof REFUSED])
      }
      for (const token of parser.next(lexeme)) {
        // One is enough: a file of nothing but errors would take a while.
        if (token.type === 'error') throw fault(walk, token.offset, `${NO_YAML}: unexpected token`)
        yield token
      }
      if (parser.stack.length > STACK_LIMIT) throw hereFault('is nested too deeply')
    }
    yield* parser.end()
  }

  /** About the line that was read last. */
  function hereFault(what: string): EngineError {
    return new EngineError('ERR_CONFIGURATION_FILE', `${file}:${lines.lineStarts.length} ${what}`)
  }
}

function plainValue(walk: Walk, node: ParsedNode, depth: number): YamlValue {
  const { yaml } = walk
  const offset = node.range[0]
  if (depth > DEPTH_LIMIT) throw fault(walk, offset, 'is nested too deeply')
  if (yaml.isAlias(node)) throw fault(walk, offset, REFUSED.alias)
  refuseProperties(walk, node)
  if (yaml.isScalar(node)) return scalarOf(walk, node)
  if (yaml.isMap(node)) return { type: 'map', entries: entriesOf(walk, node, depth) }
  return { type: 'list', items: node.items.map((item) => plainValue(walk, item, depth + 1)) }
}

function refuseProperties(walk: Walk, node: Exclude<ParsedNode, { type: 'ALIAS' }>): void {
  if ('anchor' in node && node.anchor !== undefined) {
    throw fault(walk, node.range[0], REFUSED.anchor)
  }
  if (node.tag !== undefined) throw fault(walk, node.range[0], REFUSED.tag)
}

function scalarOf(walk: Walk, node: Scalar.Parsed): YamlValue {
  const end = node.range[1]
  return {
    type: 'scalar',
    text: String(node.value),
    isPlain: node.type === 'PLAIN',
    hasComment: /^[ \t]+#/.test(walk.text.slice(end, end + 100)),
  }
}

function entriesOf(
  walk: Walk,
  map: YAMLMap.Parsed<ParsedNode, ParsedNode | null>,
  depth: number,
): YamlEntry[] {
  const entries = new Map<string, YamlEntry>()
  for (const pair of map.items) {
    const offset = pair.key.range[0]
    const name = plainValue(walk, pair.key, depth + 1)
    if (name.type !== 'scalar') throw fault(walk, offset, 'has a key that is no text')
    const key = name.text
    if (key === '<<') throw fault(walk, offset, 'holds a merge (<<)')
    if (entries.has(key)) throw fault(walk, offset, `has the key ${printable(key)} twice`)
    const value = pair.value === null ? NOTHING : plainValue(walk, pair.value, depth + 1)
    entries.set(key, { key, line: walk.lineAt(offset), value })
  }
  return [...entries.values()]
}

/** What `? key` without a colon holds. */
const NOTHING: YamlValue = { type: 'scalar', text: '', isPlain: true, hasComment: false }

function fault(walk: Walk, offset: number, what: string): EngineError {
  return new EngineError('ERR_CONFIGURATION_FILE', `${walk.file}:${walk.lineAt(offset)} ${what}`)
}
