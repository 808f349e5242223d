import type { ApplicationRecord } from '../../store/records.ts'
import type { LinkMaker } from '../listing/links.ts'

/** The documented `ApplicationBaseResource`: an application as others mention it. */
export function applicationBase(
  { id, name, displayName, language }: ApplicationRecord,
  organizationId: string,
  links: LinkMaker,
) {
  return {
    app_id: id,
    name: displayName ?? name,
    language,
    child: false,
    master: false,
    primary: false,
    parent_app_id: '',
    roles: [],
    total_modules: 1,
    ...links(['self', `/ng/${organizationId}/applications/${id}`]),
  }
}
