import { fileURLToPath } from 'node:url'

/**
 * Who is measured. Everyone as its own pages show it for production, with its defaults; each file says how.
 *
 * @typedef {{ name: string, file: string, package?: string }} ReporterEntry
 */
export const ENGINE = entry('teamserver-engine', './reporters/engine.mjs')
export const NOTHING = entry('bare Node', './reporters/nothing.mjs')
export const FLOOR = entry('bare undici', './reporters/undici.mjs')
export const FLOOR_OF_TWO = entry('bare undici, 2 connections', './reporters/undici-2.mjs')
export const PEERS = [
  entry('@sentry/node, events', '../peers/sentry-events.mjs', '@sentry/node'),
  entry('@sentry/node, logs', '../peers/sentry-logs.mjs', '@sentry/node'),
  entry('OpenTelemetry logs', '../peers/opentelemetry.mjs', '@opentelemetry/sdk-logs'),
  entry('posthog-node', '../peers/posthog.mjs', 'posthog-node'),
]

/** @param {string} name @param {string} file @param {string} [packageName] @returns {ReporterEntry} */
function entry(name, file, packageName) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  return { name, file: path, ...(packageName && { package: packageName }) }
}
