import { Card, Loading } from '../../parts/card.tsx'
import { dateAndTime } from '../../parts/moment.ts'
import { Failure } from '../../parts/notice.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useOrganization, useSurroundings } from '../../state/context.ts'
import { linkTo } from '../../state/place.ts'
import { useLoaded } from '../../state/use-loaded.ts'
import { Libraries } from './libraries.tsx'
import { Presence } from './presence.tsx'
import type { ApplicationResource } from './resources.ts'
import { Routes } from './routes.tsx'
import { Servers } from './servers.tsx'
import { Sessions } from './sessions.tsx'
import { SeverityPlot } from './severity-plot.tsx'
import { Vulnerabilities } from './vulnerabilities.tsx'

const SECTIONS = [
  ['vulnerabilities', 'Vulnerabilities'],
  ['libraries', 'Libraries'],
  ['routes', 'Routes'],
  ['servers', 'Servers'],
  ['sessions', 'Sessions'],
] as const
type Section = (typeof SECTIONS)[number][0]

/** One application, and all that its engines reported. */
export function ApplicationDetails({
  appId,
  section,
}: {
  readonly appId: string
  readonly section: string | undefined
}) {
  const { client } = useSurroundings().session
  const organization = useOrganization()
  const path = `/ng/${organization.id}/applications/${encodeURIComponent(appId)}?expand=trace_breakdown,coverage,skip_links`
  const read = useLoaded(path, () => client.get<{ application: ApplicationResource }>(path), [
    'arrivals',
  ])
  const application = read.value?.application
  const shown = SECTIONS.find(([each]) => each === section)?.[0] ?? 'vulnerabilities'
  return (
    <div class="stack">
      <p>
        <a href={linkTo('applications')}>All applications</a>
      </p>
      <Failure error={read.error} />
      {application === undefined && read.error === undefined && <Loading lines={4} />}
      {application && (
        <>
          <Card title={application.name}>
            <div class="columns">
              <dl class="facts tight">
                <dt>Language</dt>
                <dd>{application.language}</dd>
                <dt>State</dt>
                <dd>
                  <Presence {...application} />
                </dd>
                <dt>First seen</dt>
                <dd class="number">{dateAndTime(application.created)}</dd>
                <dt>Last seen</dt>
                <dd class="number">{dateAndTime(application.last_seen)}</dd>
              </dl>
              {application.trace_breakdown && (
                <SeverityPlot breakdown={application.trace_breakdown} />
              )}
            </div>
          </Card>
          <Card title="Reported">
            <Tabs<Section>
              label="What was reported"
              value={shown}
              options={SECTIONS}
              onChange={(next) => {
                location.hash = linkTo('applications', appId, next)
              }}
            >
              <Reported section={shown} appId={appId} />
            </Tabs>
          </Card>
        </>
      )}
    </div>
  )
}

function Reported({ section, appId }: { readonly section: Section; readonly appId: string }) {
  switch (section) {
    case 'vulnerabilities':
      return <Vulnerabilities appId={appId} />
    case 'libraries':
      return <Libraries appId={appId} />
    case 'routes':
      return <Routes appId={appId} />
    case 'servers':
      return <Servers appId={appId} />
    case 'sessions':
      return <Sessions appId={appId} />
  }
}
