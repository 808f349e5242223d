import type { Owner } from './processes.ts'

export interface PartName {
  readonly destination: string
  /** Absent once the owner has let go of it. */
  readonly owner: Owner | undefined
}

/** The name of a part says whose it is: renaming it is how it changes hands. */
export function formatPartName({ destination, owner }: PartName): string {
  const { randomBytes } = process.getBuiltinModule('node:crypto')
  const who =
    owner === undefined
      ? RELEASED
      : `${owner.machine}-${owner.pid}-${owner.startedAt}-${owner.thread}`
  return `part-${destination}-${who}-${randomBytes(6).toString('hex')}`
}

/** @returns `undefined` for names that are none of a part. */
export function parsePartName(name: string): PartName | undefined {
  const [, destination, who, machine, pid, startedAt, thread] = PART_NAME.exec(name) ?? []
  if (destination === undefined || who === undefined) return undefined
  if (machine === undefined || pid === undefined) return { destination, owner: undefined }
  const owner = { machine, pid: Number(pid), startedAt: startedAt ?? '0', thread: Number(thread) }
  return { destination, owner }
}

const RELEASED = 'released'
const PART_NAME =
  /^part-([0-9a-f]{16})-(released|([0-9a-f]{12})-(\d{1,15})-(\d{1,20})-(\d{1,15}))-[0-9a-f]{12}$/
