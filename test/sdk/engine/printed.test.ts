import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createEngine } from '../../../sdk/index.ts'
import { createScriptedTransport, goodReply } from './scripted-transport.ts'
import { API_KEY, SERVICE_KEY, startTestEngine } from './test-engine.ts'

const HEADER = Buffer.from(`agent_1@Org:${SERVICE_KEY}`).toString('base64').replace(/=+$/, '')

/** Everything that a program may do to look at a value. */
async function looksAt(value: unknown): Promise<readonly string[]> {
  let printed = ''
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      printed += String(chunk)
      done()
    },
  })
  const console = new Console({ stdout })
  console.log(value)
  console.log('%s %o %O %j', value, value, value, value)
  console.dir(value, { depth: 10, showHidden: true })
  console.table(value)
  return [
    printed,
    JSON.stringify(value) ?? '',
    String(value),
    inspect(value, { depth: 10 }),
    inspect(value, { depth: 10, showHidden: true, getters: true }),
    ...Object.entries(Object(value)).map(([name, each]) => `${name} ${inspect(each)}`),
  ]
}

test('K-303: an engine that is printed in any way shows no key, before, during and after', async () => {
  const transport = createScriptedTransport(goodReply)
  const engine = startTestEngine({ organizationApiKey: API_KEY }, { transport })
  const looks = [...(await looksAt(engine))]
  engine.report({ type: 'finding', rule: 'x' })
  looks.push(...(await looksAt(engine)), ...(await looksAt(engine.status())))
  await engine.flush()
  looks.push(...(await looksAt(engine)), ...(await looksAt(engine.status())))
  await engine.close()
  looks.push(...(await looksAt(engine)))
  // The engine did have both keys.
  const [sent] = transport.requestsOf('reports')
  expect(sent?.headers['api-key']).toBe(API_KEY)
  for (const secret of [SERVICE_KEY, API_KEY, HEADER]) {
    expect(looks.filter((look) => look.includes(secret))).toEqual([])
  }
})

test.each([
  ['a service key with a line end', { serviceKey: `${SERVICE_KEY}\n` }],
  ['a service key of another type', { serviceKey: [SERVICE_KEY] }],
  ['an API key with a space', { organizationApiKey: `${API_KEY} ${API_KEY}` }],
  ['an address with a key in it', { url: `http://agent:${SERVICE_KEY}@host:port/` }],
])('K-303: the error about %s does not repeat it', async (_what, wrong) => {
  const options = {
    url: 'http://127.0.0.1:9/Contrast',
    agentUserName: 'agent_1@Org',
    serviceKey: SERVICE_KEY,
    ...wrong,
  }
  let thrown: unknown
  try {
    await createEngine(options as never).close()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toBeInstanceOf(Error)
  const shown = [...(await looksAt(thrown)), (thrown as Error).stack ?? ''].join('\n')
  for (const secret of [SERVICE_KEY, API_KEY, Object.values(wrong).join()]) {
    expect(shown).not.toContain(secret)
  }
})
