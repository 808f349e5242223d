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
 * Writes `teamserver-engine: <line>` for lines at `level` or graver.
 *
 * @param write Takes the finished line. @default standard error
 */
export function createLogger(level: LogLevel, write: (text: string) => void = toStderr): Logger {
  return loggerFrom((lineLevel, line) => {
    if (LEVELS.indexOf(lineLevel) <= LEVELS.indexOf(level)) write(`teamserver-engine: ${line}\n`)
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
      if (outcome instanceof Promise) outcome.catch(ignore)
    } catch {
      // A logger that fails is the host's to mend; its reports still go out.
    }
  })
}

/** The same logger with a word in front of each line, such as the name of a plugin. */
export function prefixLogger(logger: Logger, prefix: string): Logger {
  return loggerFrom((level, line) => logger[level](`${prefix}: ${line}`))
}

function loggerFrom(log: (level: LogLevel, line: string) => void): Logger {
  return Object.freeze({
    error: (line: string) => log('error', line),
    warn: (line: string) => log('warn', line),
    info: (line: string) => log('info', line),
    debug: (line: string) => log('debug', line),
  })
}

function toStderr(text: string): void {
  process.stderr.write(text)
}

/** What a server or a plugin said may hold anything; it must not forge a second line. */
function onOneLine(line: string): string {
  return String(line).replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
}

function ignore(): void {}
