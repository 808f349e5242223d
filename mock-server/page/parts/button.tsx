import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export interface ButtonProps {
  readonly children?: ComponentChildren
  readonly onPress?: () => void
  /** @default plain */
  readonly kind?: 'primary' | 'plain' | 'danger' | 'quiet'
  readonly icon?: IconName
  /** Sends the form that it stands in. */
  readonly isSubmit?: boolean
  readonly isDisabled?: boolean
  /** Under way: pressed again it does nothing. */
  readonly isBusy?: boolean
  readonly isPressed?: boolean
  /** What it says to who does not see where it stands. */
  readonly label?: string
}

export function Button({
  children,
  onPress,
  kind = 'plain',
  icon,
  isSubmit = false,
  isDisabled = false,
  isBusy = false,
  isPressed,
  label,
}: ButtonProps) {
  return (
    <button
      type={isSubmit ? 'submit' : 'button'}
      class={`button ${kind}`}
      disabled={isDisabled}
      aria-busy={isBusy}
      aria-pressed={isPressed}
      aria-label={label}
      onClick={(event) => {
        if (isBusy) event.preventDefault()
        else onPress?.()
      }}
    >
      {icon && <Icon name={icon} />}
      {children && <span>{children}</span>}
    </button>
  )
}
