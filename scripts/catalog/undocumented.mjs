/**
 * Shapes without a page in the documentation, by the type of each field: answers that it links to and
 * does not show, and what lists hold. The names follow from documented siblings and from what public
 * clients read.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, import('./types.mjs').FieldType>>>>}
 */
export const UNDOCUMENTED_OBJECTS = {
  LibraryResource: {
    app_id: 'string',
    app_name: 'string',
    app_language: 'string',
    apps: ['ApplicationBaseResource'],
    bugtracker_tickets: [],
    class_count: 'integer',
    classes_used: 'integer',
    custom: 'boolean',
    file_name: 'string',
    file_version: 'string',
    grade: 'string',
    group: 'string',
    hash: 'string',
    high_vulnerabilities: 'integer',
    invalid: 'boolean',
    language: 'string',
    latest_release_date: 'integer',
    latest_version: 'string',
    libScore: 'integer',
    library_id: 'integer',
    licenses: ['string'],
    links: [],
    loc: 'integer',
    loc_shorthand: 'string',
    manifest: 'string',
    months_outdated: 'integer',
    ossScore: 'integer',
    release_date: 'integer',
    remediationGuidance: 'object',
    restricted: 'boolean',
    servers: ['ServerBaseResource'],
    status: 'enum',
    tags: ['string'],
    total_vulnerabilities: 'integer',
    version: 'string',
    versions_behind: 'integer',
    vulns: [],
  },
  LibraryResponse: { library: 'LibraryResource', messages: ['string'], success: 'boolean' },
  IpDenyListsResponse: { ipDenylists: [], messages: ['string'], success: 'boolean' },
  RouteCoverageObservationsResponse: {
    messages: ['string'],
    observations: ['RouteCoverageObservationResource'],
    success: 'boolean',
    total: 'integer',
  },
  RouteCoverageSnapshotResponse: { data: [], messages: ['string'], success: 'boolean' },
  RouteCoverageStatusResponse: { messages: ['string'], status: 'string', success: 'boolean' },
  VulnerabilityInstanceSessionMetadataResponse: {
    messages: ['string'],
    session_metadata: ['SessionMetadataResource'],
    success: 'boolean',
  },
  NgTraceRouteCoverageResponse: {
    messages: ['string'],
    routes: ['RouteCoverageResource'],
    success: 'boolean',
  },
  NgLibrariesByNameGroupVersionResponse: {
    libraries: ['LibraryResource'],
    messages: ['string'],
    success: 'boolean',
  },
  AgentProfilesResponse: { messages: ['string'], profiles: ['string'], success: 'boolean' },
  QuickFilterItem: { count: 'integer', filterType: 'enum', links: [], name: 'string' },
}

/** Answers that the documentation links to under a name of which it has no page. */
export const SAME_SHAPE = {
  AppLibraryFilterCatalogDetailsResponse: 'LibraryFilterCatalogDetailsResponse',
  NgApplicationsRoleResponse: 'ApplicationsRoleResponse',
  NgOrganizationAdminResponse: 'OrganizationAdminResponse',
  NgOrganizationManagedResponse: 'OrganizationManagedResponse',
  NgServersBaseResponse: 'ServersBaseResponse',
  NgUserApiKeyResponse: 'UserApiKeyResponse',
}

/**
 * Calls that public clients make and the documentation lacks, with who may make them and the answer
 * they expect.
 *
 * @type {readonly (readonly [method: string, path: string, roles: string, answer: string])[]}
 */
export const SEEN_IN_USE = [
  ['GET', '/ng/:org/agents/profiles', 'view', 'AgentProfilesResponse'],
  ['GET', '/ng/:org/agents/:profile/:platform', 'edit', 'file'],
  ['POST', '/ng/:org/applications/:appId/attestation', 'edit', 'BaseApiResponse'],
  ['GET', '/ng/:org/controls/sanitizers', 'rules_admin', 'SecurityControlsResponse'],
  ['GET', '/ng/:org/controls/validators', 'rules_admin', 'SecurityControlsResponse'],
  ['GET', '/ng/:org/rules', 'view', 'RulesResponse'],
  ['POST', '/ng/:org/rules/:rule', 'rules_admin', 'BaseApiResponse'],
  ['GET', '/ng/:org/servers/filter', 'view', 'ServersResponse'],
  ['GET', '/ng/:org/servers/:serverId/activity', 'view', 'ServerActivityResponse'],
  ['GET', '/ng/:org/servers/:serverId/url', 'view', 'URLServerResponse'],
  ['GET', '/ng/:org/servers/:serverId/url/vuln', 'view', 'URLServerResponse'],
  ['GET', '/ng/:org/traces/:appId/trace/:traceUuid', 'view', 'TraceResponse'],
  ['GET', '/ng/:org/users/keys/apikey', 'admin', 'UserApiKeyResponse'],
  ['POST', '/ng/organizations/:org/orgtraces/ui', 'view', 'TraceFilterResponse'],
  ['PUT', '/ng/profile/:org/default', 'view', 'BaseApiResponse'],
]
