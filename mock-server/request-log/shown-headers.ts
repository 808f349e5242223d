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

/** What stands before the value of each of them. */
const BEGINNINGS: ReadonlyMap<string, string> = new Map(
  [...SHOWN].map((name) => [name, `{"name":"${name}","value":`]),
)

/** Headers as JSON, as `LoggedHeader` has them. @param read Gives the value of a name. */
export function headersText(
  names: Iterable<string>,
  read: (name: string) => string | undefined,
): string {
  let text = ''
  for (const name of names) {
    if (text !== '') text += ','
    const beginning = BEGINNINGS.get(name)
    const value = beginning === undefined ? undefined : read(name)
    text +=
      beginning === undefined || value === undefined
        ? `{"name":${quoted(name)}}`
        : `${beginning}${quoted(value.length > LONGEST_VALUE ? value.slice(0, LONGEST_VALUE) : value)}}`
  }
  return `[${text}]`
}

/** A text as JSON. Most need nothing but the quotes. */
export function quoted(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

const PLAIN = /^[ !#-[\]-~]*$/
