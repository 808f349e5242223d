import { ENGINE_PATHS } from '../../../../sdk/wire/paths.ts'
import { authorizationOf } from './authorization.ts'

export interface SampleCredentials {
  readonly url: string
  readonly agentUserName: string
  readonly serviceKey: string
  /** Undefined while it is not asked for. */
  readonly organizationApiKey: string | undefined
}

/** Sends a report as curl. */
export function curlSample({
  url,
  agentUserName,
  serviceKey,
  organizationApiKey,
}: SampleCredentials): string {
  return [
    `curl ${quoted(`${url}/api${ENGINE_PATHS.reports}`)} \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -H ${quoted(`Authorization: ${authorizationOf(agentUserName, serviceKey)}`)} \\`,
    ...(organizationApiKey === undefined
      ? []
      : [`  -H ${quoted(`API-Key: ${organizationApiKey}`)} \\`]),
    `  -d '{"reports": [{"id": "first", "type": "finding", "rule": "cookie-flags-missing"}]}'`,
  ].join('\n')
}

/** Sends a report with the engine. */
export function engineSample({
  url,
  agentUserName,
  serviceKey,
  organizationApiKey,
}: SampleCredentials): string {
  return [
    `import { createEngine } from ${literal('teamserver-engine')}`,
    '',
    'const engine = createEngine({',
    `  url: ${literal(url)},`,
    `  agentUserName: ${literal(agentUserName)},`,
    `  serviceKey: ${literal(serviceKey)},`,
    ...(organizationApiKey === undefined
      ? []
      : [`  organizationApiKey: ${literal(organizationApiKey)},`]),
    `  application: { name: 'shop' },`,
    '})',
    `engine.report({ type: 'finding', rule: 'cookie-flags-missing', severity: 'medium' })`,
    'await engine.close()',
  ].join('\n')
}

/** For a shell: names may hold apostrophes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
