import type { Route } from '../route.ts'
import { makeAttestation } from './attestation.ts'
import { downloadExport, showExportStatus } from './fetch-export.ts'
import { makeSarif, showSarif } from './sarif.ts'

/** Files that are made of what was reported, some of them to be fetched later. */
export const EXPORT_ROUTES: readonly Route[] = [
  makeAttestation,
  showSarif,
  makeSarif,
  showExportStatus,
  downloadExport,
]
