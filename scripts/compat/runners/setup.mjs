import { createGlobalSetup } from 'teamserver-engine/mock-server'

const setup = createGlobalSetup({ organization: { name: 'Shop', apiKey: { enabled: true } } })
export default setup
export const globalSetup = setup
export const globalTeardown = setup.teardown
