import type { Place } from '../buffer/queue.ts'

export function placesOf(reports: readonly { readonly place: Place | undefined }[]): Place[] {
  return reports.flatMap(({ place }) => (place === undefined ? [] : [place]))
}

/** A place as the key of a set. */
export function keyOf({ segment, index }: Place): string {
  return `${segment}:${index}`
}

/** A spool neither throws nor rejects; should it, that is a disk that failed, and no concern of the host. */
export async function quietly<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work()
  } catch {
    return undefined
  }
}
