/** How an answer is spoiled on its way, for a door to carry out as well as it can. */
export type Disturbance =
  /** The connection is reset before the answer, inside its body, or after it. */
  | { readonly kind: 'reset'; readonly at: 'start' | 'body' | 'end' }
  /** Nothing is ever written. */
  | { readonly kind: 'hang' }
  /** Half of the body, and the connection ends in good order. */
  | { readonly kind: 'half' }
  /** A few bytes of the body at a time. */
  | { readonly kind: 'slow'; readonly bytes: number; readonly everyMs: number }
  /** A wait in the middle of the body. */
  | { readonly kind: 'pause'; readonly ms: number }
  /** These bytes in place of an answer. */
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array }
