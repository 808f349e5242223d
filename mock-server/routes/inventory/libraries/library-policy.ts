import { done } from '../../done.ts'
import { ALL_ROLES, RULES_ADMIN_AND_UP, route } from '../../route.ts'

const POLICY = '/ng/:org/library/policy'

/** Shows the library policy. */
export const showLibraryPolicy = route({
  method: 'GET',
  path: POLICY,
  access: { people: ALL_ROLES },
  description: {
    summary: 'Show the library policy: it restricts nothing',
    isOurs: false,
    answer: 'LibraryPolicyResponse',
  },
  answer: async () =>
    done({
      fail_libraries: false,
      libraries_versions_requirements: false,
      libraries_versions_requirements_all: 0,
      library_versions_requirements: [],
      oss_enabled: true,
      restrict_libraries: false,
      restricted_libraries: [],
      restricted_licenses: [],
    }),
})

/** Lists the licenses that a policy could restrict. */
export const listPolicyLicenses = route({
  method: 'GET',
  path: `${POLICY}/licenses`,
  access: { people: RULES_ADMIN_AND_UP },
  description: {
    summary: 'List the licenses of the libraries',
    isOurs: false,
    answer: 'LibraryLicensePolicyResponse',
  },
  async answer({ organization, store }) {
    const libraries = await store.libraries(organization.id)
    const licenses = new Set(libraries.flatMap(({ license = [] }) => license))
    return done({ available_licenses: [...licenses].sort() })
  },
})
