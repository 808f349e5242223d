import { mistakesInKeyPolicy } from '../../keys/key-policy.ts'
import { Card, Loading } from '../parts/card.tsx'
import { DraftForm } from '../parts/draft-form.tsx'
import { Switch } from '../parts/field.tsx'
import { Failure } from '../parts/notice.tsx'
import { useDraft } from '../state/use-draft.ts'
import {
  draftOf,
  isSameDraft,
  type KeyPolicies,
  type PolicyDraft,
  policiesIn,
} from './key-management/draft.ts'
import { PolicySection } from './key-management/policy-section.tsx'

/** System settings > Security > Key Management: what keys are made of. */
export function KeyManagement() {
  const drafted = useDraft<KeyPolicies, PolicyDraft>({
    path: '/ng/superadmin/security/key-policy',
    topics: ['system'],
    draftOf,
    bodyOf: policiesIn,
    isSame: isSameDraft,
  })
  const { now, change, loadError } = drafted
  if (now === undefined) return loadError ? <Failure error={loadError} /> : <Loading lines={8} />

  const policies = policiesIn(now)
  const isRight =
    mistakesInKeyPolicy(policies.organizationApiKey).length === 0 &&
    mistakesInKeyPolicy(policies.applicationKey).length === 0
  return (
    <DraftForm
      drafted={drafted}
      isRight={isRight}
      overtaken="Somebody else has just saved other rules"
      remarked="Saved, and weak"
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
    </DraftForm>
  )
}
