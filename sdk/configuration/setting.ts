import type { Kind } from './kinds.ts'

/** What names one setting, and what it may be. */
export interface Setting<Value> {
  /** What it is, in one line. */
  readonly description: string
  readonly kind: Kind<Value>
  /** Whether a program may pass it, under the setting's name. */
  readonly isOption: boolean
  /** Its place in `contrast_security.yaml`, from which its variable follows. */
  readonly yaml?: string
  /** A second variable, which a page of the documentation names by mistake. */
  readonly misprintedVariable?: string
  /** Its value where nothing is said; those without one are found out, or may be absent. */
  readonly default?: Value
  /** Whether its value is shown to nobody. */
  readonly isSecret?: true
}
