// The engine as an application uses it: defaults, with its spool below XDG_STATE_HOME.
import { createEngine } from 'teamserver-engine'

/** @param {string} sinkUrl */
export function start(sinkUrl) {
  const engine = createEngine({
    url: sinkUrl,
    agentUserName: 'agent_bench@Bench',
    serviceKey: KEY,
    application: { name: 'bench' },
    logger: false,
  })
  return {
    report: engine.report,
    flush: () => engine.flush({ timeoutMs: 30_000 }),
    close: () => engine.close(),
    /** What an administrator hands out after a 401. */
    giveRightKey: () => engine.updateCredentials({ serviceKey: KEY }),
  }
}

const KEY = 'S3rviceKeyS3rviceKey01'
