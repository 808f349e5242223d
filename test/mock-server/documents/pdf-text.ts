/**
 * The texts of each page, read as a reader does: by the table at the end of the file, from the catalog to the
 * pages to what is drawn on them. Throws where the table, a length or a reference is wrong.
 */
export function textInPdf(file: Uint8Array): readonly (readonly string[])[] {
  const text = Buffer.from(file).toString('latin1')
  const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(text)?.[1])
  const [, size, entries = ''] =
    /^xref\n0 (\d+)\n((?:.{18} \n)+)trailer\n/.exec(text.slice(start)) ?? []
  const places = entries.match(/.{20}/gs)?.map((entry) => Number(entry.slice(0, 10))) ?? []
  if (places.length !== Number(size)) throw new Error(`${places.length} entries of ${size}`)
  const object = (number: string) => {
    const head = `${number} 0 obj\n`
    const at = places[Number(number)] ?? 0
    if (!text.startsWith(head, at)) throw new Error(`object ${number} is not at ${at}`)
    return text.slice(at + head.length)
  }
  const reference = (of: string, name: string) =>
    new RegExp(`/${name} (\\d+) 0 R`).exec(of)?.[1] ?? 'none'
  const catalog = object(reference(text.slice(start), 'Root'))
  const kids = /\/Kids \[([^\]]*)\]/.exec(object(reference(catalog, 'Pages')))?.[1] ?? ''
  return [...kids.matchAll(/(\d+) 0 R/g)].map(([, number = '']) => {
    const drawn = object(reference(object(number), 'Contents'))
    const [head = '', length] = /^<< \/Length (\d+) >>\nstream\n/.exec(drawn) ?? []
    const end = head.length + Number(length)
    if (!drawn.startsWith('\nendstream\nendobj\n', end)) throw new Error('the length is wrong')
    const texts = drawn.slice(head.length, end).matchAll(/\(((?:\\.|[^\\()])*)\) Tj/g)
    return [...texts].map(([, each = '']) => each.replace(/\\(.)/g, '$1'))
  })
}
