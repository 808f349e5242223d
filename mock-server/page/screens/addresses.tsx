import { useId } from 'preact/hooks'
import { Card, Loading } from '../parts/card.tsx'
import { DraftForm } from '../parts/draft-form.tsx'
import { Switch } from '../parts/field.tsx'
import { Failure } from '../parts/notice.tsx'
import { useOrganization } from '../state/context.ts'
import { useDraft } from '../state/use-draft.ts'

interface Addresses {
  readonly ipRanges: readonly string[]
  readonly appliesToAgents: boolean
}

interface Draft {
  /** One entry a line, as typed. */
  readonly text: string
  readonly appliesToAgents: boolean
}

/** Organization settings > Addresses: where requests may come from. */
export function AddressRanges() {
  const organization = useOrganization()
  const id = useId()
  const drafted = useDraft<Addresses, Draft>({
    path: `/ng/${organization.id}/security/ip-ranges`,
    topics: ['organization'],
    draftOf,
    bodyOf,
    isSame,
  })
  const { now, change, loadError, saveError } = drafted
  if (now === undefined) return loadError ? <Failure error={loadError} /> : <Loading lines={6} />

  const entries = entriesIn(now.text)
  return (
    <DraftForm
      drafted={drafted}
      overtaken="Somebody else has just saved another list"
      remarked="Saved."
      saveError={saveError && inEntries(saveError, entries)}
    >
      <Card
        title="Allowed addresses"
        about="Stolen credentials are of no use from elsewhere. People are held to the list when they sign in and with each call."
      >
        <div class="field">
          <label for={id}>IP Address/Subnet Mask</label>
          <textarea
            id={id}
            class="code"
            rows={8}
            spellcheck={false}
            autocapitalize="none"
            aria-describedby={`${id}-hint`}
            placeholder={'203.0.113.7\n10.0.0.0/8\n2001:db8::/32'}
            value={now.text}
            onInput={(event) => change({ text: event.currentTarget.value })}
          />
          <p class="hint" id={`${id}-hint`}>
            One address or range a line, IPv4 or IPv6.{' '}
            {entries.length === 0
              ? 'There is none: requests may come from everywhere.'
              : `${entries.length} ${entries.length === 1 ? 'entry' : 'entries'}. Begin with your own.`}
          </p>
        </div>
        <Switch
          label="Engines too"
          isOn={now.appliesToAgents}
          hint={
            now.appliesToAgents
              ? 'An engine outside the list is refused, whatever keys it has.'
              : 'Engines may report from everywhere.'
          }
          onChange={(appliesToAgents) => change({ appliesToAgents })}
        />
      </Card>
    </DraftForm>
  )
}

function draftOf({ ipRanges, appliesToAgents }: Addresses): Draft {
  return { text: ipRanges.join('\n'), appliesToAgents }
}

function bodyOf({ text, appliesToAgents }: Draft) {
  return { ipRange: entriesIn(text), appliesToAgents }
}

function entriesIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function isSame(one: Draft, other: Draft): boolean {
  return (
    one.appliesToAgents === other.appliesToAgents &&
    entriesIn(one.text).join('\n') === entriesIn(other.text).join('\n')
  )
}

/** The server numbers the entries; whoever typed them knows them by what they are. */
function inEntries(error: Error, entries: readonly string[]): Error {
  const quoted = (index: string) => `“${entries[Number(index)] ?? index}”`
  const words = error.message
    .replace(/ipRange(?=\[\d+\])/gi, '')
    .replace(/\[(\d+)\]-\[(\d+)\]/g, (_all, first: string, last: string) => {
      const isPair = Number(last) === Number(first) + 1
      return `${quoted(first)} ${isPair ? 'and' : 'to'} ${quoted(last)}`
    })
    .replace(/\[(\d+)\]/g, (_all, index: string) => quoted(index))
  return new Error(words)
}
