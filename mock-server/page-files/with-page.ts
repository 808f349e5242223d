import { content, json } from '../core/answer.ts'
import type { Answer, Core, RequestHead } from '../core/exchange.ts'
import { readTarget } from '../core/request-target.ts'
import { TeamServerError } from '../errors.ts'
import { createPageFiles, DOCUMENT, type FindPageFile, type PageFile } from './page-files.ts'

/** Where the page stands: beside the API, at the address that engines are given. */
const PAGE_PATH = '/Contrast'
const FILES_PATH = `${PAGE_PATH}/page/`

/**
 * Nothing from elsewhere, nothing inline, nothing made out of text, and no frame around it.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
}

/** A file with a hash in its name is never another one. */
const IMMUTABLE = 'public, max-age=31536000, immutable'

/**
 * Puts the page in front of a core: for people with a browser. Its files say nothing of any organization,
 * and anyone may read them; what is shown comes over REST.
 *
 * @param find Finds the files. @default those of this package, read when the first is asked for
 */
export function withPage(core: Core, find: FindPageFile = createPageFiles()): Core {
  return {
    ...core,
    answer(head, readBody, note) {
      if (!isNearPage(head.target)) return core.answer(head, readBody, note)
      const answer = answerOf(head, find)
      return answer === undefined ? core.answer(head, readBody, note) : Promise.resolve(answer)
    },
  }
}

/** Cheap: it is asked of every request. */
function isNearPage(target: string): boolean {
  return !target.startsWith('/Contrast/api/')
}

function answerOf(head: RequestHead, find: FindPageFile): Answer | undefined {
  if (head.method !== 'GET' && head.method !== 'HEAD') return undefined
  const target = readTarget(head.target)
  if (target.status !== 'read') return undefined
  const { path } = target
  const [asWritten = ''] = head.target.split('?')
  // What the document refers to stands below it: without its slash it would not.
  if (path === '/' || asWritten === PAGE_PATH) return movedTo(`${PAGE_PATH}/`)
  const name = path === PAGE_PATH ? DOCUMENT : nameIn(path)
  return name === undefined ? undefined : fileAnswer(head, name, find)
}

function nameIn(path: string): string | undefined {
  return path.startsWith(FILES_PATH) ? path.slice(FILES_PATH.length) : undefined
}

function fileAnswer(head: RequestHead, name: string, find: FindPageFile): Answer | undefined {
  try {
    const file = find(name)
    return file === undefined ? undefined : written(head, name, file)
  } catch (error) {
    if (!(error instanceof TeamServerError)) throw error
    return json(503, { success: false, messages: [`${error.message}.`] })
  }
}

function written({ method, header }: RequestHead, name: string, file: PageFile): Answer {
  const isGzip = /\bgzip\b/.test(header('accept-encoding') ?? '')
  const body = method === 'HEAD' ? '' : isGzip ? file.gzipped : file.plain()
  return content(200, file.type, body, {
    ...PAGE_HEADERS,
    vary: 'accept-encoding',
    ...(name === DOCUMENT ? {} : { 'cache-control': IMMUTABLE }),
    ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
  })
}

function movedTo(location: string): Answer {
  return content(302, 'text/plain; charset=utf-8', '', { location })
}
