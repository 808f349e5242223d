import { CSV_TYPE } from '../../../documents/csv.ts'
import { type Columns, tableAsCsv, tableAsXml } from '../../../documents/table.ts'
import { XML_TYPE } from '../../../documents/xml.ts'
import { type LibraryRecord, libraryScore } from '../../../inventory/library.ts'
import { attachment, fileWord } from '../../attachment.ts'
import { ALL_ROLES, route } from '../../route.ts'
import { readLibraryOrder } from './library-filter.ts'
import { type LibraryScene, libraryFileName, libraryGrade } from './library-resource.ts'
import { aboutLibraries, ORGANIZATION } from './library-scope.ts'

/** XLSX is documented as well, and not made here. */
const FORMATS = ['CSV', 'XML'] as const

/** Exports the libraries of these hashes; without any, all. */
export const exportLibraries = route({
  method: 'POST',
  path: `${ORGANIZATION.path}/export`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Export libraries as CSV or XML: those of some hashes, or all',
    isOurs: false,
    answerType: ['text/csv', 'application/xml'],
    query: {
      hashes: 'Hashes of libraries; all without it',
      exportFileType: 'CSV (or without it) or XML',
      sort: 'fileName, score or usage; with - in front for descending',
    },
  },
  answer: (call) =>
    aboutLibraries(call, call.query, ({ libraries, scene, reader, title }) => {
      const format = reader.choice('exportFileType', FORMATS) ?? 'CSV'
      const hashes = new Set(reader.list('hashes').map((hash) => hash.toLowerCase()))
      const sorted = readLibraryOrder(reader)
      const refused = reader.refusal()
      if (refused !== undefined) return refused
      const rows = sorted(
        libraries.filter(({ hash }) => hashes.size === 0 || hashes.has(hash)),
      ).map((library) => rowOf(library, scene))
      const fileName = `libraries-${fileWord(title)}`
      return format === 'CSV'
        ? attachment(`${fileName}.csv`, CSV_TYPE, tableAsCsv(COLUMNS, rows))
        : attachment(
            `${fileName}.xml`,
            XML_TYPE,
            tableAsXml(['libraries', 'library'], COLUMNS, rows),
          )
    }),
})

const COLUMNS: Columns<keyof ReturnType<typeof rowOf>> = [
  ['Library Name', 'name'],
  ['Version', 'version'],
  ['Language', 'language'],
  ['Hash', 'hash'],
  ['License', 'license'],
  ['Grade', 'grade'],
  ['Score', 'score'],
  ['Latest Version', 'latestVersion'],
  ['Months Outdated', 'monthsOutdated'],
  ['CVEs', 'weaknesses'],
  ['Applications', 'applications'],
  ['First Seen', 'firstSeen'],
  ['Last Seen', 'lastSeen'],
]

function rowOf(library: LibraryRecord, { applications }: LibraryScene) {
  return {
    name: libraryFileName(library),
    version: library.version,
    language: library.language,
    hash: library.hash,
    license: library.license,
    grade: libraryGrade(library),
    score: libraryScore(library),
    latestVersion: library.latestVersion,
    monthsOutdated: library.monthsOutdated,
    weaknesses: library.weaknesses.map(({ name }) => name).join(', '),
    applications: applications
      .filter(({ name }) => library.uses.has(name))
      .map(({ name, displayName = name }) => displayName)
      .join(', '),
    firstSeen: library.firstSeenAt.toISOString(),
    lastSeen: library.lastSeenAt.toISOString(),
  }
}
