import { newUuid } from '../../flat-text.ts'
import type { ExportRecord } from '../../store/records.ts'
import { done } from '../done.ts'
import type { Call } from '../route.ts'

/** Keeps a file to be fetched, and answers with its id as every call does that starts one. */
export async function keepExport(
  { store, organization }: Pick<Call, 'store' | 'organization'>,
  file: Omit<ExportRecord, 'id'>,
) {
  const id = newUuid()
  await store.addExport(organization.id, { id, ...file })
  return done({ uuid: id })
}
