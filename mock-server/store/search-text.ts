import { ruleOf } from '../inventory/rules.ts'
import {
  idOf,
  type KeptVulnerability,
  type Surroundings,
  searchTextOf,
} from './kept-vulnerability.ts'

/**
 * Makes what tells whether a text is in the title, the rule or the URL of a vulnerability, or begins its id.
 *
 * Few have it, and to know what each says it would have to be parsed: so a finding is looked through as it is kept
 * first, which costs a tenth, and parsed where the text is somewhere in it.
 *
 * @param wanted In lower case.
 */
export function searchFor(
  wanted: string,
  around: Surroundings,
): (each: KeptVulnerability) => boolean {
  // As it stands in a finding, which is JSON.
  const inJson = JSON.stringify(wanted).slice(1, -1)
  const id = ID_BEGINNING.test(wanted) ? wanted.toUpperCase() : undefined
  const rules = new Map<string, boolean>()
  /** A title that was not reported is that of the rule. */
  const isInRule = (name: string) => {
    const known = rules.get(name) ?? `${name}\n${ruleOf(name).title}`.toLowerCase().includes(wanted)
    rules.set(name, known)
    return known
  }
  return (each) => {
    if (id !== undefined && idOf(each, around.organizationId).startsWith(id)) return true
    const isWorthALook =
      each.looked?.searchText !== undefined ||
      isInRule(each.rule) ||
      around.read(each).toLowerCase().includes(inJson)
    return isWorthALook && searchTextOf(each, around).includes(wanted)
  }
}

/** To make the ids of all takes time, and any short text is somewhere in one of many. */
const ID_BEGINNING = /^[a-z2-9]{4}(-[a-z2-9]{0,4}){1,3}$/
