import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { Card, Loading } from '../../parts/card.tsx'
import { Switch } from '../../parts/field.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Failure, Notice } from '../../parts/notice.tsx'
import { RotateDialog } from '../../parts/rotate-dialog.tsx'
import { Secret } from '../../parts/secret.tsx'
import { useSurroundings } from '../../state/context.ts'
import type { OwnOrganization } from '../../state/session.ts'
import { useAction } from '../../state/use-action.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { type ApiKeyAnswer, apiKeyPath, shownApiKeyPath } from './api-key.ts'
import { SetApiKey } from './set-api-key.tsx'

export interface ApiKeyCardProps {
  readonly organization: OwnOrganization
  /** Whether whoever looks may change it. */
  readonly isChangeable: boolean
}

/** The second layer: its key, and whether it is asked for. */
export function ApiKeyCard({ organization, isChangeable }: ApiKeyCardProps) {
  const { client } = useSurroundings().session
  const path = apiKeyPath(organization.id)
  const shownPath = shownApiKeyPath(organization.id)
  const read = () => client.get<ApiKeyAnswer>(shownPath)
  const key = useLoaded(shownPath, read, ['organization', 'system'])
  const [open, setOpen] = useState<'rotate' | 'set'>()
  const switching = useAction()
  const changing = useAction()
  const { value } = key

  return (
    <Card
      title="Organization API key"
      about="The second layer. It is the same for everybody in the organization; whoever steals the generated credentials of an engine does not have it."
    >
      <Failure error={key.error ?? switching.error} />
      {value === undefined && key.error === undefined && <Loading lines={4} />}
      {value && (
        <div class="stack">
          {isChangeable ? (
            <Switch
              label="Ask for the API key"
              isOn={value.enabled}
              isBusy={switching.isRunning}
              hint={effectOf(value)}
              onChange={(enabled) =>
                void switching.run(async () => key.put(await client.put(path, { enabled })))
              }
            />
          ) : (
            <p>
              <b>{value.enabled ? 'It is asked for.' : 'It is not asked for.'}</b> {effectOf(value)}{' '}
              An administrator can change it.
            </p>
          )}
          <Secret what="API key" value={value.api_key} />
          {!value.compliant && (
            <Notice tone="warning" title="The key does not obey the rules in force">
              <p>It goes on working. The next one will obey.</p>
            </Notice>
          )}
          <Uses value={value} />
          {value.acceptedUntil && (
            <Notice tone="warning" title="The replaced key is still accepted">
              <p>
                Until {dateAndTime(value.acceptedUntil)}.{' '}
                {value.replacedLastUsed
                  ? `It was last used ${dateAndTime(value.replacedLastUsed)}.`
                  : 'Nobody has used it since.'}
              </p>
              {isChangeable && (
                <Button
                  isBusy={changing.isRunning}
                  onPress={() =>
                    void changing.run(async () => key.put(await client.put(`${path}/revoke`)))
                  }
                >
                  Refuse it from now on
                </Button>
              )}
              <Failure error={changing.error} />
            </Notice>
          )}
          {isChangeable && (
            <div class="row">
              <Button icon="rotate" onPress={() => setOpen('rotate')}>
                Rotate…
              </Button>
              <Button
                isPressed={open === 'set'}
                onPress={() => setOpen(open === 'set' ? undefined : 'set')}
              >
                Set a value…
              </Button>
            </div>
          )}
          {open === 'set' && (
            <SetApiKey
              organization={organization}
              onSet={(next) => {
                key.put(next)
                setOpen(undefined)
              }}
              onCancel={() => setOpen(undefined)}
            />
          )}
        </div>
      )}
      {open === 'rotate' && (
        <RotateDialog
          title="Rotate the organization API key"
          onRotate={async (overlapMs) => key.put(await client.put(`${path}/rotate`, { overlapMs }))}
          onClose={() => setOpen(undefined)}
        >
          <p>
            A new key is generated. Engines and scripts have to be given it before the old one ends.
          </p>
        </RotateDialog>
      )}
    </Card>
  )
}

function effectOf({ enabled }: ApiKeyAnswer): string {
  return enabled
    ? 'Requests without it are refused, whatever else they bring.'
    : 'Generated credentials alone are enough to report.'
}

function Uses({ value }: { readonly value: ApiKeyAnswer }) {
  if (!value.enabled) return null
  return (
    <p class="fine">
      {value.lastUsed ? `Last used ${dateAndTime(value.lastUsed)}.` : 'Not used yet.'}
    </p>
  )
}
