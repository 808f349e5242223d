/** A member of a list by recency. It is in one list at most. */
export interface Linked<Self> {
  older: Self | undefined
  newer: Self | undefined
}

/** Keeps its members in the order in which they were last made the newest; each step takes the same time. */
export interface RecencyList<Member extends Linked<Member>> {
  readonly oldest: Member | undefined
  /** Puts a member that is in no list at the end. */
  append(member: Member): void
  /** Makes a member of the list the newest. */
  refresh(member: Member): void
  remove(member: Member): void
  clear(): void
}

export function createRecencyList<Member extends Linked<Member>>(): RecencyList<Member> {
  let oldest: Member | undefined
  let newest: Member | undefined

  function append(member: Member): void {
    member.older = newest
    member.newer = undefined
    if (newest === undefined) oldest = member
    else newest.newer = member
    newest = member
  }

  function remove(member: Member): void {
    if (member.older === undefined) oldest = member.newer
    else member.older.newer = member.newer
    if (member.newer === undefined) newest = member.older
    else member.newer.older = member.older
  }

  return {
    get oldest() {
      return oldest
    },
    append,
    refresh(member) {
      if (member === newest) return
      remove(member)
      append(member)
    },
    remove,
    clear() {
      oldest = undefined
      newest = undefined
    },
  }
}
