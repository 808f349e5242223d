import { expect, test } from 'vitest'
import { EACH_DOOR } from './doors.ts'
import { authorizationOf, createFixture, type Fixture } from './fixture.ts'
import { expectOutcome, type Outcome, reasonOf } from './outcome.ts'
import { secretsFoundIn } from './secret-search.ts'
import { bytesOf, type HeaderLine, idsIn } from './sent-request.ts'
import { auditEntriesOf, stateOf } from './state.ts'

const HOUR_MS = 3_600_000

/** Matrix 1.1: all of it within 5 s at each door. */
const LONGEST_CPU_SECONDS = 5

/** What one request of the product has to come to; `OK` is stored. */
type Expected = { readonly outcome: 'OK' } | { readonly outcome: Outcome; readonly detail: string }

interface Axes {
  readonly users: Readonly<Record<string, string>>
  readonly serviceKeys: Readonly<Record<string, string>>
  readonly apiKeys: Readonly<Record<string, readonly HeaderLine[]>>
}

test.each(EACH_DOOR)(
  'of 1 512 combinations of user, service key, API key and layer, exactly 28 are stored at %s',
  // By the clock it may take as long as others keep the machine busy.
  { timeout: 60_000 },
  async (_name, kind) => {
    const cpuBefore = process.cpuUsage()
    const fixture = await createFixture()
    const door = await kind.open(fixture.teamServer)
    const { a, b } = fixture
    const axes = await axesOf(fixture)
    const before = await stateOf(fixture)
    const entriesBefore = new Set(await auditEntriesOf(fixture))

    const counts: Record<string, number> = {}
    const refusals: object[] = []
    const taken: unknown[] = []
    const missed: string[] = []
    for (const layer of ['off', 'on'] as const) {
      for (const { apiKey } of [a, b]) await (layer === 'on' ? apiKey.enable() : apiKey.disable())
      for (const { names, user, serviceKey, lines } of combinationsOf(axes)) {
        const authorization = authorizationOf(user, serviceKey)
        const request = fixture.report(a, ['Authorization', authorization], ...lines)
        const answer = await door.send(request)

        const expected = expectedOf(names, layer)
        counts[expected.outcome] = (counts[expected.outcome] ?? 0) + 1
        const isRight =
          expected.outcome === 'OK'
            ? answer.status === 202
            : bytesOf(answer).includes(`"reason":"${reasonOf(expected.outcome)}"`)
        const line = `${names.join(' | ')} | layer ${layer}: ${answer.status}, not ${expected.outcome}`
        if (!isRight) missed.push(line)
        else if (expected.outcome === 'OK') taken.push(...idsIn(request))
        else expectOutcome(door, expected.outcome, answer)
        if (expected.outcome === 'OK') continue
        const { outcome, detail } = expected
        refusals.push({ reason: reasonOf(outcome), detail, claimedUserName: user })
      }
    }

    expect(missed).toEqual([])
    expect(counts).toEqual({ OK: 28, ORG: 13, 'K-WRONG': 31, 'C-WRONG': 1_440 })
    const stored = await a.reports({ withReceipt: true })
    expect(stored.map(({ report }) => report.id)).toEqual(taken)
    expect(new Set(stored.map(({ agentUserName }) => agentUserName))).toEqual(
      new Set([fixture.a1.userName]),
    )
    const after = await stateOf(fixture)
    const { reports, applications: _applications, vulnerabilities, ...rest } = after.a
    expect(rest).toEqual({ ...before.a, ...NOT_COMPARED })
    expect(vulnerabilities).toMatchObject([{ rule: 'sql-injection', count: reports.length }])
    expect(after.b).toEqual(before.b)

    const entries = (await auditEntriesOf(fixture)).filter((entry) => !entriesBefore.has(entry))
    const refused = entries.filter(({ kind }) => kind === 'refusal')
    expect(refused).toHaveLength(1_484)
    expect(
      refused.map(({ reason, detail, claimedUserName }) => ({ reason, detail, claimedUserName })),
    ).toEqual(refusals)
    const shown = [JSON.stringify(entries), ...fixture.output].join('\n')
    expect(secretsFoundIn(shown, fixture.secrets)).toEqual([])
    expect(fixture.errors).toEqual([])
    const { user, system } = process.cpuUsage(cpuBefore)
    expect((user + system) / 1_000_000).toBeLessThan(LONGEST_CPU_SECONDS)
  },
)

/** What accepted reports change. */
const NOT_COMPARED = { reports: undefined, applications: undefined, vulnerabilities: undefined }

