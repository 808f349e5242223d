import { setImmediate } from 'node:timers'
import { types } from 'node:util'

/** Takes one line at a time. Like `console`, or the logger of the host. */
export interface Logger {
  error(line: string): void
  warn(line: string): void
  info(line: string): void
  debug(line: string): void
}

/** From the gravest to the most talkative. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

const LEVELS: readonly LogLevel[] = ['error', 'warn', 'info', 'debug']

/**
 * Writes `teamserver-engine: <line>` to standard error, for lines at `level` or graver.
 */
export function createLogger(level: LogLevel): Logger {
  return loggerFrom((lineLevel, line) => {
    if (LEVELS.indexOf(lineLevel) <= LEVELS.indexOf(level)) toStderr(`teamserver-engine: ${line}`)
  })
}

/**
 * Stands between the engine and a logger of the host: every line is one line, nothing that the logger
 * throws or rejects with comes through. `false` is silence.
 */
export function guardLogger(logger: Logger | false): Logger {
  return loggerFrom((level, line) => {
    if (logger === false) return
    try {
      const outcome: unknown = logger[level](onOneLine(line))
      if (types.isPromise(outcome)) outcome.catch(ignore)
    } catch {
      // A logger that fails is the host's to mend; its reports still go out.
    }
  })
}

/** The same logger, of which each line is made into another first. */
export function mapLogger(logger: Logger, change: (line: string) => string): Logger {
  return loggerFrom((level, line) => logger[level](change(line)))
}

function loggerFrom(log: (level: LogLevel, line: string) => void): Logger {
  return Object.freeze({
    error: (line: string) => log('error', line),
    warn: (line: string) => log('warn', line),
    info: (line: string) => log('info', line),
    debug: (line: string) => log('debug', line),
  })
}

let linesUnderWay = 0

/**
 * Writes to standard error. What becomes of the line is nobody's concern: an error, as of a pipe that
 * nobody reads any more, would otherwise end the host (`console` lets only the first one pass).
 */
function toStderr(line: string): void {
  const { stderr } = process
  if (linesUnderWay === 0) stderr.on('error', ignore)
  linesUnderWay += 1
  // The stream tells of its error right after the callback.
  stderr.write(`${line}\n`, () => void setImmediate(letGo).unref())

  function letGo(): void {
    linesUnderWay -= 1
    if (linesUnderWay === 0) stderr.off('error', ignore)
  }
}

/** What a server or a plugin said may hold anything; it must not forge a second line. */
function onOneLine(line: string): string {
  return String(line).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}

function ignore(): void {}
