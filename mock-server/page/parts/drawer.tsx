import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Button } from './button.tsx'

export interface DrawerProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly onClose: () => void
}

/** A closer look, beside what is looked at. Escape or a press beside it closes it. */
export function Drawer({ title, children, onClose }: DrawerProps) {
  const id = useId()
  const drawer = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const before = document.activeElement
    drawer.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape does the same
    <dialog
      ref={drawer}
      class="drawer"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) onClose()
      }}
    >
      <div class="inside stack">
        <header class="row">
          <h2 id={id} class="long">
            {title}
          </h2>
          <Button kind="quiet" icon="stop" label="Close" onPress={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
