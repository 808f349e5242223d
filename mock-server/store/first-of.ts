/** Above so many, sorting everything is cheaper than picking. */
const FEW = 256

/**
 * The first of a list in an order, without sorting the rest.
 *
 * @param count How many; infinity for all.
 * @param compare Tells any two apart.
 */
export function firstOf<Item>(
  items: readonly Item[],
  count: number,
  compare: (one: Item, other: Item) => number,
): readonly Item[] {
  if (count > FEW) return [...items].sort(compare)
  const first: Item[] = []
  for (const item of items) {
    const last = first.at(-1)
    if (first.length === count && (last === undefined || compare(item, last) >= 0)) continue
    if (first.length === count) first.pop()
    first.splice(placeIn(first, item, compare), 0, item)
  }
  return first
}

function placeIn<Item>(
  sorted: readonly Item[],
  item: Item,
  compare: (one: Item, other: Item) => number,
): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(sorted[middle] as Item, item) > 0) high = middle
    else low = middle + 1
  }
  return low
}
