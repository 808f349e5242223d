// What the measures of size share.
import { reportBody } from '../load.mjs'

/** Bytes that are in use, on the heap and beside it, once the garbage is gone. */
export function usedBytes() {
  for (let turn = 0; turn < 3; turn++) global.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** The resident set once the garbage is gone. */
export function residentBytes() {
  for (let turn = 0; turn < 3; turn++) global.gc?.()
  return process.memoryUsage().rss
}

/** @param {{ userName: string, serviceKey: string }} agent */
export function authorizationOf({ userName, serviceKey }) {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

let turn = 0

/** One report, with both layers. @param {string} authorization @param {string} apiKey */
export function reportRequest(authorization, apiKey, body = reportBody(turn++)) {
  const headers = { authorization, 'api-key': apiKey, 'content-type': 'application/json' }
  const url = 'http://127.0.0.1/Contrast/api/engine/v1/reports'
  return new Request(url, { method: 'POST', headers, body })
}
