/** An object whose properties can be read by name, and that shows none when it is printed. */
export function hidden<Values extends Record<string, unknown>>(
  readers: {
    readonly [Name in keyof Values]: () => Values[Name]
  },
): { readonly [Name in keyof Values]: Values[Name] } {
  const properties = Object.entries(readers).map(([name, get]) => [
    name,
    { get, enumerable: false },
  ])
  return Object.defineProperties(
    {} as { [Name in keyof Values]: Values[Name] },
    Object.fromEntries(properties),
  )
}
