import type { ScreenProps } from '../frame/screens.tsx'
import { ApplicationDetails } from './applications/application-details.tsx'
import { ApplicationList } from './applications/application-list.tsx'

/** What arrived: every application, or one of them. */
export function Applications({ rest: [appId, section] }: ScreenProps) {
  return appId === undefined ? (
    <ApplicationList />
  ) : (
    <ApplicationDetails key={appId} appId={appId} section={section} />
  )
}
