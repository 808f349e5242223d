const { reportAndAssert } = require('./shop.cjs')

test('the application reports', () =>
  reportAndAssert(require('teamserver-engine'), require('teamserver-engine/mock-server')))
