import { Icon } from './icon.tsx'

/** What became of a request: by colour, by shape and by word. */
export function Outcome({ isRefused }: { readonly isRefused: boolean }) {
  return (
    <span class={isRefused ? 'outcome refused' : 'outcome taken'}>
      <Icon name={isRefused ? 'stop' : 'check'} />
      {isRefused ? 'Refused' : 'Taken'}
    </span>
  )
}
