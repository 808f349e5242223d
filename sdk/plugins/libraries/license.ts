import { isObject, textOf } from './json-file.ts'

/**
 * The licence as a package states it, close to SPDX.
 *
 * @param manifest A package.json or an entry of a lock file. `license` is text or, in old packages,
 * `{ type }`; older ones have a list `licenses` of either, which gives `(A OR B)`.
 * @returns At most 512 characters; `undefined` when there is none in these forms.
 */
export function licenseOf(manifest: Readonly<Record<string, unknown>>): string | undefined {
  const single = nameOf(manifest.license)
  if (single !== undefined) return single
  const listed = Array.isArray(manifest.licenses) ? manifest.licenses : [manifest.licenses]
  const names = listed.map(nameOf).filter((name) => name !== undefined)
  if (names.length < 2) return names[0]
  return textOf(`(${names.join(' OR ')})`, LIMIT_CHARACTERS)
}

const LIMIT_CHARACTERS = 512

function nameOf(license: unknown): string | undefined {
  return textOf(isObject(license) ? license.type : license, LIMIT_CHARACTERS)
}
