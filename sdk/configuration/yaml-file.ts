import { dirname } from 'node:path'
import { EngineError } from '../errors.ts'
import { listOfNames } from './names.ts'
import {
  isForOtherAgents,
  SETTING_AT_YAML,
  SETTINGS,
  type SettingName,
  YAML_SECTIONS,
} from './settings.ts'
import { readSmallFile } from './small-file.ts'
import type { Given, Notice, Raw, Source } from './source.ts'
import { readYamlDocument, type YamlEntry, type YamlValue } from './yaml-document.ts'
import { PATH_VARIABLE, type YamlPlace } from './yaml-places.ts'

/** Larger files are not parsed. */
const FILE_LIMIT_BYTES = 65_536

/** The top of the file until 2018, for what is `api` now. */
const OLDER_SECTION = 'contrast'

export interface YamlFile {
  readonly source: Source
  readonly notices: readonly Notice[]
  /** As in `SmallFile`. */
  readonly stamp: string
}

/**
 * Reads one configuration file.
 *
 * @returns `undefined` if there is none.
 * @throws {EngineError} `ERR_CONFIGURATION_FILE`, for a file that cannot be read, that the user named
 *   and that is missing, or that is no configuration.
 */
export function readYamlFile(place: YamlPlace): YamlFile | undefined {
  const file = readSmallFile(place.path, FILE_LIMIT_BYTES)
  if (file.status === 'missing' && !place.isNamed) return undefined
  if (file.status !== 'read') {
    const why = file.status === 'missing' ? 'does not exist' : file.why
    const namedBy = place.isNamed ? `, which ${PATH_VARIABLE} names,` : ''
    throw new EngineError('ERR_CONFIGURATION_FILE', `${place.path}${namedBy} ${why}`)
  }
  const found = settingsOf(place.path, readYamlDocument(place.path, file.bytes))
  const notices = noticesOf(place.path, found)
  const hasSecret = [...found.source.keys()].some((name) => SETTINGS[name].isSecret)
  if (file.isReadableByAll && hasSecret) {
    const text = `${place.path} holds a key and every user of this machine may read it`
    notices.push({ level: 'warn', text: `${text}; chmod o-r` })
  }
  return { source: found.source, notices, stamp: file.stamp }
}

interface Found {
  readonly source: Map<SettingName, Given>
  readonly unknown: string[]
  hasOlderSection: boolean
}

function settingsOf(path: string, entries: readonly YamlEntry[]): Found {
  const found: Found = { source: new Map(), unknown: [], hasOlderSection: false }
  visit(entries, '')
  return found

  function visit(section: readonly YamlEntry[], prefix: string): void {
    for (const { key, line, value } of section) {
      const place = prefix + key
      // A dot inside a key would make two spellings of one place.
      const setting = key.includes('.') ? undefined : SETTING_AT_YAML.get(place)
      if (setting !== undefined) add(setting, `${path}:${line} ${place}`, value)
      else if (place === OLDER_SECTION) found.hasOlderSection = true
      else if (value.type === 'map') visit(value.entries, `${place}.`)
      else if (YAML_SECTIONS.has(place)) {
        // A section whose keys are all commented out is as good as none.
        if (isEmpty(value)) continue
        const what = `${path}:${line} ${place} must be a section of keys; got a ${value.type}`
        throw new EngineError('ERR_CONFIGURATION_FILE', what)
      } else if (!isForOtherAgents(place)) found.unknown.push(place)
    }
  }

  function add(name: SettingName, where: string, value: YamlValue): void {
    const { isExact } = SETTINGS[name].kind
    if (!isExact && value.type === 'scalar' && value.text === '') return
    const origin = { source: 'yaml', where } as const
    found.source.set(name, { raw: rawOf(value, isExact), origin, folder: dirname(path) })
  }
}

function rawOf(value: YamlValue, isExact: boolean): Raw {
  if (value.type !== 'scalar') return { form: 'typed', value: plainOf(value) }
  const { text, isPlain, hasComment } = value
  if (!isPlain) return { form: 'quoted', text }
  if (/^(null|~|)$/i.test(text)) {
    return { form: 'unclear', why: 'is null or empty; quote it or leave it out' }
  }
  if (isExact && hasComment) {
    return { form: 'unclear', why: 'is followed by #; quote it, or take the comment away' }
  }
  return { form: 'text', text }
}

function isEmpty(value: YamlValue): boolean {
  return value.type === 'scalar' && value.isPlain && value.text === ''
}

/** Lists and maps as a program would pass them. */
function plainOf(value: YamlValue): unknown {
  if (value.type === 'scalar') return value.text
  if (value.type === 'list') return value.items.map(plainOf)
  const plain: Record<string, unknown> = Object.create(null)
  for (const entry of value.entries) plain[entry.key] = plainOf(entry.value)
  return plain
}

function noticesOf(path: string, { unknown, hasOlderSection }: Found): Notice[] {
  const notices: Notice[] = []
  if (unknown.length > 0) {
    const names = listOfNames(unknown, [...SETTING_AT_YAML.keys()])
    notices.push({ level: 'warn', text: `${path}: unknown keys are ignored: ${names}` })
  }
  if (hasOlderSection) {
    const text = `${path}: the section ${OLDER_SECTION} is an older form and ignored; call it api`
    notices.push({ level: 'warn', text })
  }
  return notices
}
