import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../parts/icon.tsx'
import { useSignedIn, useSurroundings } from '../state/context.ts'
import { linkTo } from '../state/place.ts'

/** Who is signed in, their settings, and the way out. */
export function UserMenu() {
  const { session } = useSurroundings()
  const { userName, systemRole, organization } = useSignedIn()
  const [isOpen, setIsOpen] = useState(false)
  const menu = useRef<HTMLDivElement>(null)
  const opener = useRef<HTMLButtonElement>(null)

  useEffect(() => {
    if (!isOpen) return
    const closeOutside = ({ target }: Event) => {
      if (target instanceof Node && !menu.current?.contains(target)) setIsOpen(false)
    }
    addEventListener('pointerdown', closeOutside)
    addEventListener('focusin', closeOutside)
    return () => {
      removeEventListener('pointerdown', closeOutside)
      removeEventListener('focusin', closeOutside)
    }
  }, [isOpen])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the menu from any of its items
    <div
      class="user-menu"
      ref={menu}
      onKeyDown={({ key }) => {
        if (key !== 'Escape' || !isOpen) return
        setIsOpen(false)
        opener.current?.focus()
      }}
    >
      <button
        type="button"
        class="opener"
        ref={opener}
        aria-expanded={isOpen}
        aria-controls="user-menu"
        aria-label={`User menu of ${userName}`}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="person" />
        <span class="name">{userName}</span>
        <Icon name="down" />
      </button>
      <div id="user-menu" class="items" hidden={!isOpen}>
        <p class="who">
          <b>{userName}</b>
          <span>{wordsFor(systemRole || organization?.role)}</span>
          {organization && <span class="of">{organization.name}</span>}
        </p>
        <a href={linkTo('settings', 'api')} onClick={() => setIsOpen(false)}>
          Settings
        </a>
        <button type="button" onClick={() => void session.signOut()}>
          Sign out
        </button>
      </div>
    </div>
  )
}

function wordsFor(role: string | undefined): string {
  return (role ?? 'no role here').replaceAll('_', ' ')
}
