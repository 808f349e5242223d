import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Card } from '../../parts/card.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Failure, Notice } from '../../parts/notice.tsx'
import { RotateDialog } from '../../parts/rotate-dialog.tsx'
import { Plain, Secret } from '../../parts/secret.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { useAction } from '../../state/use-action.ts'
import type { AgentKey } from './agent-key.ts'

export interface AgentKeyCardProps {
  readonly agentKey: AgentKey
  readonly isChangeable: boolean
  readonly onChanged: () => void
}

/** One pair of generated credentials, and all the forms in which an engine takes it. */
export function AgentKeyCard({ agentKey, isChangeable, onChanged }: AgentKeyCardProps) {
  const { client } = useSurroundings().session
  const { id } = useOrganization()
  const [open, setOpen] = useState<'rotate' | 'delete'>()
  const changing = useAction()
  const path = `/ng/${id}/agents/keys/${encodeURIComponent(agentKey.name)}`
  const download = (what: string) =>
    client.address(`/ng/${id}/agents/${what}key=${encodeURIComponent(agentKey.name)}`)
  const act = async (call: () => Promise<unknown>) => {
    await call()
    onChanged()
  }

  return (
    <Card title={agentKey.name} about={usesOf(agentKey)}>
      <div class="stack">
        <dl class="facts">
          <dt>User name</dt>
          <dd>
            <Plain what={`user name of ${agentKey.name}`} value={agentKey.user_name} />
          </dd>
          <dt>Service key</dt>
          <dd>
            <Secret what={`service key of ${agentKey.name}`} value={agentKey.service_key} />
          </dd>
          <dt>Agent token</dt>
          <dd>
            <Secret what={`token of ${agentKey.name}`} value={agentKey.token} />
          </dd>
        </dl>
        {!agentKey.compliant && (
          <Notice tone="warning">
            The service key does not obey the rules in force. It goes on working; the next one will
            obey.
          </Notice>
        )}
        {agentKey.accepted_until !== undefined && (
          <Notice tone="warning" title="The replaced service key is still accepted">
            <p>
              Until {dateAndTime(agentKey.accepted_until)}.{' '}
              {agentKey.replaced_last_used === undefined
                ? 'Nobody has used it since.'
                : `It was last used ${dateAndTime(agentKey.replaced_last_used)}.`}
            </p>
            {isChangeable && (
              <Button
                isBusy={changing.isRunning}
                onPress={() => void changing.run(() => act(() => client.put(`${path}/revoke`)))}
              >
                Refuse it from now on
              </Button>
            )}
          </Notice>
        )}
        <Failure error={open === undefined ? changing.error : undefined} />
        <div class="row">
          <a class="button plain" href={download('default/NODE?')} download>
            <Icon name="download" />
            Download the engine
          </a>
          <a
            class="button plain"
            href={download('external/default/NODE?')}
            download="contrast_security.yaml"
          >
            <Icon name="download" />
            Download YAML
          </a>
          {isChangeable && (
            <>
              <Button
                icon="rotate"
                label={`Rotate ${agentKey.name}`}
                onPress={() => setOpen('rotate')}
              >
                Rotate…
              </Button>
              <Button
                kind="danger"
                icon="trash"
                label={`Delete ${agentKey.name}`}
                onPress={() => setOpen('delete')}
              >
                Delete…
              </Button>
            </>
          )}
        </div>
      </div>
      {open === 'rotate' && (
        <RotateDialog
          title={`Rotate the service key of ${agentKey.name}`}
          onRotate={(overlapMs) => act(() => client.put(`${path}/rotate`, { overlapMs }))}
          onClose={() => setOpen(undefined)}
        >
          <p>
            Engines that use this agent key have to be given the new service key before the old one
            ends.
          </p>
        </RotateDialog>
      )}
      {open === 'delete' && (
        <Dialog
          title={`Delete ${agentKey.name}?`}
          onClose={() => setOpen(undefined)}
          actions={
            <>
              <Button onPress={() => setOpen(undefined)}>Keep it</Button>
              <Button
                kind="danger"
                isBusy={changing.isRunning}
                onPress={() => void changing.run(() => act(() => client.delete(path)))}
              >
                Delete
              </Button>
            </>
          }
        >
          <p>
            Engines that use it are refused at once, and its user name is never given again. What
            they have reported stays.
          </p>
          <Failure error={changing.error} />
        </Dialog>
      )}
    </Card>
  )
}

function usesOf({ created, last_used: lastUsed }: AgentKey): string {
  const used = lastUsed === undefined ? 'not used yet' : `last used ${dateAndTime(lastUsed)}`
  return `Added ${dateAndTime(created)}, ${used}`
}
