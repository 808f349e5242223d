import { createValue, type Value } from './value.ts'

/** Where in the page somebody is: the segments behind `#/`. Nothing else of the address is read. */
export type Place = readonly string[]

/** Follows the address. */
export function createPlace(): Value<Place> {
  const place = createValue(placeIn(location.hash))
  addEventListener('hashchange', () => place.set(placeIn(location.hash)))
  return place
}

function placeIn(hash: string): Place {
  return hash
    .replace(/^#\/?/, '')
    .split('/')
    .filter((segment) => segment !== '')
    .map(decoded)
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** The address of a place, as a link has it. */
export function linkTo(...segments: readonly string[]): string {
  return `#/${segments.map(encodeURIComponent).join('/')}`
}
