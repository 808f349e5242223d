/** An element: its name is ours, its text is data of somebody else. Undefined texts are left out. */
export interface XmlElement {
  readonly name: string
  readonly content: string | number | undefined | readonly XmlElement[]
}

/** Of documents that go over HTTP. */
export const XML_TYPE = 'application/xml; charset=utf-8'

/** Writes a document in XML 1.0 with an element a line. */
export function xmlOf(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${written(root, '')}`
}

function written({ name, content }: XmlElement, indent: string): string {
  if (content === undefined) return ''
  if (typeof content !== 'object')
    return `${indent}<${name}>${escaped(String(content))}</${name}>\n`
  const inner = content.map((each) => written(each, `${indent}  `)).join('')
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`
}

/**
 * What XML has no place for, not even escaped, stands as U+FFFD. A line end is escaped: read as it is, CR is
 * lost.
 *
 * @see XML 1.0, sections 2.2, 2.4 and 2.11
 */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replace(NOT_IN_XML, '\ufffd')
}

const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu
