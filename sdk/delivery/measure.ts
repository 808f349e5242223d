/**
 * Looks whether a value can become JSON of a certain size, before anything is serialized: a text of
 * 200 MB is refused by its length alone.
 *
 * Maps, sets, bytes and instances of classes are obstacles unless they have a `toJSON`: JSON would make
 * an empty object of most of them in silence. `undefined` members are as good as absent.
 *
 * @param limitBytes What the JSON may take at the very most. It is a first look and counts low.
 * @returns What stands in the way, with its place, or `undefined`.
 */
export function measure(value: object, limitBytes: number): string | undefined {
  // A getter of the host may report something, and so come here again.
  const outerLeftBytes = leftBytes
  leftBytes = limitBytes
  try {
    return lookInto(value, '', 1)
  } finally {
    leftBytes = outerLeftBytes
  }
}

/** Of the value that is looked at; here and not in a closure, since every report passes. */
let leftBytes = 0

function look(current: unknown, place: string, depth: number): string | undefined {
  switch (typeof current) {
    case 'string':
      leftBytes -= current.length
      return undefined
    case 'function':
    case 'symbol':
    case 'bigint':
      return `${shown(place)} is a ${typeof current}`
    case 'object':
      return current === null ? undefined : lookInto(current, place, depth)
    default:
      leftBytes -= SMALLEST_MEMBER_BYTES
      return undefined
  }
}

function lookInto(current: object, place: string, depth: number): string | undefined {
  if (depth > DEEPEST_LEVELS)
    return `it is nested deeper than ${DEEPEST_LEVELS} levels, or in a circle`
  if (Array.isArray(current)) return lookIntoList(current, place, depth)
  if (!isPlain(current)) return strangerAt(current, place)
  for (const key in current) {
    // The key, its quotes and what parts it from the rest.
    leftBytes -= key.length + SMALLEST_MEMBER_BYTES
    if (leftBytes < 0) return TOO_LARGE
    const obstacle = look((current as Record<string, unknown>)[key], key, depth + 1)
    if (obstacle !== undefined) return obstacle
  }
  return leftBytes < 0 ? TOO_LARGE : undefined
}

function lookIntoList(list: readonly unknown[], place: string, depth: number): string | undefined {
  for (const item of list) {
    leftBytes -= SMALLEST_MEMBER_BYTES
    if (leftBytes < 0) return TOO_LARGE
    const obstacle = look(item, place, depth + 1)
    if (obstacle !== undefined) return obstacle
  }
  return leftBytes < 0 ? TOO_LARGE : undefined
}

/** TeamServer takes 64 levels; a report stands in a list in the body of its batch. */
const DEEPEST_LEVELS = 62

/** One digit and a comma. */
const SMALLEST_MEMBER_BYTES = 2

const TOO_LARGE = 'it is larger than 256 KiB'

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Another realm's `Object.prototype`, as in node:vm, is as plain as ours.
  return (
    prototype === Object.prototype ||
    prototype === null ||
    Object.getPrototypeOf(prototype) === null
  )
}

function strangerAt(value: object, place: string): string | undefined {
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return `${shown(place)} is an invalid date`
  const isBytes = ArrayBuffer.isView(value)
  if (!isBytes && 'toJSON' in value && typeof value.toJSON === 'function') return undefined
  return `${shown(place)} is ${isBytes ? 'bytes' : 'an instance of a class'}; hand over text or a plain object`
}

function shown(place: string): string {
  return place === '' ? 'it' : place.slice(0, 64)
}
