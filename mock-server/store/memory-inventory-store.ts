import { libraryKey } from '../inventory/library.ts'
import type { InventoryStore } from './inventory-store.ts'
import { routeKeyOf } from './memory-inventory.ts'
import type { Activity } from './memory-room.ts'

/** The part of a store in memory that is about what reports came to. */
export function createMemoryInventoryStore(
  activityOf: (organizationId: string) => Activity,
): InventoryStore {
  const of = (organizationId: string) => activityOf(organizationId).inventory
  return {
    async feedInventory(organizationId, reports) {
      const { inventory, applications } = activityOf(organizationId)
      for (const stored of reports) {
        const version = applications.get(stored.application)?.version
        inventory.absorb(stored, JSON.stringify(stored.report), version)
      }
    },

    searchVulnerabilities: async (organizationId, search = {}) =>
      of(organizationId).vulnerabilities.search(search),
    vulnerability: async (organizationId, uuid) => of(organizationId).vulnerabilities.find(uuid),
    tallyVulnerabilities: async (organizationId, filter, by) =>
      of(organizationId).vulnerabilities.tally(filter, by),
    changeTriage: async (organizationId, uuid, change) =>
      of(organizationId).vulnerabilities.changeTriage(uuid, change),
    removeVulnerabilities: async (organizationId, uuids) =>
      of(organizationId).vulnerabilities.remove(uuids),

    libraries: async (organizationId) => of(organizationId).libraries.arrivals(),
    async changeLibrary(organizationId, hash, change) {
      const { libraries } = of(organizationId)
      const before = libraries.values().find((each) => each.hash === hash)
      if (before === undefined) return undefined
      const after = change(before)
      libraries.put(libraryKey(after), after)
      return after
    },

    async routes(organizationId, application) {
      const all = of(organizationId).routes.arrivals()
      if (application === undefined) return all
      return all.filter((each) => each.application === application)
    },
    async changeRoute(organizationId, hash, change) {
      const { routes } = of(organizationId)
      const before = routes.values().find((each) => each.hash === hash)
      if (before === undefined) return undefined
      const after = change(before)
      routes.put(routeKeyOf(after), after)
      return after
    },
    async removeRoutes(organizationId, hashes) {
      const { routes } = of(organizationId)
      const found = routes.values().filter(({ hash }) => hashes.includes(hash))
      for (const each of found) routes.delete(routeKeyOf(each))
      return found.length
    },

    attacks: async (organizationId) => of(organizationId).attacks.values(),
    async changeAttack(organizationId, id, change) {
      const { attacks } = of(organizationId)
      const before = attacks.get(id)
      if (before === undefined) return undefined
      const after = change(before)
      attacks.put(id, after)
      return after
    },
    activities: async (organizationId) => of(organizationId).activities.values(),
    components: async (organizationId) => of(organizationId).components.values(),

    clearApplication: async (organizationId, application) =>
      of(organizationId).clearApplication(application),
  }
}
