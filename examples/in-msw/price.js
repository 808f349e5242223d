// What is tested: it asks a service of somebody else, and reports when the answer cannot be trusted.
export async function priceIn(currency, engine) {
  const answer = await fetch(`https://rates.test/EUR/${currency}`)
  const { rate } = await answer.json()
  if (Number.isFinite(rate)) return 39 * rate
  engine.report({ type: 'finding', rule: 'unvalidated-input', severity: 'low', title: 'Bad rate' })
  return undefined
}
