import type { VulnerabilityFilter } from '../inventory/vulnerability-filter.ts'

/** What a filter found, and as much of it in other orders as somebody asked for. */
export interface Found<Item> {
  /** In the order of arrival. */
  readonly items: readonly Item[]
  /**
   * @param order Its name.
   * @param sort Puts as many as are needed in order.
   * @param count How many of the first are needed.
   */
  sorted(
    order: string,
    sort: (items: readonly Item[]) => readonly Item[],
    count: number,
  ): readonly Item[]
  /** @param by What it is counted by. */
  counted<Count>(by: string, count: (items: readonly Item[]) => Count): Count
}

/** Remembers what filters found, so that the next page does not look for it again. */
export interface FoundLists<Item> {
  /** @param asOf Grows with every change: what was found before one is not remembered. */
  get(filter: VulnerabilityFilter, asOf: number, find: () => readonly Item[]): Found<Item>
}

/** Filters that are remembered, the newest. */
const REMEMBERED = 8

export function createFoundLists<Item>(): FoundLists<Item> {
  const found = new Map<string, Found<Item>>()
  let foundAsOf = -1
  return {
    get(filter, asOf, find) {
      if (asOf !== foundAsOf) found.clear()
      foundAsOf = asOf
      const key = keyOf(filter)
      const known = found.get(key) ?? createFound(find())
      found.delete(key)
      found.set(key, known)
      for (const oldest of found.keys()) {
        if (found.size <= REMEMBERED) break
        found.delete(oldest)
      }
      return known
    },
  }
}

function createFound<Item>(items: readonly Item[]): Found<Item> {
  const orders = new Map<string, readonly Item[]>()
  const counts = new Map<string, unknown>()
  return {
    items,
    sorted(order, sort, count) {
      const known = orders.get(order) ?? []
      if (known.length >= Math.min(count, items.length)) return known
      const inOrder = sort(items)
      orders.set(order, inOrder)
      return inOrder
    },
    counted<Count>(by: string, count: (items: readonly Item[]) => Count) {
      if (!counts.has(by)) counts.set(by, count(items))
      // What is counted by the same has the same shape.
      return counts.get(by) as Count
    },
  }
}

/** Equal for filters that find the same. */
function keyOf(filter: VulnerabilityFilter): string {
  return JSON.stringify(
    Object.entries(filter)
      .map(([name, value]) => [name, value instanceof Set ? [...value].sort() : value])
      .sort(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
  )
}
