import { setImmediate } from 'node:timers'
import type { FileCallName, FileCalls, FileSystem } from './file-system.ts'

interface FileCall {
  readonly name: FileCallName
  readonly given: readonly unknown[]
}

/**
 * Work with files, written once and done in either of two ways: `runLater()` leaves the main thread
 * free, `runNow()` is for the end of a process, when nothing is awaited any more. It reads like an
 * `async` function, with `yield*` in place of `await`.
 */
export type Work<Outcome> = Generator<FileCall | undefined, Outcome, unknown>

/** One call of the file system. */
export function* ask<Name extends FileCallName>(
  name: Name,
  ...given: Parameters<FileCalls[Name]>
): Work<ReturnType<FileCalls[Name]>> {
  return (yield { name, given }) as ReturnType<FileCalls[Name]>
}

/** Lets others have the main thread in between. */
export function* pause(): Work<void> {
  yield undefined
}

export async function runLater<Outcome>(work: Work<Outcome>, files: FileSystem): Promise<Outcome> {
  let step = work.next()
  while (!step.done) {
    const call = step.value
    const answer = await settled(() => perform(call, files))
    step = 'error' in answer ? work.throw(answer.error) : work.next(answer.outcome)
  }
  return step.value
}

export function runNow<Outcome>(work: Work<Outcome>, files: FileSystem): Outcome {
  let step = work.next()
  while (!step.done) {
    const call = step.value
    let answer: Answer
    try {
      answer = { outcome: call && files.callSync(call.name, ...parametersOf(call)) }
    } catch (error) {
      answer = { error }
    }
    step = 'error' in answer ? work.throw(answer.error) : work.next(answer.outcome)
  }
  return step.value
}

type Answer = { readonly outcome: unknown } | { readonly error: unknown }

async function settled(perform: () => Promise<unknown>): Promise<Answer> {
  try {
    return { outcome: await perform() }
  } catch (error) {
    return { error }
  }
}

function perform(call: FileCall | undefined, files: FileSystem): Promise<unknown> {
  if (call !== undefined) return files.call(call.name, ...parametersOf(call))
  return new Promise<void>((resolve) => setImmediate(resolve))
}

/** `ask()` has paired the name with what belongs to it. */
function parametersOf(call: FileCall): Parameters<FileCalls[FileCallName]> {
  return call.given as Parameters<FileCalls[FileCallName]>
}
