const { createGlobalSetup } = require('teamserver-engine/mock-server')

module.exports = createGlobalSetup({ organization: { name: 'Shop', apiKey: { enabled: true } } })
