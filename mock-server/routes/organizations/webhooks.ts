import type { Answer } from '../../core/exchange.ts'
import type { OrganizationRecord, WebhookRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import type { WebhookMessage } from '../inventory/messages.ts'
import { WebhookRequest } from '../inventory/validators.generated.js'
import { createLinkMaker, type LinkMaker } from '../listing/links.ts'
import { notFound } from '../listing/not-found.ts'
import { createQueryReader } from '../listing/query.ts'
import { ADMIN_ONLY, type Call, route, routeWithBody } from '../route.ts'
import { changeIntegrations, integrationsOf } from './change-integrations.ts'

const WEBHOOKS = '/ng/:org/webhooks'
const WEBHOOK = `${WEBHOOKS}/:webhook`

/** Lists where somebody wants to hear of what happens. The mock calls none of them. */
export const listWebhooks = route({
  method: 'GET',
  path: WEBHOOKS,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'List the webhooks; the mock calls none of them',
    isOurs: false,
    answer: 'OrgWebhookResponse',
    query: { expand: 'webhook_apps; skip_links leaves links out' },
  },
  async answer(call) {
    const show = shower(call)
    return done({ webhooks: integrationsOf(call.organization).webhooks.map(show) })
  },
})

/** Shows one webhook. */
export const showWebhook = route({
  method: 'GET',
  path: WEBHOOK,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Show a webhook',
    isOurs: false,
    answer: 'WebhookResponse',
    query: { expand: 'webhook_apps; skip_links leaves links out' },
  },
  async answer(call) {
    const found = webhookNamed(call)
    return found === undefined ? notFound('webhook') : done({ webhook: shower(call)(found) })
  },
})

/** Adds a webhook. */
export const addWebhook = routeWithBody({
  method: 'POST',
  path: WEBHOOKS,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Add a webhook',
    isOurs: false,
    request: 'WebhookRequest',
    answer: 'BaseApiResponse',
  },
  validator: WebhookRequest,
  answer: (call) =>
    changeIntegrations(
      call,
      ['webhook-added', `added the webhook ${call.message.name}`],
      ({ webhooks, nextId, ...rest }) => ({
        ...rest,
        webhooks: [...webhooks, webhookOf(nextId, call.message)],
        nextId: nextId + 1,
      }),
      () => done(),
    ),
})

/** Puts a webhook in the place of another. */
export const changeWebhook = routeWithBody({
  method: 'PUT',
  path: WEBHOOK,
  access: { people: ADMIN_ONLY },
  description: {
    summary: 'Change a webhook',
    isOurs: false,
    request: 'WebhookRequest',
    answer: 'BaseApiResponse',
  },
  validator: WebhookRequest,
  async answer(call) {
    const found = webhookNamed(call)
    if (found === undefined) return notFound('webhook')
    return changeIntegrations(
      call,
      ['webhook-changed', `changed the webhook ${found.name}`],
      (before) => ({
        ...before,
        webhooks: before.webhooks.map((each) =>
          each.id === found.id ? webhookOf(found.id, call.message) : each,
        ),
      }),
      () => done(),
    )
  },
})

/** Removes a webhook. */
export const removeWebhook = route({
  method: 'DELETE',
  path: WEBHOOK,
  access: { people: ADMIN_ONLY },
  description: { summary: 'Remove a webhook', isOurs: false, answer: 'BaseApiResponse' },
  async answer(call): Promise<Answer> {
    const found = webhookNamed(call)
    if (found === undefined) return notFound('webhook')
    return changeIntegrations(
      call,
      ['webhook-removed', `removed the webhook ${found.name}`],
      (before) => ({
        ...before,
        webhooks: before.webhooks.filter(({ id }) => id !== found.id),
      }),
      () => done(),
    )
  },
})

function webhookNamed({
  organization,
  parameters,
}: {
  readonly organization: OrganizationRecord
  readonly parameters: Readonly<Record<string, string>>
}): WebhookRecord | undefined {
  const { webhooks } = integrationsOf(organization)
  return webhooks.find(({ id }) => String(id) === parameters.webhook)
}

function webhookOf(id: number, message: WebhookMessage): WebhookRecord {
  const { name, url, payload, product, type, use_html, all_applications, applications } = message
  const isForAll = all_applications ?? (applications ?? []).length === 0
  return {
    id,
    name,
    url,
    payload: payload ?? '',
    product: product ?? 'ASSESS',
    type: type ?? 'GENERIC',
    isHtml: use_html ?? false,
    ...(isForAll ? {} : { applicationIds: (applications ?? []).map(String) }),
  }
}

function shower({
  organization,
  query,
  address,
}: Pick<Call, 'organization' | 'query' | 'address'>) {
  const links: LinkMaker = createLinkMaker(address, createQueryReader(query).expand())
  return ({ id, applicationIds, product, type, isHtml, ...rest }: WebhookRecord) => ({
    id,
    name: rest.name,
    url: rest.url,
    payload: rest.payload,
    all_applications: applicationIds === undefined,
    applications: applicationIds ?? [],
    contrast_product: product,
    webhook_type: type,
    use_html: isHtml,
    valid: true,
    properties: [],
    serverless_account_ids: [],
    serverless_rule_severities: [],
    ...links(['self', `/ng/${organization.id}/webhooks/${id}`]),
  })
}