/** Every value of every axis. Both slots are rotated twice, so that one old value is still good. */
async function axesOf(fixture: Fixture): Promise<Axes> {
  const { a, b, a1, a2, b1 } = fixture
  const closed = { serviceKey: a1.serviceKey, apiKey: a.apiKey.value }
  fixture.noteSecrets()
  await a.rotateAgentKey('default')
  await a.apiKey.rotate()
  const open = { serviceKey: a1.serviceKey, apiKey: a.apiKey.value }
  fixture.noteSecrets()
  await a.rotateAgentKey('default', { overlapMs: HOUR_MS })
  await a.apiKey.rotate({ overlapMs: HOUR_MS })
  const current = { serviceKey: a1.serviceKey, apiKey: a.apiKey.value }
  fixture.noteSecrets()

  const one = (value: string): readonly HeaderLine[] => [['API-Key', value]]
  return {
    users: {
      A1: a1.userName,
      'unknown name of the same shape': `agent_00000000-0000-4000-8000-000000000000@${a.name}`,
      B1: b1.userName,
      'A1 in another case': a1.userName.replace('agent', 'Agent'),
      'deleted agent': fixture.deleted.userName,
      empty: '',
      'person of A': fixture.people.edit.userName,
    },
    serviceKeys: {
      current: current.serviceKey,
      'wrong, same length': 'x'.repeat(current.serviceKey.length),
      'replaced, overlap open': open.serviceKey,
      'replaced, overlap closed': closed.serviceKey,
      "A2's": a2.serviceKey,
      "B1's": b1.serviceKey,
      'in another case': withOtherCase(current.serviceKey),
      empty: '',
      "A's organization API key": current.apiKey,
    },
    apiKeys: {
      current: one(current.apiKey),
      absent: [],
      empty: one(''),
      'wrong, same length': one('x'.repeat(current.apiKey.length)),
      'replaced, overlap open': one(open.apiKey),
      'replaced, overlap closed': one(closed.apiKey),
      "B's": one(b.apiKey.value),
      'in another case': one(withOtherCase(current.apiKey)),
      'last character missing': one(current.apiKey.slice(0, -1)),
      'one character more': one(`${current.apiKey}x`),
      "A1's service key": one(current.serviceKey),
      'the right one twice': [...one(current.apiKey), ...one(current.apiKey)],
    },
  }
}

function* combinationsOf({ users, serviceKeys, apiKeys }: Axes) {
  for (const [userName, user] of Object.entries(users)) {
    for (const [serviceKeyName, serviceKey] of Object.entries(serviceKeys)) {
      for (const [apiKeyName, lines] of Object.entries(apiKeys)) {
        const names = [userName, serviceKeyName, apiKeyName] as const
        yield { names, user, serviceKey, lines }
      }
    }
  }
}

/** The rule in words: layer one, then layer two of the caller's own organization, then the path. */
function expectedOf(
  [user, serviceKey, apiKey]: readonly [string, string, string],
  layer: 'off' | 'on',
): Expected {
  const wrong = (detail: string): Expected => ({ outcome: 'C-WRONG', detail })
  if (user === 'deleted agent') return wrong('agent-key-deleted')
  if (user === 'person of A') return wrong('service-key-wrong')
  if (user !== 'A1' && user !== 'B1') return wrong('user-unknown')
  const rightServiceKeys = user === 'A1' ? ['current', 'replaced, overlap open'] : ["B1's"]
  if (!rightServiceKeys.includes(serviceKey)) {
    const isRetired = user === 'A1' && serviceKey === 'replaced, overlap closed'
    return wrong(isRetired ? 'service-key-retired' : 'service-key-wrong')
  }
  const rightApiKeys = user === 'A1' ? ['current', 'replaced, overlap open'] : ["B's"]
  if (layer === 'on' && !rightApiKeys.includes(apiKey)) {
    if (apiKey === 'absent' || apiKey === 'empty') {
      return { outcome: 'K-WRONG', detail: 'api-key-missing' }
    }
    const isRetired = user === 'A1' && apiKey === 'replaced, overlap closed'
    return { outcome: 'K-WRONG', detail: isRetired ? 'api-key-retired' : 'api-key-wrong' }
  }
  return user === 'A1' ? { outcome: 'OK' } : { outcome: 'ORG', detail: 'organization-of-others' }
}

/** The key with the case of its first letter changed. */
function withOtherCase(key: string): string {
  return key.replace(/[A-Za-z]/, (letter) =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  )
}
