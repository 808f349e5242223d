/** What is left out stays; one of the two is there. */
export interface ApiKeyChangeMessage {
  readonly enabled?: boolean
  readonly value?: string
}

export interface KeyRotationMessage {
  readonly overlapMs?: number
  readonly value?: string
}

export interface NewAgentKeyMessage {
  readonly name: string
}

/** Looked at field by field where it is put in force, so that every mistake is told. */
export type KeyPolicyMessage = Readonly<Record<string, unknown>>
