import { act } from '../../administration/act.ts'
import { refusal } from '../../core/answer.ts'
import type { Answer } from '../../core/exchange.ts'
import type { Integrations, OrganizationRecord } from '../../store/records.ts'
import type { Call } from '../route.ts'

const NONE: Integrations = { webhooks: [], securityControls: [], nextId: 1 }

/** Of each kind. */
const MOST = 1_000

export function integrationsOf({ integrations = NONE }: OrganizationRecord): Integrations {
  return integrations
}

/**
 * Changes what is set up beside an organization, in one step with its audit entry.
 *
 * @param sentence The act, for the audit log. Addresses and payloads stay out: they may hold secrets.
 * @returns What there is now; a refusal where there is too much.
 */
export async function changeIntegrations(
  { organization, store, actor, now }: Pick<Call, 'organization' | 'store' | 'actor' | 'now'>,
  [name, sentence]: readonly [name: string, sentence: string],
  change: (before: Integrations) => Integrations,
  answer: (after: Integrations) => Answer,
): Promise<Answer> {
  const isFull = Object.values(change(integrationsOf(organization))).some(
    (kept) => Array.isArray(kept) && kept.length > MOST,
  )
  if (isFull) return refusal('body-malformed', { where: `there are ${MOST} already` })
  const after = await store.changeOrganization(
    organization.id,
    (before) => ({ ...before, integrations: change(integrationsOf(before)) }),
    act(name, sentence, actor, now),
  )
  return after === undefined ? refusal('not-available') : answer(integrationsOf(after))
}
