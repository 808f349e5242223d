import { expect, test } from 'vitest'
import type { RequestHead } from '../../../mock-server/core/exchange.ts'
import {
  createRequestLog,
  DEFAULT_REQUEST_LOG,
} from '../../../mock-server/request-log/request-log.ts'

const ANSWER = { status: 202, headers: {}, body: '{}' }
const NOTHING = new Uint8Array()

/** A log whose later work is done by hand, and that tells which requests it has written. */
function setUp() {
  const due: (() => void)[] = []
  const written: string[] = []
  const log = createRequestLog(
    DEFAULT_REQUEST_LOG,
    () => new Date(0),
    () => 0,
    (work) => due.push(work),
  )
  const answerOne = (path: string, body = NOTHING) => {
    const head: RequestHead = {
      method: 'POST',
      target: path,
      header: () => undefined,
      headerNames: () => {
        written.push(path)
        return []
      },
      remoteAddress: undefined,
    }
    const entry = log.begin(head, path, true)
    entry.received(body)
    entry.answered(ANSWER, true)
  }
  const runDue = () => {
    for (const work of due.splice(0)) work()
  }
  return { log, written, answerOne, runDue }
}

test('the line of a request is written once its answer is out, in the order of the answers', () => {
  const { written, answerOne, runDue } = setUp()
  answerOne('/one')
  answerOne('/two')
  expect(written).toEqual([])
  runDue()
  expect(written).toEqual(['/one', '/two'])
  answerOne('/three')
  runDue()
  expect(written).toEqual(['/one', '/two', '/three'])
})

test('whoever looks finds every line, written or not, and none twice', () => {
  const { log, answerOne, runDue } = setUp()
  answerOne('/one')
  expect([log.size.requests, log.list().map(({ path }) => path)]).toEqual([1, ['/one']])
  answerOne('/two')
  expect(log.answeredAfter(1).map(({ place, request }) => [place, request.path])).toEqual([
    [2, '/two'],
  ])
  runDue()
  expect(log.list().map(({ path }) => path)).toEqual(['/one', '/two'])
  answerOne('/three')
  log.forget()
  runDue()
  expect(log.list()).toEqual([])
})

test('whoever watches hears of the next answer at once, and of none before', () => {
  const { log, answerOne } = setUp()
  const heard: string[] = []
  answerOne('/before')
  log.watch(({ request }) => heard.push(request.path))
  answerOne('/after')
  expect(heard).toEqual(['/after'])
})

test('no more than 61 lines wait, and no more than 64 KiB of bodies', () => {
  const { written, answerOne } = setUp()
  for (let at = 0; at < 60; at++) answerOne(`/${at}`)
  expect(written).toEqual([])
  answerOne('/60')
  expect(written.length).toBe(61)
  answerOne('/half', new Uint8Array(32_768))
  answerOne('/whole', new Uint8Array(32_768))
  expect(written.length).toBe(61)
  answerOne('/more', new Uint8Array(1))
  expect(written.slice(61)).toEqual(['/half', '/whole', '/more'])
})
