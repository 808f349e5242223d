import { done } from '../done.ts'
import { createLinkMaker, type LinkTarget } from '../listing/links.ts'
import { createQueryReader } from '../listing/query.ts'
import { ALL_ROLES, type Call, route } from '../route.ts'

/** Of each kind, as many as are shown; all are counted. */
const SHOWN = 5

/** Something that was found, and where to read more of it. */
interface Found {
  readonly id: string
  readonly name: string
  readonly path: string
}

/** Searches for whatever has a text in its name. */
export const search = route({
  method: 'GET',
  path: '/ng/:org/search',
  access: { people: ALL_ROLES },
  description: {
    summary: 'Search for applications, servers, vulnerabilities and libraries',
    isOurs: false,
    answer: 'OrganizationSearchResultsResponse',
    query: { q: 'Part of a name, a title or a URL' },
  },
  async answer(call: Call) {
    const query = createQueryReader(call.query)
    const text = query.required('q', query.text('q'))
    const refused = query.refusal()
    if (refused !== undefined) return refused
    const wanted = (text ?? '').toLowerCase()
    const links = createLinkMaker(call.address, query.expand())
    const found = await findAll(call, wanted)
    const results = found.map(([filterType, name, items]) => ({
      filterType,
      name,
      count: items.length,
      items: items.slice(0, SHOWN).map(({ id, name: itemName, path }) => ({
        id,
        name: itemName,
        ...links(['self', path] satisfies LinkTarget),
      })),
    }))
    return done({ results, count: results.reduce((sum, { count }) => sum + count, 0) })
  },
})

async function findAll(
  { store, organization: { id: org } }: Call,
  text: string,
): Promise<readonly (readonly [type: string, name: string, items: readonly Found[]])[]> {
  const base = `/ng/${org}`
  const isNamed = ({ name }: { readonly name: string }) => name.toLowerCase().includes(text)
  const { vulnerabilities } = await store.searchVulnerabilities(org, { filter: { text } })
  return [
    [
      'APPLICATIONS',
      'Applications',
      (await store.applications(org))
        .filter(isNamed)
        .map(({ id, name }) => ({ id, name, path: `${base}/applications/${id}` })),
    ],
    [
      'SERVERS',
      'Servers',
      (await store.servers(org))
        .filter(isNamed)
        .map(({ id, name }) => ({ id: String(id), name, path: `${base}/servers/${id}` })),
    ],
    [
      'VULNERABILITIES',
      'Vulnerabilities',
      vulnerabilities.map(({ uuid, title }) => ({
        id: uuid,
        name: title,
        path: `${base}/orgtraces/filter/${uuid}`,
      })),
    ],
    [
      'LIBRARIES',
      'Libraries',
      (await store.libraries(org)).filter(isNamed).map(({ hash, name, version, language }) => ({
        id: hash,
        name: `${name} ${version}`,
        path: `${base}/libraries/${language}/${hash}`,
      })),
    ],
  ]
}
