import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Field } from '../../parts/field.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { useAction } from '../../state/use-action.ts'

/** Asks for a name; everything else is generated. */
export function AddAgentKey({
  onAdded,
  onClose,
}: {
  readonly onAdded: (name: string) => void
  readonly onClose: () => void
}) {
  const { client } = useSurroundings().session
  const { id } = useOrganization()
  const [name, setName] = useState('')
  const adding = useAction()
  const add = () => {
    if (name === '' || adding.isRunning) return
    void adding
      .run(() => client.post(`/ng/${id}/agents/keys`, { name }))
      .then((isDone) => isDone && onAdded(name))
  }
  return (
    <Dialog
      title="Add an agent key"
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button kind="primary" isDisabled={name === ''} isBusy={adding.isRunning} onPress={add}>
            Add
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          add()
        }}
      >
        <Field
          label="Name"
          value={name}
          onInput={(next) => {
            adding.forget()
            setName(next)
          }}
          hint="For people, such as staging. User name and service key are generated."
          error={adding.error?.message}
          maxLength={255}
        />
      </form>
    </Dialog>
  )
}
