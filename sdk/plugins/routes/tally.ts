export type Framework = 'express' | 'fastify' | 'http'

/** Requests of one pattern, method and status since the last `drain`. */
export interface Counter {
  readonly pattern: Pattern
  readonly method: string
  readonly status: number
  count: number
}

export interface Pattern {
  readonly framework: Framework
  readonly text: string
  /** By method, then by status. */
  readonly counters: Map<string, Map<number, Counter>>
}

export interface Drained {
  /** One for each method and pattern that was seen for the first time. */
  readonly discovered: readonly Pick<Counter, 'pattern' | 'method'>[]
  readonly observed: readonly Readonly<Counter>[]
}

/** Counts requests by pattern, method and status. */
export interface Tally {
  find(framework: Framework, text: string): Pattern | undefined
  /** The pattern of that text, made when it is new; `rest(framework)` once there are too many. */
  obtain(framework: Framework, text: string): Pattern
  /** The one pattern, `*`, for whatever has none of its own. Never among the discovered. */
  rest(framework: Framework): Pattern
  count(pattern: Pattern, method: string, status: number): void
  /** What was counted since the last call; the counts begin again at 0. */
  drain(): Drained
}

/** @param limitPatterns Distinct patterns besides `*`, over all frameworks. */
export function createTally(limitPatterns: number): Tally {
  const patterns = {
    express: new Map<string, Pattern>(),
    fastify: new Map<string, Pattern>(),
    http: new Map<string, Pattern>(),
  }
  const rests = {
    express: createPattern('express', REST),
    fastify: createPattern('fastify', REST),
    http: createPattern('http', REST),
  }
  let made = 0
  let discovered: Drained['discovered'][number][] = []
  let observed: Counter[] = []

  function addCounter(pattern: Pattern, givenMethod: string, status: number): Counter {
    // A program may overwrite the method with what a request says.
    const method = METHODS.has(givenMethod) ? givenMethod : 'OTHER'
    let byStatus = pattern.counters.get(method)
    if (byStatus === undefined) {
      byStatus = new Map()
      pattern.counters.set(method, byStatus)
      if (pattern.text !== REST) discovered.push({ pattern, method })
    }
    let counter = byStatus.get(status)
    if (counter === undefined) {
      counter = { pattern, method, status, count: 0 }
      byStatus.set(status, counter)
    }
    return counter
  }

  return {
    find: (framework, text) => patterns[framework].get(text),
    obtain(framework, givenText) {
      const text = givenText.slice(0, LIMIT_CHARACTERS)
      const known = patterns[framework].get(text)
      if (known !== undefined) return known
      if (made === limitPatterns) return rests[framework]
      const pattern = createPattern(framework, text)
      patterns[framework].set(text, pattern)
      made++
      return pattern
    },
    rest: (framework) => rests[framework],
    count(pattern, method, status) {
      const known = pattern.counters.get(method)?.get(status)
      const counter = known ?? addCounter(pattern, method, status)
      if (counter.count++ === 0) observed.push(counter)
    },
    drain() {
      const drained = { discovered, observed: observed.map((counter) => ({ ...counter })) }
      for (const counter of observed) counter.count = 0
      discovered = []
      observed = []
      return drained
    },
  }
}

const REST = '*'

/** What the protocol takes for the pattern of a route. */
const LIMIT_CHARACTERS = 2_048

const METHODS = new Set(
  'GET HEAD POST PUT PATCH DELETE OPTIONS TRACE CONNECT QUERY PROPFIND PROPPATCH MKCOL COPY MOVE LOCK UNLOCK REPORT SEARCH PURGE'.split(
    ' ',
  ),
)

function createPattern(framework: Framework, text: string): Pattern {
  return { framework, text, counters: new Map() }
}
