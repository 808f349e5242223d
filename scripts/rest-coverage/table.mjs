/**
 * The table of docs/rest.md: which documented routes have behaviour and which have their shape alone.
 *
 * @typedef {import('./table.mjs').ServedRoute} ServedRoute
 * @typedef {import('../../mock-server/catalog/catalog.ts').Catalog} Catalog
 * @typedef {import('../../mock-server/catalog/catalog.ts').CatalogRoute} CatalogRoute
 */

/** @type {Readonly<Record<string, string>>} */
const UP = {
  view: 'view and up',
  edit: 'edit and up',
  rules_admin: 'rules_admin and up',
  admin: 'admin',
}

/**
 * @param {Catalog} catalog
 * @param {readonly ServedRoute[]} served
 */
export function coverageOf(catalog, served) {
  const keys = new Set(served.map((route) => keyOf(route.method, pathOf(route))))
  const documented = catalog.routes.filter((entry) => entry[4]?.isSeenInUse !== true)
  const withBehaviour = documented.filter((entry) => keys.has(keyOfEntry(entry))).length
  return {
    documented: documented.length,
    withBehaviour,
    shapeOnly: documented.length - withBehaviour,
    notServed: 0,
  }
}

/** @param {import('./table.mjs').Coverage} coverage */
export function countLine({ documented, withBehaviour, shapeOnly, notServed }) {
  return `documented ${documented}, with behaviour ${withBehaviour}, shape only ${shapeOnly}, not served ${notServed}`
}

/**
 * @param {string} page
 * @param {Catalog} catalog
 * @param {readonly ServedRoute[]} served
 */
export function withCoverage(page, catalog, served) {
  const parts = /(<!-- coverage -->\n)(.*?)(<!-- \/coverage -->)/s.exec(page)
  if (parts === null) throw new Error('the page has no <!-- coverage --> … <!-- /coverage -->')
  const [all, start, , end] = parts
  const count = countLine(coverageOf(catalog, served))
  return page.replace(all, () => `${start}\n${count}\n\n${tableOf(catalog, served)}\n${end}`)
}

/**
 * @param {Catalog} catalog
 * @param {readonly ServedRoute[]} served
 */
function tableOf(catalog, served) {
  const routes = new Map(served.map((route) => [keyOf(route.method, pathOf(route)), route]))
  const known = catalog.routes.map((entry) => {
    const [method, , leastRole, , particulars] = entry
    const route = routes.get(keyOfEntry(entry))
    routes.delete(keyOfEntry(entry))
    const origin = particulars?.isSeenInUse === true ? 'seen in use' : 'documented'
    const who = route === undefined ? documentedWho(entry, leastRole) : servedWho(route)
    return [
      method,
      code(pathOfEntry(entry)),
      who,
      origin,
      route?.description.summary ?? 'shape only',
    ]
  })
  const ours = [...routes.values()].map((route) => [
    route.method,
    code(pathOf(route)),
    servedWho(route),
    'ours',
    route.description.summary,
  ])
  const lines = [
    ['method', 'path', 'who', 'origin', 'what it does'],
    ['---', '---', '---', '---', '---'],
    ...known,
    ...ours,
  ]
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')
}

/**
 * @param {CatalogRoute} entry
 * @param {string | null} leastRole
 */
function documentedWho([, path], leastRole) {
  if (path.includes('/superadmin/')) return 'superadmin'
  if (!path.includes(':org')) return 'every-person'
  return UP[leastRole ?? 'view'] ?? 'admin'
}

/** @param {ServedRoute} route */
function servedWho({ access }) {
  if (typeof access === 'string') return access
  const [least = ''] = access.people
  return access.people.includes('auditor') ? 'admin and auditor' : (UP[least] ?? least)
}

/** @param {string} path */
function code(path) {
  return `\`${path.replace(/^\/Contrast\/api(?=\/)/, '')}\``
}

/** @param {Pick<ServedRoute, 'base' | 'path'>} route */
function pathOf({ base = '/Contrast/api', path }) {
  return `${base}${path}`
}

/** @param {CatalogRoute} entry */
function pathOfEntry([, path, , , particulars]) {
  return `${particulars?.version === 'v1' ? '/Contrast/s' : '/Contrast/api'}${path}`
}

/** @param {CatalogRoute} entry */
function keyOfEntry(entry) {
  return keyOf(entry[0], pathOfEntry(entry))
}

/**
 * @param {string} method
 * @param {string} path
 */
function keyOf(method, path) {
  return `${method} ${path.replace(/:\w+/g, ':')}`
}
