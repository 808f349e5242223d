import { createGlobalSetup } from 'teamserver-engine/mock-server'

export default createGlobalSetup({ organization: { name: 'Shop', apiKey: { enabled: true } } })
