// What each runner runs: an application that reports, and the assertions of every runner.
exports.reportAndAssert = async ({ createEngine }, mock) => {
  const organization = await mock.connectOrganization()
  const engine = createEngine({ application: { name: 'shop' }, spoolDirectory: false })
  engine.report({ type: 'finding', rule: 'cookie-flags-missing' })
  await engine.close()
  await mock.assertStored(organization, { rule: 'cookie-flags-missing' }, { timeoutMs: 4_000 })
  await mock.assertNotRefused(organization)
  await mock.assertAddsUp(organization, engine)
}
