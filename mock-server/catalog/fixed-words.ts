// Made by scripts/make-catalog.mjs: do not edit.

/**
 * Words of documented paths that stand where another path has a variable: with one of these in the
 * place of a variable, a path may mean another route.
 */
export const FIXED_WORDS: ReadonlySet<string> = new Set(
  (
    'access activate active activity administrators agent-deployment agent-sessions ' +
    'agents aiml alerts allowed api apikey apis application application-metadata ' +
    'application-security-summary applications approval-workflow apps apptraces ' +
    'artifactsByGroupNameVersion assess attack attacks attestation authorization basic ' +
    'botblocking breakdown bugtracker bulk compliance components controls coverage cves ' +
    'default defend denylists details diagnostics download enabled events exclude ' +
    'existing export facets feature filter filters groups history home httprequest ids ' +
    'impersonation importance include info ip languages latest libraries library license ' +
    'licenses list listing lock mark metadata modes modules name newer ng notes ' +
    'observations organizations orgtraces outofdate platform policy preferences profile ' +
    'profiles properties queryByNames quick rasp ratings rbac recommendation report ' +
    'reports requirements resend route routes rules saml sanitizers sarif sbav score ' +
    'scores search secret security securityChecks server servers servertraces settings ' +
    'severity short sitemap snapshots stats status story suggestion syslog tags techs ' +
    'test trace traces ttr ui unlock url users validators verify versions views visible ' +
    'vulnerabilities vulntrend webhooks'
  ).split(' '),
)
