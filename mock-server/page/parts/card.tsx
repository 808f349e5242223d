import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface CardProps {
  readonly title: string
  readonly about?: ComponentChildren
  readonly children: ComponentChildren
  /** Beside the title. */
  readonly aside?: ComponentChildren
}

/** One matter of a screen. */
export function Card({ title, about, children, aside }: CardProps) {
  const id = useId()
  return (
    <section class="card" aria-labelledby={id}>
      <header>
        <div>
          <h2 id={id}>{title}</h2>
          {about && <p class="about">{about}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  )
}

/** Where there is nothing to show yet. */
export function Empty({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {children}
    </div>
  )
}

/** Holds the room of what is being read. */
export function Loading({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div class="loading" role="status">
      <span class="unseen">Loading</span>
      {Array.from({ length: lines }, (_, index) => (
        <span key={index} class="line" />
      ))}
    </div>
  )
}
