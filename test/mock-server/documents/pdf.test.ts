import { expect, test } from 'vitest'
import { type PdfLine, pdfOf } from '../../../mock-server/documents/pdf.ts'
import { textInPdf } from './pdf-text.ts'

const AT = new Date('2026-03-01T12:00:00Z')

test('a document has its lines in order, and tells what it is and when it was made', () => {
  const file = pdfOf('Of (shop)', [{ text: 'Of shop', as: 'title' }, { text: 'one' }], AT)
  expect(textInPdf(file)).toEqual([['Of shop', 'one', '1 / 1']])
  expect(file.toString('latin1')).toMatch(/^%PDF-1\.4\n/)
  expect(file.toString('latin1')).toContain(
    '/Title (Of \\(shop\\)) /Producer (teamserver-engine) /CreationDate (D:20260301120000Z)',
  )
})

test('what would end a text or begin another is text', () => {
  const hostile = ') Tj ET endstream \\( (a'
  expect(textInPdf(pdfOf(hostile, [{ text: hostile }], AT))).toEqual([[hostile, '1 / 1']])
})

test('letters that the fonts do not have stand as question marks, line ends as spaces', () => {
  const [page] = textInPdf(pdfOf('a', [{ text: 'Grüße, 世界 😀\r\n\u0000end' }], AT))
  expect(page).toEqual(['Grüße, ?? ? ?end', '1 / 1'])
})

test('a long line is wrapped at its words, and a long word is cut', () => {
  const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ')
  const [page = []] = textInPdf(pdfOf('a', [{ text: words }, { text: 'x'.repeat(200) }], AT))
  const lines = page.slice(0, -1)
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(91)
  expect(lines.map((line) => line.trim()).join(' ')).toContain('word39 x')
  expect(lines.join('').replaceAll(/\s/g, '')).toBe(
    `${words.replaceAll(' ', '')}${'x'.repeat(200)}`,
  )
})

test('what does not fit on a page is on the next', () => {
  const lines: readonly PdfLine[] = Array.from({ length: 100 }, (_, index) => ({
    text: `line ${index}`,
  }))
  const pages = textInPdf(pdfOf('a', lines, AT))
  expect(pages.map((page) => page.at(-1))).toEqual(['1 / 2', '2 / 2'])
  expect(pages.flatMap((page) => page.slice(0, -1))).toEqual(lines.map(({ text }) => text))
})

test('a document without lines is a page', () => {
  expect(textInPdf(pdfOf('a', [], AT))).toEqual([['1 / 1']])
})
