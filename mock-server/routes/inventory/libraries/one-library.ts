import type { LibraryRecord } from '../../../inventory/library.ts'
import { done } from '../../done.ts'
import { notFound } from '../../listing/not-found.ts'
import { ALL_ROLES, route } from '../../route.ts'
import { libraryResource } from './library-resource.ts'
import { aboutLibraries, ORGANIZATION } from './library-scope.ts'

/** Shows one library by its hash. */
export const showLibrary = route({
  method: 'GET',
  path: `${ORGANIZATION.path}/:lang/:hash`,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show a library',
    isOurs: false,
    answer: 'LibraryResponse',
    query: { expand: 'vulns, apps; skip_links leaves links out' },
  },
  answer: (call) =>
    aboutLibraries(call, call.query, ({ libraries, scene }) => {
      const library = libraries.find((each) => isNamed(each, call.parameters))
      return library === undefined
        ? notFound('library')
        : done({ library: libraryResource(library, scene) })
    }),
})

function isNamed(
  { hash, language }: LibraryRecord,
  { lang = '', hash: wanted = '' }: Readonly<Record<string, string>>,
): boolean {
  return hash === wanted.toLowerCase() && language.toLowerCase() === lang.toLowerCase()
}
