import { useState } from 'preact/hooks'
import { Card, Loading } from '../../parts/card.tsx'
import { CodeBlock } from '../../parts/code-block.tsx'
import { Failure, Notice } from '../../parts/notice.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useSurroundings } from '../../state/context.ts'
import type { OwnOrganization } from '../../state/session.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import type { AgentKey } from '../agent-keys/agent-key.ts'
import { type ApiKeyAnswer, shownApiKeyPath } from './api-key.ts'
import { curlSample, engineSample } from './samples.ts'
import { teamServerUrl } from './team-server-url.ts'

const KINDS = [
  ['curl', 'curl'],
  ['node', 'Node, with the engine'],
] as const

const HIDDEN = '••••••••'

/** A first report to paste, with the keys that hold now. They show once it is pasted. */
export function SampleCard({ organization }: { readonly organization: OwnOrganization }) {
  const { client } = useSurroundings().session
  const [kind, setKind] = useState<(typeof KINDS)[number][0]>('curl')
  const read = useLoaded(`sample ${organization.id}`, async () => {
    const [key, { agent_keys }] = await Promise.all([
      client.get<ApiKeyAnswer>(shownApiKeyPath(organization.id)),
      client.get<{ agent_keys: readonly AgentKey[] }>(`/ng/${organization.id}/agents/keys`),
    ])
    return { key, agentKey: agent_keys[0] }
  }, ['organization', 'agent-keys'])
  return (
    <Card
      title="Send a first report"
      about="With the credentials of the first agent key. The keys are copied, and not shown here."
    >
      <Failure error={read.error} />
      {read.value === undefined && read.error === undefined && <Loading lines={6} />}
      {read.value && read.value.agentKey === undefined && (
        <Notice>There is no agent key: add one under Organization settings.</Notice>
      )}
      {read.value?.agentKey && (
        <Tabs label="Kind of sample" value={kind} options={KINDS} onChange={setKind}>
          <Sample kind={kind} apiKey={read.value.key} agentKey={read.value.agentKey} />
        </Tabs>
      )}
    </Card>
  )
}

function Sample({
  kind,
  apiKey,
  agentKey,
}: {
  readonly kind: 'curl' | 'node'
  readonly apiKey: ApiKeyAnswer
  readonly agentKey: AgentKey
}) {
  const write = kind === 'curl' ? curlSample : engineSample
  const names = { url: teamServerUrl(), agentUserName: agentKey.user_name }
  const text = write({
    ...names,
    serviceKey: agentKey.service_key,
    organizationApiKey: apiKey.enabled ? apiKey.api_key : undefined,
  })
  const shown = write({
    ...names,
    serviceKey: HIDDEN,
    organizationApiKey: apiKey.enabled ? HIDDEN : undefined,
  }).replace(/Authorization: [^']+/, `Authorization: ${HIDDEN}`)
  return <CodeBlock what={`Sample for ${kind}`} text={text} shown={shown} />
}
