// Loaded before a host: sends what the engine sends of an application's libraries at its start, by hand. Five
// requests through undici, 100 small objects each, gzipped.
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { request } from 'undici'

const url = `${process.env.CONTRAST__API__URL}/Contrast/api/ng/reports`
const reports = Array.from({ length: 100 }, (_, turn) => ({
  type: 'library',
  name: `package-${turn}`,
  version: '1.2.3',
  sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
}))
for (let turn = 0; turn < 5; turn++) {
  const answer = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: await promisify(gzip)(JSON.stringify({ batch: turn, reports })),
  })
  await answer.body.dump()
}
