import type { Questions } from './questions.ts'

/** What the routes of servers, sessions, libraries and routes are asked. */
export const INVENTORY: Questions = {}
