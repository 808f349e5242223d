// What is tested: a cookie that scripts in the page could read is reported.
export function watchCookie(engine, cookie) {
  if (/;\s*httponly/i.test(cookie)) return
  engine.report({
    type: 'finding',
    rule: 'cookie-flags-missing',
    severity: 'medium',
    title: `Cookie ${cookie.split('=', 1)[0]} without HttpOnly`,
  })
}
