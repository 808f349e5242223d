/** What the core takes of one request. */
export interface Limits {
  /** Largest body, on the wire and once inflated. @default 4_194_304 (4 MiB) */
  readonly bodyBytes: number
  /** Deepest nesting of a JSON body. @default 64 */
  readonly jsonDepth: number
  /** Most values in a JSON body: one that is all tiny values blocks far longer than its size tells. @default 50_000 */
  readonly jsonValues: number
}

export const DEFAULT_LIMITS: Limits = { bodyBytes: 4_194_304, jsonDepth: 64, jsonValues: 50_000 }
