import { expect } from 'vitest'
import type { Organization, TeamServer } from '../../mock-server/index.ts'
import { ask } from './ask.ts'
import { authorizationOf } from './shop.ts'

/** What stands beside the reports of a batch. */
export interface Batch {
  readonly application?: string
  readonly session?: string
}

/** Reports the way an engine does; ids are made where none are given. */
export type ReportAll = (
  reports: readonly Readonly<Record<string, unknown>>[],
  batch?: Batch,
) => Promise<void>

export function reporterFor(teamServer: TeamServer, organization: Organization): ReportAll {
  const authorization = authorizationOf(organization.agent)
  const headers = organization.apiKey.isEnabled ? { 'api-key': organization.apiKey.value } : {}
  let count = 0
  return async (reports, batch = {}) => {
    const json = { ...batch, reports: reports.map((each) => ({ id: `r-${++count}`, ...each })) }
    const reply = await ask(teamServer, 'POST', '/engine/v1/reports', {
      authorization,
      headers,
      json,
    })
    expect(reply).toMatchObject({ status: 202, body: { added: reports.length, rejected: [] } })
  }
}
