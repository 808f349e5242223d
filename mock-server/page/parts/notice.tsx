import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

export interface NoticeProps {
  /** @default info */
  readonly tone?: 'info' | 'warning' | 'error' | 'done'
  readonly title?: string
  readonly children?: ComponentChildren
}

const ICONS = { info: 'info', warning: 'warning', error: 'stop', done: 'check' } as const

/** A few words that have come up, read out where nobody looks. */
export function Notice({ tone = 'info', title, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon name={ICONS[tone]} />
      <div>
        {title && <strong>{title}</strong>}
        {children}
      </div>
    </div>
  )
}

/** What went wrong, if anything did. */
export function Failure({ error }: { readonly error: Error | undefined }) {
  return error === undefined ? null : <Notice tone="error">{error.message}</Notice>
}
