export { globalTeardown as default } from './setup.mjs'
