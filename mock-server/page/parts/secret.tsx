import { useState } from 'preact/hooks'
import { Button } from './button.tsx'
import { CopyButton } from './copy-button.tsx'

export interface SecretProps {
  /** What it is, in the middle of a sentence. */
  readonly what: string
  readonly value: string
}

/** A key: hidden until somebody asks for it. */
export function Secret({ what, value }: SecretProps) {
  const [isShown, setIsShown] = useState(false)
  return (
    <div class="secret">
      <code class={isShown ? 'value' : 'value hidden'}>
        {isShown ? (
          value
        ) : (
          <span aria-label={`${what}, hidden`} role="img">
            {'•'.repeat(24)}
          </span>
        )}
      </code>
      <div class="row">
        <Button
          icon={isShown ? 'hide' : 'show'}
          label={`${isShown ? 'Hide' : 'Show'} ${what}`}
          onPress={() => setIsShown(!isShown)}
        >
          {isShown ? 'Hide' : 'Show'}
        </Button>
        <CopyButton text={value} what={what} />
      </div>
    </div>
  )
}

/** A value that is no secret, to be copied. */
export function Plain({ what, value }: SecretProps) {
  return (
    <div class="secret">
      <code class="value">{value}</code>
      <div class="row">
        <CopyButton text={value} what={what} />
      </div>
    </div>
  )
}
