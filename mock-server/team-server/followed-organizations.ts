import { DEFAULT_AGENT_KEY } from '../administration/agent-keys.ts'
import type {
  FirstOrganizationRecords,
  FollowedOrganization,
  Organization,
} from '../organization/organization.ts'
import type { AgentKeyRecord, OrganizationRecord } from '../store/records.ts'
import type { Store } from '../store/store.ts'

/** The organizations of one TeamServer as objects: one for each, that follows what changes. */
export interface FollowedOrganizations {
  view(first: FirstOrganizationRecords): Organization
  /** One that was not made through its object: out of the state file, or over REST. */
  find(id: string): Promise<Organization | undefined>
  follow(changed: OrganizationRecord | AgentKeyRecord): void
  /** Reads all of them again: the store holds something else. */
  refresh(): Promise<void>
}

export function createFollowedOrganizations(
  store: Store,
  makeView: (first: FirstOrganizationRecords) => FollowedOrganization,
): FollowedOrganizations {
  const followed = new Map<string, FollowedOrganization>()

  const view: FollowedOrganizations['view'] = (first) => {
    const { id } = first.organization
    const found = followed.get(id) ?? makeView(first)
    followed.set(id, found)
    return found.organization
  }

  async function readAgain(id: string): Promise<void> {
    const [latest, latestKey] = [await store.organization(id), await defaultKeyOf(store, id)]
    for (const record of [latest, latestKey]) if (record) followed.get(id)?.follow(record)
  }

  return {
    view,
    async find(id) {
      const known = followed.get(id)
      if (known !== undefined) return known.organization
      const [organization, agentKey] = [await store.organization(id), await defaultKeyOf(store, id)]
      if (organization === undefined || agentKey === undefined) return undefined
      const found = view({ organization, agentKey })
      // Whatever was changed while it was looked for.
      await readAgain(id)
      return found
    },
    follow(changed) {
      const id = 'kind' in changed ? changed.organizationId : changed.id
      followed.get(id)?.follow(changed)
    },
    async refresh() {
      for (const id of followed.keys()) await readAgain(id)
    },
  }
}

/** The last key of the name `default`, which may be deleted. */
async function defaultKeyOf(store: Store, organizationId: string) {
  if ((await store.organization(organizationId)) === undefined) return undefined
  const callers = await store.callers(organizationId)
  return callers
    .filter((each) => each.kind === 'agent')
    .findLast(({ name }) => name === DEFAULT_AGENT_KEY)
}
