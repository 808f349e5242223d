import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

export interface TabsProps<Kind extends string> {
  readonly label: string
  readonly value: Kind
  readonly options: readonly (readonly [value: Kind, words: string])[]
  readonly onChange: (value: Kind) => void
  readonly children: ComponentChildren
}

/** One of several, chosen by arrow keys or by a press. */
export function Tabs<Kind extends string>({
  label,
  value,
  options,
  onChange,
  children,
}: TabsProps<Kind>) {
  const id = useId()
  const step = (by: number, from: HTMLElement) => {
    const index = options.findIndex(([each]) => each === value)
    const next = options[(index + by + options.length) % options.length]
    if (next === undefined) return
    onChange(next[0])
    const button = from.parentElement?.querySelector(`[data-value="${next[0]}"]`)
    if (button instanceof HTMLElement) button.focus()
  }
  return (
    <div>
      <div class="tabs" role="tablist" aria-label={label}>
        {options.map(([each, words]) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`${id}-${each}`}
            data-value={each}
            aria-selected={each === value}
            aria-controls={`${id}-panel`}
            tabIndex={each === value ? 0 : -1}
            onClick={() => onChange(each)}
            onKeyDown={({ key, currentTarget }) => {
              if (key === 'ArrowRight') step(1, currentTarget)
              if (key === 'ArrowLeft') step(-1, currentTarget)
            }}
          >
            {words}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </div>
  )
}
