import type { EngineStatus } from 'teamserver-engine'

export interface Shop {
  readonly folder: string
  readonly stateFolder: string
}

export function installShop(
  tarball: Uint8Array,
  before?: Shop,
): Promise<Shop & { remove(): Promise<void> }>

export function visitShop(shop: Shop): Promise<{
  readonly visits: readonly number[]
  readonly status: EngineStatus
  readonly said: string
}>
