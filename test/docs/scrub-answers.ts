/** Under these names stands what is drawn anew in each run. */
const DRAWN = new Set(['api_key', 'service_key', 'password', 'csrfToken', 'token'])

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
const ISO_MOMENT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g

/** Milliseconds since 1970 of this century; no other number of an answer is as large. */
const LEAST_MOMENT = 1_000_000_000_000

/**
 * Takes out of answers what varies from run to run. The same key gets the same number wherever it
 * shows, and a key its length, so that a rotation that answers with the old key still stands out.
 *
 * @param chosen Text in which values that somebody chose stand: those are compared as they are.
 * @returns Reads a text as lines and JSON documents, whether those stand in one line or in several.
 */
export function createScrubber(chosen: string): (text: string) => readonly unknown[] {
  const seen = new Map<string, string>()

  function numbered(kind: string, value: string): string {
    const before = seen.get(value)
    if (before !== undefined) return before
    const name = `<${kind} ${seen.size + 1}>`
    seen.set(value, name)
    return name
  }

  const inText = (text: string) =>
    text.replace(UUID, (uuid) => numbered('uuid', uuid)).replace(ISO_MOMENT, '<moment>')

  function inJson(name: string, value: unknown): unknown {
    if (typeof value === 'number') return value >= LEAST_MOMENT ? '<moment>' : value
    if (typeof value !== 'string') return value
    if (!DRAWN.has(name) || chosen.includes(value)) return inText(value)
    // The page cuts tokens short.
    if (name === 'token') return '<token>'
    return numbered(`${name} of ${value.length} characters`, value)
  }

  return (text) =>
    documentsIn(text).map((part) =>
      part.startsWith('{') ? JSON.parse(part, inJson) : inText(part),
    )
}

/** The lines of a text; those of one JSON document together. */
function documentsIn(text: string): readonly string[] {
  const documents: string[] = []
  let open = ''
  for (const line of text.trimEnd().split('\n')) {
    open += line.trimEnd()
    if (open.startsWith('{') && !isJson(open)) continue
    documents.push(open)
    open = ''
  }
  return open === '' ? documents : [...documents, open]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
