/** The part of a long list that has to be there to be seen. */
export interface Window {
  readonly first: number
  /** One behind the last. */
  readonly end: number
}

/** Rows beyond what is seen, so that a turn of the wheel finds some. */
const SPARE_ROWS = 6

export function windowOf(
  count: number,
  rowHeight: number,
  scrollTop: number,
  height: number,
): Window {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE_ROWS)
  const end = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + SPARE_ROWS)
  return { first: Math.min(first, end), end }
}

/** How many of a list, ordered from the oldest to the newest, are not newer than this order. */
export function countUpTo(list: readonly { readonly order: number }[], order: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.order ?? 0) <= order) low = middle + 1
    else high = middle
  }
  return low
}
