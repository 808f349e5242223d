/** A line of a document: a title, a heading, or text that is wrapped. */
export interface PdfLine {
  readonly text: string
  /** @default 'text' */
  readonly as?: 'title' | 'heading' | 'text'
}

/** In points, on A4. */
const PAGE = { width: 595, height: 842, margin: 50 }

/** Letters of Courier are 0.6 of their size wide, so that a line can be wrapped by counting them. */
const STYLES = {
  title: { font: 'F2', size: 15, leading: 26 },
  heading: { font: 'F2', size: 11, leading: 24 },
  text: { font: 'F1', size: 9, leading: 12 },
} as const

/** A line as it is printed: fits between the margins. */
interface Printed {
  readonly text: string
  readonly style: (typeof STYLES)[keyof typeof STYLES]
}

/**
 * Writes a document of text in PDF 1.4, uncompressed, with the fonts that every reader has. Those have Latin
 * letters: any other stands as a question mark.
 *
 * @param at When it was made.
 * @see ISO 32000-1, sections 7.5 and 9.6.2
 */
export function pdfOf(title: string, lines: readonly PdfLine[], at: Date): Buffer {
  const pages = paged(lines.flatMap(printed))
  const kids = pages.map((_, index) => `${6 + 2 * index} 0 R`)
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`,
    font('Courier'),
    font('Courier-Bold'),
    `<< /Title ${quoted(title)} /Producer (teamserver-engine) /CreationDate (D:${dateOf(at)}) >>`,
    ...pages.flatMap((page, index) => {
      const drawn = drawing(page, `${index + 1} / ${pages.length}`)
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] ` +
          `/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents ${7 + 2 * index} 0 R >>`,
        `<< /Length ${drawn.length} >>\nstream\n${drawn}\nendstream`,
      ]
    }),
  ]
  return assembled(objects)
}

/** The objects with the table of where each begins. */
function assembled(objects: readonly string[]): Buffer {
  // The second line tells whoever looks that this is no text.
  let file = '%PDF-1.4\n%\u00e2\u00e3\u00cf\u00d3\n'
  const places: string[] = []
  objects.forEach((object, index) => {
    places.push(`${String(file.length).padStart(10, '0')} 00000 n \n`)
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
  })
  const size = objects.length + 1
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join('')}`
  const end = `trailer\n<< /Size ${size} /Root 1 0 R /Info 5 0 R >>\nstartxref\n${file.length}\n%%EOF\n`
  return Buffer.from(`${file}${table}${end}`, 'latin1')
}

function font(name: string): string {
  return `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
}

function printed({ text, as = 'text' }: PdfLine): readonly Printed[] {
  const style = STYLES[as]
  const columns = Math.floor((PAGE.width - 2 * PAGE.margin) / (0.6 * style.size))
  return wrapped(latin(text), columns).map((each) => ({ text: each, style }))
}

/** At spaces where there are some; a word that is longer than a line is cut. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let rest = text
  while (rest.length > columns) {
    const space = rest.lastIndexOf(' ', columns)
    const end = space > columns / 2 ? space : columns
    lines.push(rest.slice(0, end))
    rest = `    ${rest.slice(end).trimStart()}`
  }
  return [...lines, rest]
}

function paged(lines: readonly Printed[]): readonly (readonly Printed[])[] {
  const room = PAGE.height - 3 * PAGE.margin
  const pages: Printed[][] = [[]]
  let used = 0
  for (const line of lines) {
    if (used + line.style.leading > room) {
      pages.push([])
      used = 0
    }
    used += line.style.leading
    pages.at(-1)?.push(line)
  }
  return pages
}

function drawing(lines: readonly Printed[], foot: string): string {
  let y = PAGE.height - PAGE.margin
  const drawn = lines.map(({ text, style: { font: name, size, leading } }) => {
    y -= leading
    return placed(name, size, y, text)
  })
  return [...drawn, placed('F1', 8, PAGE.margin, foot)].join('\n')
}

function placed(name: string, size: number, y: number, text: string): string {
  return `BT /${name} ${size} Tf ${PAGE.margin} ${y} Td ${quoted(text)} Tj ET`
}

function quoted(text: string): string {
  return `(${latin(text).replace(/[\\()]/g, '\\$&')})`
}

/** One byte a letter, none of which ends a line. */
function latin(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[^\u0020-\u007e\u00a1-\u00ff]/gu, '?')
}

function dateOf(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace(/\D/g, '')}Z`
}
