const WANTED = /^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/

/** Credentials, keys, environments, what an engine or a mock leaves behind, and what only we need. */
const UNWANTED = [
  /(^|\/)(test|bench|\.inputs|node_modules)\//,
  /(^|\/)\.[^/]+$/,
  /(^|\/)[^/]*(credential|secret)s?[^/]*\.(json|ya?ml|txt)$/i,
  /(^|\/)contrast_security\.ya?ml$/,
  /\.(test|pem|key|crt|p12|pfx|log|lock|spool|state|map|tgz)(\.|$)/,
]

/**
 * Which files must not be in the package.
 *
 * @param {readonly string[]} paths As `npm pack` lists them.
 */
export function strayFiles(paths) {
  return paths.filter(
    (path) => !WANTED.test(path) || UNWANTED.some((unwanted) => unwanted.test(path)),
  )
}
