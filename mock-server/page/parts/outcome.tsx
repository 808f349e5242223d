import { Icon } from './icon.tsx'

/** What became of something: by colour, by shape and by word. */
export function Outcome({
  isRefused,
  words,
}: {
  readonly isRefused: boolean
  readonly words?: string
}) {
  return (
    <span class={isRefused ? 'outcome refused' : 'outcome taken'}>
      <Icon name={isRefused ? 'stop' : 'check'} />
      {words ?? (isRefused ? 'Refused' : 'Taken')}
    </span>
  )
}
