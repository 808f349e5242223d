import type { ComponentChildren } from 'preact'
import type { Drafted } from '../state/use-draft.ts'
import { Button } from './button.tsx'
import { Failure, Notice } from './notice.tsx'

export interface DraftFormProps<Draft> {
  readonly drafted: Drafted<Draft>
  /** @default true */
  readonly isRight?: boolean
  /** That somebody else has saved another one meanwhile. */
  readonly overtaken: string
  /** What was said against it, in the words of who typed it. */
  readonly saveError?: Error | undefined
  /** Over what is remarked on something that is saved all the same. */
  readonly remarked: string
  readonly children: ComponentChildren
}

/** A form that is saved as a whole: what became of it, and the buttons below. */
export function DraftForm<Draft>({
  drafted,
  isRight = true,
  overtaken,
  saveError = drafted.saveError,
  remarked,
  children,
}: DraftFormProps<Draft>) {
  const { isChanged, isOvertaken, isSaving, remarks, discard, save } = drafted
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        if (isRight) save()
      }}
    >
      {children}
      <div class="foot stack">
        {isOvertaken && (
          <Notice tone="warning" title={overtaken}>
            <p>If you save, all of yours replaces all of theirs.</p>
            <Button onPress={discard}>Show theirs</Button>
          </Notice>
        )}
        <Failure error={saveError} />
        {remarks && <Saved remarks={remarks} title={remarked} />}
        <div class="row">
          <Button kind="primary" isSubmit isDisabled={!isChanged || !isRight} isBusy={isSaving}>
            {isSaving ? 'Saving…' : 'Save'}
          </Button>
          <Button isDisabled={!isChanged} onPress={discard}>
            Discard changes
          </Button>
        </div>
      </div>
    </form>
  )
}

function Saved({
  remarks,
  title,
}: {
  readonly remarks: readonly string[]
  readonly title: string
}) {
  if (remarks.length === 0) return <Notice tone="done">Saved.</Notice>
  return (
    <Notice tone="warning" title={title}>
      {remarks.map((each) => (
        <p key={each}>{each.replace(/\.?$/, '.')}</p>
      ))}
    </Notice>
  )
}
