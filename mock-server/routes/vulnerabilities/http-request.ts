import type { FindingReport } from '../../../sdk/wire/messages.ts'

/** A request in parts, as far as a finding tells them. */
export interface RequestParts {
  readonly method: string
  /** As it was sent: whole, or path and query. */
  readonly url: string
  readonly headers: readonly { readonly name: string; readonly value: string }[]
  readonly body: string
}

/** The HTTP request of a finding; undefined when it tells of none. */
export function requestOf({ request, url }: FindingReport): RequestParts | undefined {
  if (typeof request === 'string') return parsed(request)
  if (request === undefined) {
    return url === undefined ? undefined : { method: 'GET', url, headers: [], body: '' }
  }
  const { method = 'GET', headers = {}, body = '' } = request
  return {
    method,
    url: request.url ?? url ?? '/',
    headers: Object.entries(headers).flatMap(([name, value]) =>
      [value].flat().map((each) => ({ name, value: each })),
    ),
    body,
  }
}

/** The request as text, as it would stand on the wire. */
export function requestText(finding: FindingReport): string | undefined {
  if (typeof finding.request === 'string') return finding.request
  const parts = requestOf(finding)
  if (parts === undefined) return undefined
  const lines = [
    `${parts.method} ${parts.url} HTTP/1.1`,
    ...parts.headers.map(({ name, value }) => `${name}: ${value}`),
  ]
  return `${lines.join('\n')}\n\n${parts.body}`
}

/** The documented `TraceHttpRequestResource`. */
export function requestResource({ method, url, headers, body }: RequestParts) {
  const [whole = ''] = url.split('#')
  const [uri = '', ...rest] = whole.split('?')
  const queryString = rest.join('?')
  const target = targetOf(url, headers)
  return {
    method,
    protocol: target.protocol,
    version: '1.1',
    port: target.port,
    uri: uri.replace(/^https?:\/\/[^/]*/i, '') || '/',
    normalizedUri: uri.replace(/^https?:\/\/[^/]*/i, '').replace(/\/\d+(?=\/|$)/g, '/{n}') || '/',
    url,
    queryString,
    headers,
    parameters: [...new URLSearchParams(queryString)].map(([name, value]) => ({ name, value })),
    body,
  }
}

function targetOf(
  url: string,
  headers: RequestParts['headers'],
): { readonly protocol: string; readonly port: number } {
  const isTls = /^https:/i.test(url)
  const host =
    /^https?:\/\/([^/]*)/i.exec(url)?.[1] ??
    headers.find(({ name }) => name.toLowerCase() === 'host')?.value ??
    ''
  const port = Number(/:(\d{1,5})$/.exec(host)?.[1] ?? (isTls ? 443 : 80))
  return { protocol: isTls ? 'https' : 'http', port }
}

function parsed(text: string): RequestParts {
  const [head = '', ...body] = text.split(/\r?\n\r?\n/)
  const [first = '', ...lines] = head.split(/\r?\n/)
  const [method = 'GET', url = '/'] = first.split(' ')
  const headers = lines.flatMap((line) => {
    const at = line.indexOf(':')
    return at === -1 ? [] : [{ name: line.slice(0, at), value: line.slice(at + 1).trim() }]
  })
  return { method, url, headers, body: body.join('\n\n') }
}
