import type { Report } from '../../sdk/wire/messages.ts'
import {
  type ActivityRecord,
  type AttackRecord,
  absorbComponent,
  activityOf,
  attackOf,
  type ComponentRecord,
  componentKey,
} from '../inventory/activity.ts'
import {
  type ApplicationRouteRecord,
  absorbRoute,
  routeKey,
} from '../inventory/application-route.ts'
import { EMPTY_INVENTORY, type InventoryContents } from '../inventory/inventory.ts'
import { absorbLibrary, type LibraryRecord, libraryKey } from '../inventory/library.ts'
import { momentMs } from '../inventory/moment.ts'
import type { ReportSource, TextHeir } from './memory-reports.ts'
import {
  createMemoryVulnerabilities,
  type MemoryVulnerabilities,
} from './memory-vulnerabilities.ts'
import { createNewestMap, type NewestMap } from './newest-map.ts'
import type { StoredReport } from './records.ts'
import type { Retention } from './retention.ts'

/** What the reports of one organization came to, in memory. */
export interface MemoryInventory {
  readonly vulnerabilities: MemoryVulnerabilities
  readonly libraries: NewestMap<LibraryRecord>
  readonly routes: NewestMap<ApplicationRouteRecord>
  readonly attacks: NewestMap<AttackRecord>
  readonly activities: NewestMap<ActivityRecord>
  readonly components: NewestMap<ComponentRecord>
  /**
   * Takes one report.
   *
   * @param text That of the report, or where it is kept.
   * @param version Of its application.
   * @returns What needs the text for longer than it is kept there.
   */
  absorb(stored: StoredReport, text: string | ReportSource, version?: string): TextHeir | undefined
  clearApplication(application: string): void
  contents(): InventoryContents
}

export function createMemoryInventory(
  organizationId: string,
  retention: Retention,
  read: (source: ReportSource) => string,
  first: InventoryContents = EMPTY_INVENTORY,
): MemoryInventory {
  const { applications: limit } = retention
  const vulnerabilities = createMemoryVulnerabilities(organizationId, retention, read, first)
  const libraries = createNewestMap<LibraryRecord>(retention.libraries)
  const routes = createNewestMap<ApplicationRouteRecord>(retention.routes)
  const attacks = createNewestMap<AttackRecord>(limit)
  const activities = createNewestMap<ActivityRecord>(limit)
  const components = createNewestMap<ComponentRecord>(limit)
  let activityCount = 0

  for (const each of first.libraries) libraries.put(libraryKey(each), each)
  for (const each of first.routes) routes.put(routeKeyOf(each), each)
  for (const each of first.attacks) attacks.put(each.id, each)
  for (const each of first.activities) activities.put(String(++activityCount), each)
  for (const each of first.components) {
    components.put(within(each.application, componentKeyOf(each)), each)
  }

  function absorbOther(report: Exclude<Report, { type: 'finding' }>, stored: StoredReport): void {
    const { application, session } = stored
    const at = new Date(momentMs(report.at, stored.receivedAt))
    switch (report.type) {
      case 'library': {
        const key = libraryKey(report)
        libraries.put(key, absorbLibrary(libraries.get(key), report, application, at))
        return
      }
      case 'route': {
        const key = within(application, routeKey(report))
        routes.put(key, absorbRoute(routes.get(key), report, application, session, at))
        return
      }
      case 'component': {
        const key = within(application, componentKey(report))
        components.put(key, absorbComponent(components.get(key), report, application, at))
        return
      }
      case 'attack':
        attacks.put(report.id, attackOf(report, application, session, at))
        return
      case 'activity':
        activities.put(String(++activityCount), activityOf(report, application, at))
    }
  }

  return {
    vulnerabilities,
    libraries,
    routes,
    attacks,
    activities,
    components,
    absorb(stored, text, version) {
      const { report } = stored
      if (report.type === 'finding') return vulnerabilities.absorb(stored, report, text, version)
      absorbOther(report, stored)
      return undefined
    },
    clearApplication(application) {
      vulnerabilities.clearApplication(application)
      for (const each of libraries.values()) {
        if (!each.uses.has(application)) continue
        const uses = new Map([...each.uses].filter(([name]) => name !== application))
        if (uses.size === 0) libraries.delete(libraryKey(each))
        else libraries.put(libraryKey(each), { ...each, uses })
      }
      for (const each of routes.values()) {
        if (each.application === application) routes.delete(routeKeyOf(each))
      }
      for (const each of attacks.values()) {
        if (each.application === application) attacks.delete(each.id)
      }
      for (const each of components.values()) {
        if (each.application === application) {
          components.delete(within(application, componentKeyOf(each)))
        }
      }
      const others = activities.values().filter((each) => each.application !== application)
      activities.clear()
      for (const each of others) activities.put(String(++activityCount), each)
    },
    contents: () => ({
      vulnerabilities: vulnerabilities.all(),
      nextSerial: vulnerabilities.nextSerial,
      libraries: libraries.values(),
      routes: routes.values(),
      attacks: attacks.values(),
      activities: activities.values(),
      components: components.values(),
    }),
  }
}

/** The key of a route among those of the organization. */
export function routeKeyOf({ application, method, pattern }: ApplicationRouteRecord): string {
  return within(application, `${method} ${pattern}`)
}

function componentKeyOf({ kind = '', name }: ComponentRecord): string {
  return `${kind} ${name}`
}

function within(application: string, key: string): string {
  return `${application}\n${key}`
}
