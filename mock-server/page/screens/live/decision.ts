import { reasonInWords } from './reasons.ts'

/** What became of a request at one gate of the decision. */
export interface Gate {
  readonly name: string
  readonly state: 'passed' | 'stopped' | 'not-asked' | 'not-reached'
  /** The state in a word or two. */
  readonly label: string
  readonly words: string
  /** One of the two layers. */
  readonly isLayer: boolean
}

export interface Decided {
  readonly status: number
  readonly isOfEngine: boolean
  readonly isApiKeyAsked: boolean
  readonly refusal: { readonly reason: string; readonly detail: string } | undefined
}

/** The gates in their order, and the reasons that stop a request there. */
const GATES = [
  {
    name: 'Request',
    passed: 'clear, and there is such a path',
    stops: /^(request-malformed|headers-too-large|route-unknown|method-refused|request-timeout)$/,
  },
  {
    name: 'Layer one: generated credentials',
    passed: 'known name, right service key',
    stops: /^(credentials-|session-|login-|rate-limited)/,
    isLayer: true,
  },
  {
    name: 'Layer two: organization API key',
    passed: 'the right key',
    stops: /^api-key-wrong$/,
    isLayer: true,
  },
  {
    name: 'Address, organization, role',
    passed: 'allowed here',
    stops: /^(address|organization|role)-refused$/,
  },
  {
    name: 'Content',
    passed: 'as it should be',
    stops: /./,
  },
] as const satisfies readonly {
  readonly name: string
  readonly passed: string
  readonly stops: RegExp
  readonly isLayer?: true
}[]

const LABELS: Readonly<Record<Gate['state'], string>> = {
  passed: 'Passed',
  stopped: 'Stopped here',
  'not-asked': 'Not asked',
  'not-reached': 'Not reached',
}

/** Every gate, in the order in which a request comes to them. */
export function decisionOf({
  status,
  isOfEngine,
  isApiKeyAsked,
  refusal,
}: Decided): readonly Gate[] {
  const stoppedAt =
    refusal === undefined
      ? GATES.length
      : GATES.findIndex(({ stops }) => stops.test(refusal.reason))
  const gates = GATES.map((gate, index): Gate => {
    const become = (state: Gate['state'], words: string): Gate => ({
      name: gate.name,
      isLayer: 'isLayer' in gate,
      state,
      label: LABELS[state],
      words,
    })
    if (index > stoppedAt) return become('not-reached', 'not looked at')
    if (index === stoppedAt && refusal !== undefined) {
      return become('stopped', reasonInWords(refusal))
    }
    if (index !== LAYER_TWO || isApiKeyAsked) return become('passed', gate.passed)
    return become('not-asked', isOfEngine ? 'off: not asked for' : 'not asked for')
  })
  return [...gates, endOf(status, refusal !== undefined)]
}

/** Where layer two stands among the gates. */
const LAYER_TWO = 2

function endOf(status: number, isRefused: boolean): Gate {
  const isGood = !isRefused && status < 400
  return {
    name: 'Answer',
    isLayer: false,
    state: isGood ? 'passed' : 'stopped',
    label: isGood ? 'Taken' : isRefused ? 'Refused' : 'Failed',
    words: `answered with ${status}`,
  }
}
