export { libraries } from './libraries/libraries.ts'
export {
  definePlugin,
  type GivenReport,
  type Plugin,
  type PluginContext,
  type PluginRun,
} from './plugin.ts'
export { routes } from './routes/routes.ts'
