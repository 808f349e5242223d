import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { useAction } from '../state/use-action.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Choice } from './field.tsx'
import { Failure } from './notice.tsx'

const OVERLAPS = [
  ['0', 'Not at all: it is refused at once'],
  ['60000', 'For a minute'],
  ['3600000', 'For an hour'],
  ['86400000', 'For a day'],
  ['604800000', 'For a week'],
] as const

export interface RotateDialogProps {
  readonly title: string
  readonly children: ComponentChildren
  readonly onRotate: (overlapMs: number) => Promise<unknown>
  readonly onClose: () => void
}

/** Asks how long the old key is to be accepted beside the new one. */
export function RotateDialog({ title, children, onRotate, onClose }: RotateDialogProps) {
  const [overlap, setOverlap] = useState<(typeof OVERLAPS)[number][0]>('3600000')
  const rotating = useAction()
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            kind="primary"
            isBusy={rotating.isRunning}
            onPress={() =>
              void rotating
                .run(() => onRotate(Number(overlap)))
                .then((isDone) => {
                  if (isDone) onClose()
                })
            }
          >
            Rotate
          </Button>
        </>
      }
    >
      {children}
      <Choice
        label="Accept the old key beside the new one"
        value={overlap}
        options={OVERLAPS}
        onChange={setOverlap}
      />
      {overlap === '0' && (
        <p class="fine">
          After a theft that is what you want. Engines are refused until they have the new key.
        </p>
      )}
      <Failure error={rotating.error} />
    </Dialog>
  )
}
