// The floor with two requests under way.
import { start as startUndici } from './undici.mjs'

/** @param {string} sinkUrl */
export const start = (sinkUrl) => startUndici(sinkUrl, { connections: 2 })
