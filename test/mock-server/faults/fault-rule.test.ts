import { expect, test } from 'vitest'
import { createFaults, type FaultCandidate } from '../../../mock-server/faults/faults.ts'

const A = '11111111-1111-4111-8111-111111111111'
const B = '22222222-2222-4222-8222-222222222222'

function request(given: Partial<FaultCandidate> = {}): FaultCandidate {
  return {
    method: 'POST',
    path: '/Contrast/api/engine/v1/reports',
    organizationId: async () => A,
    reports: async () => [],
    ...given,
  }
}

/** What so many requests meet, one after the other; `-` for nothing. */
async function drawn(faults: ReturnType<typeof createFaults>, candidates: FaultCandidate[]) {
  const texts: string[] = []
  for (const candidate of candidates) texts.push((await faults.draw(candidate))?.text ?? '-')
  return texts
}

const times = (count: number, given?: Partial<FaultCandidate>) =>
  Array.from({ length: count }, () => request(given))

test('one fault is for every request until it is removed', async () => {
  const faults = createFaults()
  const planted = faults.add('503')
  expect(await drawn(faults, times(3))).toEqual(['503', '503', '503'])
  planted.remove()
  expect(await drawn(faults, times(1))).toEqual(['-'])
  expect(faults.isEmpty).toBe(true)
})

test('a list is one fault a request, and then all is well', async () => {
  const faults = createFaults()
  const planted = faults.add(['503', '429;retry-after=2', 'reset', 'ok'])
  expect(await drawn(faults, times(6))).toEqual([
    '503',
    '429;retry-after=2',
    'reset',
    'ok',
    '-',
    '-',
  ])
  expect(planted).toMatchObject({ id: 1, matches: 4, hits: 4, isSpent: true })
})

test('a list may be gone through more than once', async () => {
  const faults = createFaults()
  faults.add({ do: ['503', 'ok'], times: 5 })
  expect(await drawn(faults, times(6))).toEqual(['503', 'ok', '503', 'ok', '503', '-'])
})

test.each([
  [{ times: 2 }, ['503', '503', '-', '-']],
  [{ nth: 3 }, ['-', '-', '503', '-']],
  [{ nth: 1 }, ['503', '-', '-', '-']],
] as const)('with %j it happens to %j', async (rule, texts) => {
  const faults = createFaults()
  faults.add({ do: '503', ...rule })
  expect(await drawn(faults, times(4))).toEqual(texts)
})

test('the first rule that applies decides, and the next one is for what it leaves', async () => {
  const faults = createFaults()
  faults.add({ do: '503', times: 1 })
  faults.add('reset')
  expect(await drawn(faults, times(3))).toEqual(['503', 'reset', 'reset'])
})

test('chance is the same each time for one seed, and about as likely as it says', async () => {
  const outcome = async (seed: number) => {
    const faults = createFaults()
    faults.add({ do: '503', probability: 0.3, seed })
    return drawn(faults, times(1_000))
  }
  const [first, again, other] = [await outcome(7), await outcome(7), await outcome(8)]
  expect(again).toEqual(first)
  expect(other).not.toEqual(first)
  const hits = first.filter((text) => text === '503').length
  expect(hits).toBeGreaterThan(240)
  expect(hits).toBeLessThan(360)
})

test('a seed that was drawn is told, and gives the same again', async () => {
  const faults = createFaults()
  const { seed } = faults.add({ do: '503', probability: 0.5 })
  const first = await drawn(faults, times(50))
  faults.clear()
  faults.add({ do: '503', probability: 0.5, seed })
  expect(await drawn(faults, times(50))).toEqual(first)
})

test.each([
  ['reports', 'POST', '/engine/v1/reports', true],
  ['reports', 'POST', `/engine/v1/organizations/${A}/reports`, true],
  ['reports', 'GET', '/engine/v1/reports', false],
  ['reports', 'POST', '/engine/v1/heartbeat', false],
  ['createSession', 'PUT', `/ng/${A}/sessions`, true],
  ['/engine/v1/reports', 'POST', '/engine/v1/reports', true],
  ['/engine/v1/reports', 'POST', '/engine/v1/reports/more', false],
  ['PUT /ng/sessions', 'PUT', '/ng/sessions', true],
  ['PUT /ng/sessions', 'POST', '/ng/sessions', false],
  ['GET /ng/*/applications', 'GET', `/ng/${A}/applications`, true],
  ['GET /ng/*/applications', 'GET', `/ng/${A}/x/applications`, false],
  ['/ng/**', 'GET', `/ng/${A}/x/applications`, true],
  ['/ng/a.c', 'GET', '/ng/abc', false],
])('route %j and %s %s: %j', async (route, method, path, isMatch) => {
  const faults = createFaults()
  faults.add({ do: '503', route })
  const candidate = request({ method, path: `/Contrast/api${path}` })
  expect(await drawn(faults, [candidate])).toEqual([isMatch ? '503' : '-'])
})

test('a rule of an organization is for its requests alone, and so is its view', async () => {
  const faults = createFaults()
  faults.add('reset')
  const ofA = faults.ofOrganization(A)
  const ofB = faults.ofOrganization(B)
  faults.clear()
  ofA.add('503')
  ofB.add('504')
  const organizations = [A, B, undefined]
  expect(
    await drawn(
      faults,
      organizations.map((id) => request({ organizationId: async () => id })),
    ),
  ).toEqual(['503', '504', '-'])
  ofA.clear()
  expect(ofA.list()).toEqual([])
  expect(ofB.list()).toHaveLength(1)
})

test('a rule may be for a report of a kind', async () => {
  const faults = createFaults()
  faults.add({ do: '400', report: { rule: /^sql/ } })
  const withRule = (rule: string) => request({ reports: async () => [{ rule: 'xss' }, { rule }] })
  expect(await drawn(faults, [withRule('sql-injection'), withRule('csrf')])).toEqual(['400', '-'])
})

test('what no rule asks for is not looked up', async () => {
  const faults = createFaults()
  faults.add({ do: '503', route: 'heartbeat', organization: A, report: {} })
  const refuse = () => Promise.reject(new Error('nobody asked'))
  expect(await drawn(faults, [request({ organizationId: refuse, reports: refuse })])).toEqual(['-'])
})

test.each([
  [{}, 'needs do'],
  [{ do: [] }, 'needs do'],
  [{ do: [503] }, 'needs do'],
  [null, 'needs do'],
  [{ do: '503', when: 'now' }, 'knows no when'],
  [{ do: '503', nth: 0 }, 'nth must be a whole number from 1'],
  [{ do: '503', times: 1.5 }, 'times must be a whole number from 1'],
  [{ do: '503', seed: -1 }, 'seed must be a whole number from 0 to 4294967295'],
  [{ do: '503', probability: 0 }, 'probability must be a number above 0 and up to 1'],
  [{ do: '503', probability: '1' }, 'probability must be a number above 0 and up to 1'],
  [{ do: '503', route: 'nowhere' }, 'route must be a path'],
  [{ do: '503', route: '' }, 'route must be text'],
  [{ do: '503', report: 'x' }, 'report must be an object'],
  [{ do: '503', organization: 5 }, 'organization must be text'],
  ['rest', 'none of the known faults'],
])('the rule %j is refused by name: %s', (rule, why) => {
  const faults = createFaults()
  expect(() => faults.add(rule as never)).toThrow(
    expect.objectContaining({ code: 'ERR_OPTION_INVALID', message: expect.stringContaining(why) }),
  )
  expect(faults.isEmpty).toBe(true)
})
