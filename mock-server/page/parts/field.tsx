import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { Icon } from './icon.tsx'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onInput: (value: string) => void
  readonly type?: 'text' | 'password' | 'date' | 'search'
  readonly hint?: ComponentChildren
  readonly error?: string | undefined
  readonly autoComplete?: string
  readonly isRequired?: boolean
  /** Keys are read letter by letter. */
  readonly isCode?: boolean
  readonly maxLength?: number
}

export function Field({
  label,
  value,
  onInput,
  type = 'text',
  hint,
  error,
  autoComplete = 'off',
  isRequired = false,
  isCode = false,
  maxLength,
}: FieldProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class={isCode ? 'code' : undefined}
        // Spelled out for the compiler, which knows each kind of input apart.
        type={type as 'text'}
        value={value}
        required={isRequired}
        maxLength={maxLength}
        autocomplete={autoComplete}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint ${id}-error`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <Notes id={id} hint={hint} error={error} />
    </div>
  )
}

/** What is to be known of a field, and what is wrong with it, where its input looks for both. */
function Notes({ id, hint, error }: Pick<FieldProps, 'hint' | 'error'> & { readonly id: string }) {
  return (
    <>
      <div class="hint" id={`${id}-hint`}>
        {hint}
      </div>
      <div class="mistake" id={`${id}-error`} role="alert">
        {error && (
          <>
            <Icon name="stop" /> {error}
          </>
        )}
      </div>
    </>
  )
}

export interface NumberFieldProps {
  readonly label: string
  /** As it was typed; may be anything. */
  readonly value: string
  readonly onInput: (value: string) => void
  readonly least: number
  readonly most: number
  readonly unit?: string
  readonly hint?: string
  readonly error?: string | undefined
}

/** A number, to be typed or stepped. */
export function NumberField({
  label,
  value,
  onInput,
  least,
  most,
  unit,
  hint,
  error,
}: NumberFieldProps) {
  const id = useId()
  const step = (by: number) => {
    const next = (Number.isFinite(Number(value)) ? Math.round(Number(value)) : least) + by
    onInput(String(Math.min(most, Math.max(least, next))))
  }
  return (
    <div class="field number">
      <label for={id}>{label}</label>
      <div class="stepper">
        <button type="button" aria-label={`${label}: one less`} onClick={() => step(-1)}>
          <Icon name="minus" />
        </button>
        <input
          id={id}
          type="number"
          inputMode="numeric"
          value={value}
          min={least}
          max={most}
          step={1}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-hint ${id}-error`}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
        <button type="button" aria-label={`${label}: one more`} onClick={() => step(1)}>
          <Icon name="plus" />
        </button>
        {unit && <span class="unit">{unit}</span>}
      </div>
      <Notes id={id} hint={hint} error={error} />
    </div>
  )
}

export interface SwitchProps {
  readonly label: string
  readonly isOn: boolean
  readonly onChange: (isOn: boolean) => void
  readonly hint?: ComponentChildren
  readonly isBusy?: boolean
}

export function Switch({ label, isOn, onChange, hint, isBusy = false }: SwitchProps) {
  const id = useId()
  return (
    <div class="switch">
      <button
        type="button"
        role="switch"
        id={id}
        aria-checked={isOn}
        aria-busy={isBusy}
        aria-labelledby={`${id}-label`}
        aria-describedby={`${id}-hint`}
        onClick={() => {
          if (!isBusy) onChange(!isOn)
        }}
      >
        <span class="knob" />
      </button>
      <span class="state" aria-hidden="true">
        {isOn ? 'On' : 'Off'}
      </span>
      <div>
        <label for={id} id={`${id}-label`}>
          {label}
        </label>
        <div class="hint" id={`${id}-hint`}>
          {hint}
        </div>
      </div>
    </div>
  )
}

export interface ChoiceProps<Kind extends string> {
  readonly label: string
  readonly value: Kind
  readonly options: readonly (readonly [value: Kind, words: string])[]
  readonly onChange: (value: Kind) => void
}

export function Choice<Kind extends string>({
  label,
  value,
  options,
  onChange,
}: ChoiceProps<Kind>) {
  const id = useId()
  return (
    <div class="field choice">
      <label for={id}>{label}</label>
      <div class="select">
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value as Kind)}
        >
          {options.map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </div>
    </div>
  )
}
