import { useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import { Card, Empty, Loading } from '../parts/card.tsx'
import { Failure, Notice } from '../parts/notice.tsx'
import { permissionsOf, useOrganization, useSignedIn, useSurroundings } from '../state/context.ts'
import { useLoaded } from '../state/use-loaded.ts'
import { AddAgentKey } from './agent-keys/add-agent-key.tsx'
import type { AgentKey } from './agent-keys/agent-key.ts'
import { AgentKeyCard } from './agent-keys/agent-key-card.tsx'

/** Organization settings > Agent keys: the generated credentials that engines arrive with. */
export function AgentKeys() {
  const { client } = useSurroundings().session
  const { isAdmin } = permissionsOf(useSignedIn())
  const organization = useOrganization()
  const path = `/ng/${organization.id}/agents/keys`
  const keys = useLoaded(path, () => client.get<{ agent_keys: readonly AgentKey[] }>(path), [
    'agent-keys',
    'organization',
    'system',
    'arrivals',
  ])
  const [isAdding, setIsAdding] = useState(false)
  const [added, setAdded] = useState<string>()
  const all = keys.value?.agent_keys

  return (
    <div class="stack">
      <div class="row between">
        <p class="lead">
          The first layer. Each engine arrives with one pair of generated credentials; give each
          environment a pair of its own, so that one can be changed alone.
        </p>
        {isAdmin && (
          <Button kind="primary" icon="plus" onPress={() => setIsAdding(true)}>
            Add an agent key
          </Button>
        )}
      </div>
      <Failure error={keys.error} />
      {all === undefined && keys.error === undefined && <Loading lines={6} />}
      {added !== undefined && all?.some(({ name }) => name === added) && (
        <Notice tone="done">
          The agent key <b class="long">{added}</b> is there, with credentials of its own.
        </Notice>
      )}
      {all?.length === 0 && (
        <Card title="No agent key">
          <Empty title="No engine can report">
            <p>Add an agent key, and give its credentials to an engine.</p>
          </Empty>
        </Card>
      )}
      {all?.map((agentKey) => (
        <AgentKeyCard
          key={agentKey.user_name}
          agentKey={agentKey}
          isChangeable={isAdmin}
          onChanged={keys.reload}
        />
      ))}
      {isAdding && (
        <AddAgentKey
          onAdded={(name) => {
            setAdded(name)
            setIsAdding(false)
            keys.reload()
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
    </div>
  )
}
