import { firstDifference } from '../matching/difference.ts'
import type { Fault } from './fault.ts'
import { type CheckedRule, checkRule, type FaultRule } from './fault-rule.ts'

/** A rule that is in force. */
export interface PlantedFault {
  /** 1, 2, 3 … in the order of planting. */
  readonly id: number
  /** As it was given. */
  readonly rule: FaultRule
  /** What its chance was drawn with: give it again as `seed` to have the same. */
  readonly seed: number
  /** Requests that it matched. */
  readonly matches: number
  /** Requests that it spoiled. */
  readonly hits: number
  /** Nothing more will come of it. */
  readonly isSpent: boolean
  /** Takes it away. */
  remove(): void
}

/** What goes wrong on purpose. The first rule that applies to a request decides. */
export interface Faults {
  /**
   * Plants a rule, or what its `do` would be: `'503'`, `['503', 'reset', 'ok']`.
   *
   * @throws `ERR_OPTION_INVALID`, naming the field and what can be written.
   */
  add(rule: string | readonly string[] | FaultRule): PlantedFault
  /** The rules that are there, oldest first. */
  list(): readonly PlantedFault[]
  /** Takes every rule away. */
  clear(): void
}

/** A request as rules look at it. */
export interface FaultCandidate {
  readonly method: string
  /** Without the query. */
  readonly path: string
  /** Looked up only if a rule asks. */
  organizationId(): Promise<string | undefined>
  /** The reports in it, read only if a rule asks. */
  reports(): Promise<readonly unknown[]>
}

/** What is to happen to a request. */
export interface DrawnFault {
  readonly text: string
  readonly fault: Fault
  /** Evenly from [0, 1), by the seed of the rule. */
  readonly random: () => number
}

/** The same for the mock's own use. */
export interface FaultRegistry extends Faults {
  /** True when there is nothing to look at. */
  readonly isEmpty: boolean
  /** Requests that were spoiled since the start, also by rules that are gone. */
  readonly hits: number
  /** The fault for this request; undefined for none. */
  draw(candidate: FaultCandidate): Promise<DrawnFault | undefined>
  /** A view that plants for one organization, and sees and clears its own alone. */
  ofOrganization(organizationId: string): Faults
}

interface Planted {
  readonly view: PlantedFault
  readonly rule: CheckedRule
  matches: number
  hits: number
}

export function createFaults(): FaultRegistry {
  let planted: readonly Planted[] = []
  let lastId = 0
  let hits = 0

  const remove = (which: (each: Planted) => boolean) => {
    planted = planted.filter((each) => !which(each))
  }

  function add(given: string | readonly string[] | FaultRule): PlantedFault {
    const rule = checkRule(given)
    const id = ++lastId
    const entry: Planted = {
      rule,
      matches: 0,
      hits: 0,
      view: {
        id,
        rule: Object.freeze(isRule(given) ? { ...given } : { do: given }),
        seed: rule.seed,
        get matches() {
          return entry.matches
        },
        get hits() {
          return entry.hits
        },
        get isSpent() {
          return isSpent(entry)
        },
        remove: () => remove((each) => each === entry),
      },
    }
    planted = [...planted, entry]
    return entry.view
  }

  return {
    add,
    list: () => planted.map(({ view }) => view),
    clear: () => remove(() => true),
    get isEmpty() {
      return planted.length === 0
    },
    get hits() {
      return hits
    },
    async draw(candidate) {
      for (const entry of planted) {
        // Spent ones cost nothing; and a request may have spent it while another was looked at.
        if (isSpent(entry) || !(await isMatch(entry.rule, candidate)) || isSpent(entry)) continue
        const drawn = drawFrom(entry)
        if (drawn === undefined) continue
        hits++
        return drawn
      }
      return undefined
    },
    ofOrganization: (organizationId) => ({
      add: (rule) => add({ ...(isRule(rule) ? rule : { do: rule }), organization: organizationId }),
      list: () =>
        planted.filter(({ rule }) => rule.organization === organizationId).map(({ view }) => view),
      clear: () => remove(({ rule }) => rule.organization === organizationId),
    }),
  }
}

/** Counts a match, and draws what comes of it. */
function drawFrom(entry: Planted): DrawnFault | undefined {
  const { rule } = entry
  entry.matches++
  if (rule.nth !== undefined && entry.matches !== rule.nth) return undefined
  if (rule.probability < 1 && rule.random() >= rule.probability) return undefined
  const step = rule.faults[rule.isSequence ? entry.hits % rule.faults.length : 0]
  entry.hits++
  return step && { ...step, random: rule.random }
}

function isSpent({ rule, matches, hits }: Planted): boolean {
  return hits >= rule.times || (rule.nth !== undefined && matches >= rule.nth)
}

/** What costs least is asked first. */
async function isMatch(rule: CheckedRule, candidate: FaultCandidate): Promise<boolean> {
  if (rule.matchesRoute?.(candidate.method, candidate.path) === false) return false
  if (rule.organization !== undefined) {
    if ((await candidate.organizationId()) !== rule.organization) return false
  }
  const { report } = rule
  if (report === undefined) return true
  return (await candidate.reports()).some((each) => firstDifference(report, each) === undefined)
}

function isRule(given: string | readonly string[] | FaultRule): given is FaultRule {
  return typeof given === 'object' && !Array.isArray(given)
}
