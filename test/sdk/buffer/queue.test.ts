import { expect, test } from 'vitest'
import { batchDueAtMs, takeBatch } from '../../../sdk/buffer/batch.ts'
import { createQueue, type QueuedReport } from '../../../sdk/buffer/queue.ts'

const LIMITS = { batchLimitReports: 3, batchLimitBytes: 100, flushIntervalMs: 5_000 }

function report(sequence: number, sizeBytes = 10): QueuedReport {
  const id = `r-${sequence}`
  return {
    id,
    type: 'finding',
    json: '{}',
    sizeBytes,
    sequence,
    queuedAtMs: sequence,
    place: undefined,
  }
}

function sequences(reports: readonly QueuedReport[]): number[] {
  return reports.map(({ sequence }) => sequence)
}

function limits(reports: number, bytes = 1_000_000) {
  return { reports, bytes }
}

function queueOf(...reports: QueuedReport[]) {
  const queue = createQueue(limits(100))
  for (const each of reports) queue.add(each)
  return queue
}

test('reports come out in the order they went in', () => {
  const queue = queueOf(report(1), report(2), report(3))
  expect(queue.oldest()?.sequence).toBe(1)
  expect(sequences(queue.takeWhile(({ sequence }) => sequence < 3))).toEqual([1, 2])
  expect(queue.sizeReports).toBe(1)
  expect(queue.sizeBytes).toBe(10)
})

test('past the limit the oldest is the surplus', () => {
  const queue = createQueue(limits(2))
  const surplus = [1, 2, 3, 4].map((sequence) => {
    queue.add(report(sequence))
    return sequences(queue.takeSurplus())
  })
  expect(surplus).toEqual([[], [], [1], [2]])
  expect(sequences(queue.takeWhile(() => true))).toEqual([3, 4])
  expect(queue.sizeBytes).toBe(0)
})

test('past the limit in bytes the oldest is the surplus, but one report is always kept', () => {
  const queue = createQueue(limits(100, 25))
  for (const sequence of [1, 2, 3]) queue.add(report(sequence))
  expect(queue.isFull).toBe(true)
  expect(sequences(queue.takeSurplus())).toEqual([1])
  queue.add(report(4, 1_000))
  expect(sequences(queue.takeSurplus())).toEqual([2, 3])
  expect(queue.sizeReports).toBe(1)
})

test('what is put back stands in front again, and may be the surplus', () => {
  const queue = createQueue(limits(3))
  for (const sequence of [1, 2]) queue.add(report(sequence))
  const taken = queue.takeWhile(() => true)
  for (const sequence of [3, 4]) queue.add(report(sequence))
  queue.putBack(taken)
  expect(sequences(queue.takeSurplus())).toEqual([1])
  expect(queue.sizeBytes).toBe(30)
  expect(sequences(queue.takeWhile(() => true))).toEqual([2, 3, 4])
})

test('a queue behaves as a plain list does, whatever happens to it', () => {
  const seed = Math.trunc(Math.random() * 2 ** 31)
  let state = seed
  const draw = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return (state >>> 8) % below
  }
  const queue = createQueue(limits(20))
  let list: number[] = []
  for (let sequence = 0; sequence < 3_000; sequence++) {
    const step = draw(4)
    if (step < 2) {
      queue.add(report(sequence))
      list.push(sequence)
      const surplus = list.splice(0, Math.max(0, list.length - 20))
      expect(sequences(queue.takeSurplus()), `seed ${seed}`).toEqual(surplus)
    } else {
      let left = draw(12)
      const taken = queue.takeWhile(() => left-- > 0)
      expect(sequences(taken), `seed ${seed}`).toEqual(list.splice(0, taken.length))
      if (step === 3) {
        queue.putBack(taken)
        list = [...sequences(taken), ...list]
      }
    }
    const seen: number[] = []
    queue.forEach((each) => {
      seen.push(each.sequence)
    })
    expect(seen, `seed ${seed}`).toEqual(list)
    expect(queue.sizeReports, `seed ${seed}`).toBe(list.length)
    expect(queue.sizeBytes, `seed ${seed}`).toBe(list.length * 10)
  }
})

test('a batch is full by its count', () => {
  const queue = queueOf(report(1), report(2), report(3), report(4))
  expect(sequences(takeBatch(queue, LIMITS))).toEqual([1, 2, 3])
})

test('a batch is full by its bytes, commas included', () => {
  const queue = queueOf(report(1, 49), report(2, 49), report(3, 1))
  expect(sequences(takeBatch(queue, LIMITS))).toEqual([1, 2])
  const fuller = queueOf(report(1, 50), report(2, 49))
  expect(sequences(takeBatch(fuller, LIMITS))).toEqual([1])
})

test('a report larger than a batch goes alone', () => {
  const queue = queueOf(report(1, 1_000), report(2))
  expect(sequences(takeBatch(queue, LIMITS))).toEqual([1])
})

test('a batch is due when its oldest report has waited, or at once when it is full', () => {
  expect(batchDueAtMs(queueOf(), LIMITS)).toBe(Number.POSITIVE_INFINITY)
  expect(batchDueAtMs(queueOf(report(7)), LIMITS)).toBe(5_007)
  expect(batchDueAtMs(queueOf(report(7), report(8), report(9)), LIMITS)).toBe(7)
  expect(batchDueAtMs(queueOf(report(7, 100)), LIMITS)).toBe(7)
})
