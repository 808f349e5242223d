import { useId, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Card, Loading } from '../parts/card.tsx'
import { Switch } from '../parts/field.tsx'
import { Failure, Notice } from '../parts/notice.tsx'
import { useOrganization, useSurroundings } from '../state/context.ts'
import { useAction } from '../state/use-action.ts'
import { useLoaded } from '../state/use-loaded.ts'

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
  const { client } = useSurroundings().session
  const organization = useOrganization()
  const id = useId()
  const path = `/ng/${organization.id}/security/ip-ranges`
  const saved = useLoaded(path, () => client.get<Addresses>(path), ['organization'])
  const [draft, setDraft] = useState<{ from: Draft; now: Draft }>()
  const [messages, setMessages] = useState<readonly string[]>()
  const saving = useAction()
  if (saved.value === undefined) {
    return saved.error ? <Failure error={saved.error} /> : <Loading lines={6} />
  }

  const theirs = draftOf(saved.value)
  const now = draft?.now ?? theirs
  const isChanged = !isSame(now, theirs)
  const isOvertaken = draft !== undefined && isChanged && !isSame(draft.from, theirs)
  const change = (next: Partial<Draft>) => {
    setMessages(undefined)
    saving.forget()
    setDraft({ from: draft?.from ?? theirs, now: { ...now, ...next } })
  }
  const entries = entriesIn(now.text)

  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isChanged || saving.isRunning) return
        void saving.run(async () => {
          const answer = await client.put<Addresses & { messages: readonly string[] }>(path, {
            ipRange: entries,
            appliesToAgents: now.appliesToAgents,
          })
          saved.put(answer)
          setDraft(undefined)
          setMessages(answer.messages)
        })
      }}
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
      {isOvertaken && (
        <Notice tone="warning" title="Somebody else has just saved another list">
          <p>If you save, yours replaces theirs as a whole.</p>
          <Button onPress={() => setDraft(undefined)}>Show theirs</Button>
        </Notice>
      )}
      <Failure error={saving.error && inEntries(saving.error, entries)} />
      {messages && !isChanged && (
        <Notice tone={messages.length === 0 ? 'done' : 'warning'} title="Saved.">
          {messages.map((each) => (
            <p key={each}>{each}</p>
          ))}
        </Notice>
      )}
      <div class="row sticky">
        <Button kind="primary" isSubmit isDisabled={!isChanged} isBusy={saving.isRunning}>
          Save
        </Button>
        <Button isDisabled={!isChanged} onPress={() => setDraft(undefined)}>
          Discard changes
        </Button>
      </div>
    </form>
  )
}

function draftOf({ ipRanges, appliesToAgents }: Addresses): Draft {
  return { text: ipRanges.join('\n'), appliesToAgents }
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
  const words = error.message.replace(/ipRange\[(\d+)\]/gi, (whole, index: string) => {
    const entry = entries[Number(index)]
    return entry === undefined ? whole : `“${entry}”`
  })
  return new Error(words)
}
