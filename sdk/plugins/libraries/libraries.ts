import { clearTimeout, setTimeout } from 'node:timers'
import { codeOf } from '../../caught-error.ts'
import { definePlugin, type Plugin, type PluginContext, type PluginRun } from '../plugin.ts'
import { findLibraries } from './find-libraries.ts'
import { createPauses } from './pauses.ts'

/**
 * Reports each library that is installed in the application, once per start: name, version,
 * licence, integrity, place, and whether the application itself asks for it.
 */
export function libraries(): Plugin {
  return definePlugin({ name: 'libraries', start: (context) => createLibrariesRun(context) })
}

/** @param limitLibraries Past it the search ends with one warning. */
export function createLibrariesRun(
  context: Pick<PluginContext, 'application' | 'logger' | 'report'>,
  limitLibraries = 10_000,
): PluginRun {
  let isStopped = false
  let search: Promise<void> | undefined

  async function run(): Promise<void> {
    const unreadable: string[] = []
    const pause = createPauses()
    let reported = 0
    try {
      for await (const library of findLibraries(context.application.root, (file) =>
        unreadable.push(file),
      )) {
        if (isStopped) return
        if (reported === limitLibraries) {
          context.logger.warn(
            `more than ${limitLibraries} are installed, the others are not reported`,
          )
          break
        }
        context.report({ type: 'library', language: 'Node', ...library })
        reported++
        await pause()
      }
    } catch (error) {
      context.logger.warn(
        `the search ended early (${codeOf(error) ?? 'unknown error'}) after ${reported}`,
      )
    }
    if (unreadable.length > 0) {
      context.logger.debug(
        `${unreadable.length} unreadable, left out: ${unreadable.slice(0, 3).join(', ')}`,
      )
    }
  }

  const begin = () => {
    search ??= run()
    return search
  }
  // The host has its first turn before anything is read.
  const firstTurn = setTimeout(begin, 0).unref()

  return {
    flush: () => (isStopped ? search : begin()),
    stop() {
      isStopped = true
      clearTimeout(firstTurn)
    },
  }
}
