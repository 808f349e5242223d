import { useState } from 'preact/hooks'
import { mistakesInKeyPolicy } from '../../keys/key-policy.ts'
import { Button } from '../parts/button.tsx'
import { Card, Loading } from '../parts/card.tsx'
import { Switch } from '../parts/field.tsx'
import { Failure, Notice } from '../parts/notice.tsx'
import { useSurroundings } from '../state/context.ts'
import { useAction } from '../state/use-action.ts'
import { useLoaded } from '../state/use-loaded.ts'
import {
  draftOf,
  isSameDraft,
  type KeyPolicies,
  type PolicyDraft,
  policiesIn,
} from './key-management/draft.ts'
import { PolicySection } from './key-management/policy-section.tsx'

const PATH = '/ng/superadmin/security/key-policy'

/** System settings > Security > Key Management: what keys are made of. */
export function KeyManagement() {
  const { client } = useSurroundings().session
  const saved = useLoaded(PATH, () => client.get<KeyPolicies>(PATH), ['system'])
  const [draft, setDraft] = useState<{ from: PolicyDraft; now: PolicyDraft }>()
  const [warnings, setWarnings] = useState<readonly string[]>()
  const saving = useAction()
  if (saved.value === undefined) {
    return saved.error ? <Failure error={saved.error} /> : <Loading lines={8} />
  }

  const theirs = draftOf(saved.value)
  const now = draft?.now ?? theirs
  const isChanged = !isSameDraft(now, theirs)
  // Somebody else saved since this form was begun.
  const isOvertaken = draft !== undefined && isChanged && !isSameDraft(draft.from, theirs)
  const policies = policiesIn(now)
  const isRight =
    mistakesInKeyPolicy(policies.organizationApiKey).length === 0 &&
    mistakesInKeyPolicy(policies.applicationKey).length === 0
  const change = (next: Partial<PolicyDraft>) => {
    setWarnings(undefined)
    setDraft({ from: draft?.from ?? theirs, now: { ...now, ...next } })
  }

  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (!isRight || saving.isRunning) return
        void saving.run(async () => {
          const answer = await client.put<KeyPolicies & { messages: readonly string[] }>(
            PATH,
            policies,
          )
          saved.put(answer)
          setDraft(undefined)
          setWarnings(answer.messages)
        })
      }}
    >
      <p class="lead">
        What keys are made of, in every organization. Keys that are in use go on working when the
        rules change; the next one that is made or set obeys them.
      </p>
      <Card title="Sign-in">
        <Switch
          label="Mask invalid IPs on login"
          isOn={now.maskInvalidIpsOnLogin}
          hint={
            now.maskInvalidIpsOnLogin
              ? 'A right password from an address outside the list is answered like a wrong one.'
              : 'A right password from an address outside the list is told that the address is the reason.'
          }
          onChange={(maskInvalidIpsOnLogin) => change({ maskInvalidIpsOnLogin })}
        />
      </Card>
      <div class="columns">
        <PolicySection
          title="Organization API-Key"
          about="The second layer of every organization."
          section={now.organizationApiKey}
          onChange={(organizationApiKey) => change({ organizationApiKey })}
        />
        <PolicySection
          title="Application Key"
          about="The generated service keys of agents and people."
          section={now.applicationKey}
          onChange={(applicationKey) => change({ applicationKey })}
        />
      </div>
      {isOvertaken && (
        <Notice tone="warning" title="Somebody else has just saved other rules">
          <p>If you save, all of yours replace all of theirs.</p>
          <Button onPress={() => setDraft(undefined)}>Show theirs</Button>
        </Notice>
      )}
      <Failure error={saving.error} />
      {warnings && !isChanged && <SavedNotice warnings={warnings} />}
      <div class="row sticky">
        <Button
          kind="primary"
          isSubmit
          isDisabled={!isChanged || !isRight}
          isBusy={saving.isRunning}
        >
          Save
        </Button>
        <Button isDisabled={!isChanged} onPress={() => setDraft(undefined)}>
          Discard changes
        </Button>
      </div>
    </form>
  )
}

function SavedNotice({ warnings }: { readonly warnings: readonly string[] }) {
  if (warnings.length === 0) return <Notice tone="done">Saved.</Notice>
  return (
    <Notice tone="warning" title="Saved, and weak">
      {warnings.map((each) => (
        <p key={each}>{each}.</p>
      ))}
    </Notice>
  )
}
