import { useState } from 'preact/hooks'
import { keyRules } from '../../../keys/key-policy.ts'
import { Button } from '../../parts/button.tsx'
import { Loading } from '../../parts/card.tsx'
import { Field } from '../../parts/field.tsx'
import { Icon } from '../../parts/icon.tsx'
import { Failure } from '../../parts/notice.tsx'
import { useSurroundings } from '../../state/context.ts'
import type { OwnOrganization } from '../../state/session.ts'
import { useAction } from '../../state/use-action.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { type ApiKeyAnswer, apiKeyPath, type KeyPolicyAnswer } from './api-key.ts'

/** A value of somebody's own, held to the rules while it is typed. */
export function SetApiKey({
  organization,
  onSet,
  onCancel,
}: {
  readonly organization: OwnOrganization
  readonly onSet: (next: ApiKeyAnswer) => void
  readonly onCancel: () => void
}) {
  const { client } = useSurroundings().session
  const path = `/ng/${organization.id}/security/key-policy`
  const policy = useLoaded(path, () => client.get<KeyPolicyAnswer>(path), ['system'])
  const [value, setValue] = useState('')
  const setting = useAction()
  if (policy.value === undefined) {
    return policy.error ? <Failure error={policy.error} /> : <Loading lines={6} />
  }

  const rules = keyRules(value, policy.value.organizationApiKey)
  const isRight = rules.every(({ isObeyed }) => isObeyed)
  return (
    <form
      class="inset stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!isRight || setting.isRunning) return
        void setting.run(async () =>
          onSet(await client.put<ApiKeyAnswer>(apiKeyPath(organization.id), { value })),
        )
      }}
    >
      <Field
        label="New API key"
        value={value}
        onInput={setValue}
        isCode
        hint={`${value.length} of ${policy.value.organizationApiKey.keyLength} characters. It replaces the key at once.`}
      />
      <ul class="rules" aria-label="Rules of the key policy">
        {rules.map(({ isObeyed, sentence }) => (
          <li key={sentence} class={isObeyed ? 'obeyed' : 'missed'}>
            <Icon name={isObeyed ? 'check' : 'stop'} />
            <span class="unseen">{isObeyed ? 'Obeyed:' : 'Missed:'}</span> {sentence}
          </li>
        ))}
      </ul>
      <Failure error={setting.error} />
      <div class="row">
        <Button kind="primary" isSubmit isDisabled={!isRight} isBusy={setting.isRunning}>
          Set the key
        </Button>
        <Button onPress={onCancel}>Cancel</Button>
      </div>
    </form>
  )
}
