import { TeamServerError } from './errors.ts'

/**
 * Fills in the numbers that were left out; undefined is left out.
 *
 * @param what How the option is called, for the error.
 * @throws `ERR_OPTION_INVALID` for an unknown name, and for anything but a whole number from 1: a
 *   limit that compares with nothing would be none.
 */
export function wholeNumbers<Numbers extends { readonly [Name in keyof Numbers]: number }>(
  what: string,
  defaults: Numbers,
  given: Partial<Numbers> = {},
): Numbers {
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined)
  for (const [name, value] of chosen) {
    if (!Object.hasOwn(defaults, name)) {
      const known = Object.keys(defaults).join(', ')
      throw invalid(`unknown option ${what}.${name}; ${what} takes ${known}`)
    }
    if (!Number.isSafeInteger(value) || Number(value) < 1) {
      throw invalid(`${what}.${name} must be a whole number from 1`)
    }
  }
  return { ...defaults, ...Object.fromEntries(chosen) }
}

function invalid(message: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', message)
}
