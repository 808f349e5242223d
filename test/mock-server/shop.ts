import {
  createTeamServer,
  type Organization,
  type TeamServer,
  type TeamServerOptions,
} from '../../mock-server/index.ts'

/** A TeamServer with one organization, and the errors it had. */
export interface Shop {
  readonly teamServer: TeamServer
  readonly shop: Organization
  readonly errors: readonly unknown[]
}

export async function createShop({
  isApiKeyEnabled = false,
  ...options
}: TeamServerOptions & { readonly isApiKeyEnabled?: boolean } = {}): Promise<Shop> {
  const errors: unknown[] = []
  const teamServer = createTeamServer({ onError: (error) => errors.push(error), ...options })
  const shop = await teamServer.createOrganization({
    name: 'Shop',
    apiKey: { enabled: isApiKeyEnabled },
  })
  return { teamServer, shop, errors }
}

/** The value of `Authorization` for a pair of credentials. */
export function authorizationOf({
  userName,
  serviceKey,
}: {
  readonly userName: string
  readonly serviceKey: string
}): string {
  return Buffer.from(`${userName}:${serviceKey}`).toString('base64')
}

/** A finding in the documented shape. */
export function finding(id: string, more: Readonly<Record<string, unknown>> = {}) {
  return { id, type: 'finding', rule: 'cookie-flags-missing', ...more }
}
