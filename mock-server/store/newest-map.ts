import { createRecencyList, type Linked } from './recency-list.ts'

/**
 * Values by key, of which those that were put last are kept. A `Map` alone finds its oldest key slowly
 * once many were deleted; here it is a step.
 */
export interface NewestMap<Value> {
  get(key: string): Value | undefined
  /** Makes it the newest; past the limit the one put longest ago goes. */
  put(key: string, value: Value): void
  delete(key: string): void
  readonly size: number
  /** The one put longest ago first. */
  values(): Value[]
  /** The one that came first first, however often it was put since: nothing ever moves. */
  arrivals(): Value[]
  clear(): void
}

interface Node<Value> extends Linked<Node<Value>> {
  readonly key: string
  value: Value
}

/** @param limit Values kept. From 1. */
export function createNewestMap<Value>(limit: number): NewestMap<Value> {
  const nodes = new Map<string, Node<Value>>()
  const list = createRecencyList<Node<Value>>()

  function remove(node: Node<Value>): void {
    list.remove(node)
    nodes.delete(node.key)
  }

  return {
    get: (key) => nodes.get(key)?.value,
    put(key, value) {
      const before = nodes.get(key)
      if (before !== undefined) {
        before.value = value
        list.refresh(before)
        return
      }
      const node: Node<Value> = { key, value, older: undefined, newer: undefined }
      nodes.set(key, node)
      list.append(node)
      if (nodes.size > limit && list.oldest !== undefined) remove(list.oldest)
    },
    delete(key) {
      const node = nodes.get(key)
      if (node !== undefined) remove(node)
    },
    get size() {
      return nodes.size
    },
    values() {
      const values: Value[] = []
      for (let node = list.oldest; node !== undefined; node = node.newer) values.push(node.value)
      return values
    },
    arrivals: () => Array.from(nodes.values(), ({ value }) => value),
    clear() {
      nodes.clear()
      list.clear()
    },
  }
}
