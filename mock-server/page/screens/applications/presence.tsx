/** Whether something gives signs of life, by shape and by word. */
export function Presence({
  status,
  archived = false,
}: {
  readonly status?: string
  readonly archived?: boolean
}) {
  if (archived) return <span class="presence offline">archived</span>
  if (status === undefined) return null
  const word = status.toLowerCase()
  return <span class={word === 'online' ? 'presence online' : 'presence offline'}>{word}</span>
}
