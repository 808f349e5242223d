import { readFileSync } from 'node:fs'
import { codeOf } from '../caught-error.ts'
import type { TlsOptions } from '../certificates/listener-certificates.ts'
import { TeamServerError } from '../errors.ts'

/** What both commands take of TLS. */
export interface TlsFiles {
  readonly tls: boolean
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly tlsClientCa?: string
  /** Written to: what clients are to trust. */
  readonly tlsCaFile?: string
}

/** Reads the files that were named. Each of them switches TLS on. @throws `ERR_OPTION_INVALID` */
export function readTlsFiles(given: TlsFiles): TlsOptions | false {
  const { tlsCert, tlsKey, tlsClientCa, tlsCaFile } = given
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    throw invalid('--tls-cert and --tls-key belong together: give both, or neither')
  }
  if (tlsCert !== undefined && tlsCaFile !== undefined) {
    throw invalid('--tls-ca-file is for the certificate made on the spot: leave out --tls-cert')
  }
  const isOn = given.tls || [tlsCert, tlsClientCa, tlsCaFile].some((file) => file !== undefined)
  if (!isOn) return false
  return {
    ...(tlsCert === undefined ? {} : { cert: read('--tls-cert', tlsCert) }),
    ...(tlsKey === undefined ? {} : { key: read('--tls-key', tlsKey) }),
    ...(tlsClientCa === undefined ? {} : { ca: read('--tls-client-ca', tlsClientCa) }),
  }
}

function read(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const reason = codeOf(cause)
    const why = reason === undefined ? '' : ` (${reason})`
    throw invalid(`${option} ${file} cannot be read${why}`)
  }
}

function invalid(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
