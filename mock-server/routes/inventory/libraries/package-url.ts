import { ownValue } from '../../../own-value.ts'

/** The types of package URLs by language; what has none is generic. */
const TYPES: Readonly<Record<string, string>> = {
  node: 'npm',
  javascript: 'npm',
  java: 'maven',
  python: 'pypi',
  ruby: 'gem',
  '.net': 'nuget',
  dotnet: 'nuget',
  dotnet_core: 'nuget',
  php: 'composer',
  go: 'golang',
}

/**
 * Names a library across ecosystems: `pkg:npm/%40scope/name@1.0.0`.
 *
 * @see https://github.com/package-url/purl-spec
 */
export function packageUrl({
  language,
  name,
  version,
}: {
  readonly language: string
  readonly name: string
  readonly version: string
}): string {
  const type = ownValue(TYPES, language.toLowerCase()) ?? 'generic'
  // In Maven the group stands before a colon.
  const path = (type === 'maven' ? name.replace(':', '/') : name)
    .split('/')
    .filter((segment) => segment !== '')
    .map(encodeURIComponent)
    .join('/')
  return `pkg:${type}/${path}${version === '' ? '' : `@${encodeURIComponent(version)}`}`
}
