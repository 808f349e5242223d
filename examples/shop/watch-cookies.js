// Reports session cookies that scripts in the page could read.

/** @param {import('teamserver-engine').Engine} engine */
export function watchCookies(engine) {
  const seen = new Set()
  return (request, response, next) => {
    response.once('finish', () => {
      for (const cookie of [response.getHeader('set-cookie') ?? []].flat()) {
        const name = String(cookie).split('=', 1)[0]
        if (/;\s*httponly/i.test(String(cookie)) || seen.has(name)) continue
        seen.add(name)
        engine.report({
          type: 'finding',
          rule: 'cookie-flags-missing',
          severity: 'medium',
          title: `Cookie ${name} without HttpOnly`,
          url: request.originalUrl,
          request: { method: request.method, url: request.originalUrl },
          evidence: { cookie: name, missing: 'HttpOnly' },
          hash: `cookie-flags-missing:${name}`,
        })
      }
    })
    next()
  }
}
