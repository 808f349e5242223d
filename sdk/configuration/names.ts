/** Names a notice lists before it only counts. */
const LISTED_NAMES = 10

/** An unknown name, with the known one that it was perhaps meant to be. */
export function suggestion(name: string, known: readonly string[]): string {
  const shown = printable(name)
  const nearest = shown === name ? nearestName(name, known) : undefined
  return nearest === undefined ? shown : `${shown} (perhaps ${nearest}?)`
}

/** Lists unknown names: `apikey (perhaps api_key?), colour and 3 more`. */
export function listOfNames(names: readonly string[], known: readonly string[]): string {
  const listed = names.slice(0, LISTED_NAMES).map((name) => suggestion(name, known))
  const rest = names.length - listed.length
  return rest === 0 ? listed.join(', ') : `${listed.join(', ')} and ${rest} more`
}

/** A name as a line of the log can carry it: in a file that is torn, a key may stand where a name should. */
export function printable(name: string): string {
  const isName = /^[\w.-]{1,64}$/.test(name) && name.split(/[._-]+/).every(isWord)
  return isName ? name : '(a name of unusual length or characters)'
}

/** Short, or of one case, or inCamelCase, with a number at its end: what random characters hardly are. */
function isWord(word: string): boolean {
  return (
    word.length < 8 ||
    /^([a-z]+|[A-Z]+|[A-Z]?[a-z]{2,}([A-Z][a-z]{2,})*([A-Z][a-z])?)\d{0,4}$/.test(word)
  )
}

/** The known name that differs in case and punctuation only, else the one at most two slips away. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  const slips = known.map((candidate) => ({ candidate, count: slipsBetween(name, candidate) }))
  const best = slips.sort((one, other) => one.count - other.count)[0]
  return best !== undefined && best.count <= 2 ? best.candidate : undefined
}

/** Letters to add, take away or change (Levenshtein) until two names are alike. */
function slipsBetween(one: string, other: string): number {
  const from = lettersOf(one)
  const to = lettersOf(other)
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of from.entries()) {
    const next = [line + 1]
    for (const [column, wanted] of to.entries()) {
      const changed = (row[column] ?? 0) + (letter === wanted ? 0 : 1)
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

function lettersOf(name: string): string[] {
  return [...name.toLowerCase().replace(/[^a-z0-9]/g, '')]
}
