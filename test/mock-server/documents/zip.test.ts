import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { zipOf } from '../../../mock-server/documents/zip.ts'
import { fileInZip } from './zip-file.ts'

const AT = new Date('2026-03-01T12:30:46Z')

test('an archive holds its file under its name, with the moment and the checksum', async () => {
  const archive = await zipOf('ä.txt', Buffer.from('123456789'), AT)
  expect(fileInZip(archive)).toEqual({ name: 'ä.txt', text: '123456789' })
  // The check value of CRC-32, from its catalogue.
  expect(archive.readUInt32LE(14).toString(16)).toBe('cbf43926')
  // 2026-03-01 is 46 << 9 | 3 << 5 | 1, 12:30:46 is 12 << 11 | 30 << 5 | 23.
  expect([archive.readUInt16LE(12), archive.readUInt16LE(10)]).toEqual([23_649, 25_559])
  // Names are UTF-8.
  expect(archive.readUInt16LE(6) & 0x0800).toBe(0x0800)
})

test('an empty file is a file', async () => {
  expect(fileInZip(await zipOf('a', Buffer.alloc(0), AT))).toEqual({ name: 'a', text: '' })
})

test('unzip finds nothing wrong', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'zip-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'a.zip')
  writeFileSync(file, await zipOf('a.csv', Buffer.from('"a"\r\n'.repeat(1_000)), AT))
  try {
    execFileSync('unzip', ['-v'], { stdio: 'ignore' })
  } catch {
    context.skip('there is no unzip here: apt-get install unzip')
  }
  expect(execFileSync('unzip', ['-t', file]).toString()).toContain('No errors detected')
})
