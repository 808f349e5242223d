import { useEffect, useRef, useState } from 'preact/hooks'
import { Empty } from '../parts/card.tsx'
import { Choice } from '../parts/field.tsx'
import { Icon } from '../parts/icon.tsx'
import { permissionsOf, useSignedIn, useSurroundings } from '../state/context.ts'
import { linkTo } from '../state/place.ts'
import { useValue } from '../state/value.ts'
import { SCREENS, type Screen } from './screens.tsx'
import { SessionWarning } from './session-warning.tsx'
import { UserMenu } from './user-menu.tsx'

/** What stands around every screen behind the login. */
export function Frame() {
  const { session, place } = useSurroundings()
  const signedIn = useSignedIn()
  const segments = useValue(place)
  const [isNavigating, setIsNavigating] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  const opener = useRef<HTMLButtonElement>(null)

  const permissions = permissionsOf(signedIn)
  const allowed = SCREENS.filter(
    ({ isFor, isOfOrganization }) =>
      isFor(permissions) && (!isOfOrganization || signedIn.organization !== undefined),
  )
  const [first] = allowed
  const found = screenAt(allowed, segments)
  const screen = found ?? (segments.length === 0 ? first : undefined)
  const title = screen?.title ?? 'Nothing here'
  const key = segments.join('/')

  const isFirst = useRef(true)
  useEffect(() => {
    document.title = `${title} – Mock TeamServer`
    setIsNavigating(false)
    if (isFirst.current) isFirst.current = false
    else heading.current?.focus()
  }, [key, title])

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes the navigation from wherever the focus is
    <div
      class="frame"
      onKeyDown={({ key: pressed }) => {
        if (pressed !== 'Escape' || !isNavigating) return
        setIsNavigating(false)
        opener.current?.focus()
      }}
    >
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        Skip to the content
      </button>
      <header class="bar">
        <button
          type="button"
          class="navigate"
          ref={opener}
          aria-expanded={isNavigating}
          aria-controls="navigation"
          aria-label="Navigation"
          onClick={() => setIsNavigating(!isNavigating)}
        >
          <Icon name="menu" />
        </button>
        <a class="product" href={linkTo()}>
          <span class="mark" aria-hidden="true" />
          Mock TeamServer
        </a>
        {signedIn.organizations.length > 1 ? (
          <Choice
            label="Organization"
            value={signedIn.organization?.id ?? ''}
            options={signedIn.organizations.map(({ id, name }) => [id, name] as const)}
            onChange={session.choose}
          />
        ) : (
          <span class="organization" title={signedIn.organization?.name}>
            {signedIn.organization?.name}
          </span>
        )}
        <UserMenu />
      </header>
      <nav
        id="navigation"
        class={isNavigating ? 'navigation open' : 'navigation'}
        aria-label="Main"
      >
        {groupsOf(allowed).map(([group, screens]) => (
          <div key={group}>
            <p class="group">{group}</p>
            <ul>
              {screens.map((each) => (
                <li key={each.title}>
                  <a
                    href={linkTo(...each.segments)}
                    aria-current={each === screen ? 'page' : undefined}
                    onClick={() => setIsNavigating(false)}
                  >
                    {each.title}
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <main id="screen" class="screen">
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {screen === undefined ? (
          <Empty title="There is no such screen, or it is not for you.">
            <p>
              <a href={linkTo()}>Go to the start</a>
            </p>
          </Empty>
        ) : (
          <screen.Screen
            key={`${signedIn.organization?.id} ${screen.title}`}
            rest={segments.slice(screen.segments.length)}
          />
        )}
      </main>
      <SessionWarning />
    </div>
  )
}

function screenAt(screens: readonly Screen[], place: readonly string[]): Screen | undefined {
  return screens.find(({ segments }) =>
    segments.every((segment, index) => place[index] === segment),
  )
}

function groupsOf(screens: readonly Screen[]): readonly (readonly [string, readonly Screen[]])[] {
  const groups = new Map<string, Screen[]>()
  for (const screen of screens) {
    if (screen.group === undefined) continue
    groups.set(screen.group, [...(groups.get(screen.group) ?? []), screen])
  }
  return [...groups]
}
