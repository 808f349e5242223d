import { useMemo, useState } from 'preact/hooks'
import { generateKey } from '../../../keys/generate-key.ts'
import { mistakesInKeyPolicy } from '../../../keys/key-policy.ts'
import { STRONG_KEY_BITS, worstCaseBits } from '../../../keys/key-strength.ts'
import { Button } from '../../parts/button.tsx'
import { Card } from '../../parts/card.tsx'
import { NumberField } from '../../parts/field.tsx'
import { policyIn, RULE_NAMES, type SectionDraft } from './draft.ts'
import { randomInt } from './random-int.ts'

const WORDS = {
  keyLength: { label: 'Key Length', unit: '', hint: 'Characters, exactly: 8 to 32' },
  minNumbers: { label: 'Min Numbers', unit: '0–9', hint: '' },
  minUpperCase: { label: 'Min Upper Case Letters', unit: 'A–Z', hint: '' },
  minLowerCase: { label: 'Min Lower Case Letters', unit: 'a–z', hint: '' },
} as const

export interface PolicySectionProps {
  readonly title: string
  readonly about: string
  readonly section: SectionDraft
  readonly onChange: (next: SectionDraft) => void
}

/** One kind of key: its four rules, and what they come to. */
export function PolicySection({ title, about, section, onChange }: PolicySectionProps) {
  const policy = policyIn(section)
  const mistakes = mistakesInKeyPolicy(policy)
  const isTooMuch = mistakes.some((each) => each.includes('add up'))
  return (
    <Card title={title} about={about}>
      <div class="fields">
        {RULE_NAMES.map((name) => {
          const mistake = mistakes.find((each) => isAbout(each, name))
          return (
            <NumberField
              key={name}
              {...WORDS[name]}
              value={section[name]}
              least={name === 'keyLength' ? 8 : 0}
              most={32}
              error={mistake && wordsFor(name)}
              onInput={(value) => onChange({ ...section, [name]: value })}
            />
          )
        })}
      </div>
      <Strength
        key={mistakes.length === 0 ? 'right' : 'wrong'}
        section={section}
        mistake={isTooMuch ? 'The three minimums add up to more than the length.' : undefined}
        isRight={mistakes.length === 0}
      />
    </Card>
  )
}

/** True for a mistake of this field alone; that the minimums are too many is one of all of them. */
function isAbout(mistake: string, name: string): boolean {
  return !mistake.includes('add up') && mistake.split(/[ ,]+/).includes(name)
}

function wordsFor(name: string): string {
  return name === 'keyLength' ? 'A whole number from 8 to 32' : 'A whole number from 0'
}

/** How hard the weakest key of these rules is to guess, and one of them. */
function Strength({
  section,
  mistake,
  isRight,
}: {
  readonly section: SectionDraft
  readonly mistake: string | undefined
  readonly isRight: boolean
}) {
  const [turn, setTurn] = useState(0)
  const spelled = JSON.stringify(section)
  const example = useMemo(
    () => (isRight ? generateKey(policyIn(JSON.parse(spelled)), randomInt) : ''),
    [spelled, isRight, turn],
  )
  const bits = isRight ? worstCaseBits(policyIn(section)) : undefined
  const isWeak = bits !== undefined && bits < STRONG_KEY_BITS
  return (
    <div class="strength">
      <p class={mistake || isWeak ? 'bits weak' : 'bits'} role="status">
        {mistake ? (
          mistake
        ) : bits === undefined ? (
          'Mend the rules above to see what they come to.'
        ) : (
          <>
            <b class="number">{bits.toFixed(1)} bits</b> for the weakest key.{' '}
            {isWeak
              ? `${STRONG_KEY_BITS} are advised.`
              : `More than the ${STRONG_KEY_BITS} that are advised.`}
          </>
        )}
      </p>
      <meter
        min={0}
        max={192}
        low={64}
        high={STRONG_KEY_BITS}
        optimum={192}
        value={bits ?? 0}
        aria-label="Strength of the weakest key in bits"
      />
      <div class="example">
        <span>
          <span class="label">Example</span> <code>{example || '—'}</code>
        </span>
        <Button
          kind="quiet"
          icon="rotate"
          label="Another example"
          isDisabled={!isRight}
          onPress={() => setTurn(turn + 1)}
        />
      </div>
    </div>
  )
}
