/**
 * Headers whose values may be seen. Every other value is left out, also under a name that nobody knows:
 * a key under a misspelt name is a key.
 */
const SHOWN: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'allow',
  'cache-control',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'location',
  'origin',
  'retry-after',
  'sec-fetch-site',
  'transfer-encoding',
  'user-agent',
  'x-mock-teamserver',
  'x-mock-teamserver-fault',
])

const LONGEST_VALUE = 256

/** Headers as JSON, as `LoggedHeader` has them. @param read Gives the value of a name. */
export function headersText(
  names: Iterable<string>,
  read: (name: string) => string | undefined,
): string {
  let text = ''
  for (const name of names) {
    const value = SHOWN.has(name) ? read(name) : undefined
    const shown = value === undefined ? '' : `,"value":${quoted(value.slice(0, LONGEST_VALUE))}`
    text += `${text === '' ? '' : ','}{"name":${quoted(name)}${shown}}`
  }
  return `[${text}]`
}

/** A text as JSON. Most need nothing but the quotes. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

const PLAIN = /^[ !#-[\]-~]*$/
