import { setImmediate } from 'node:timers'

/** An engine that has something to save when its process ends. */
export interface EndingEngine {
  /** Puts what waits on disk, at once. May be called again: a signal is not always the end. */
  spoolNow(): void
}

/** The end of a process, and the engines in it that are to hear of it. */
export interface ProcessEnd {
  /**
   * Takes an engine in. The first one brings the listeners, the last one takes them along.
   *
   * @param options With `signals` the engine hears of SIGTERM and SIGINT too. No signal reaches a worker thread.
   */
  join(engine: EndingEngine, options: { readonly signals: boolean }): ProcessEndPlace
}

export interface ProcessEndPlace {
  /** The process is ending: no promise settles any more, and what is reported now is to be spooled at once. */
  readonly isEnding: boolean
  leave(): void
}

/** As much of `process` as this needs. */
export type HostProcess = Pick<
  NodeJS.Process,
  | 'getMaxListeners'
  | 'kill'
  | 'listenerCount'
  | 'listeners'
  | 'off'
  | 'on'
  | 'pid'
  | 'prependListener'
  | 'setMaxListeners'
>

/**
 * Changes nothing about how the process ends: neither its exit code, nor whether a signal kills it.
 *
 * Listeners stand before all others, and leave before the others run. So what was added with `once` is
 * still there to be counted, and a listener that looks whether it is alone (as the package signal-exit
 * does, to raise the signal again) finds what it would find without us.
 */
export function createProcessEnd(host: HostProcess, isMainThread: () => boolean): ProcessEnd {
  const places = new Set<{ readonly engine: EndingEngine; readonly signals: boolean }>()
  let isEnding = false
  let raisedLimit: { readonly from: number; readonly to: number } | undefined

  const onExit = ours(() => {
    isEnding = true
    spoolAll()
  })
  const onSignal = ours((signal: Signal) => {
    spoolAll()
    host.off(signal, onSignal)
    // In a worker thread somebody made it up, and the process is not the worker's to end.
    if (host.listeners(signal).every(isOurs) && isMainThread()) host.kill(host.pid, signal)
    // Still here: somebody else listens, or the signal is ignored, as for the first process of a container.
    setImmediate(listen).unref()
  })
  const onNewListener = ours((event: string | symbol, listener: unknown) => {
    if (isOurs(listener) || !EVENTS.has(event)) return
    makeRoom(event)
    // It is added only after this. Whatever it is, ours goes back to the front.
    queueMicrotask(listen)
  })

  function spoolAll(): void {
    for (const { engine } of places) {
      try {
        engine.spoolNow()
      } catch {
        // The other engines still have theirs to save, and the host must end as it would.
      }
    }
  }

  /** Puts the listeners that are wanted now to the front, and takes the others away. */
  function listen(): void {
    const wantsSignals = [...places].some(({ signals }) => signals)
    place('newListener', onNewListener, places.size > 0)
    place('exit', onExit, places.size > 0)
    for (const signal of SIGNALS) place(signal, onSignal, wantsSignals)
    if (places.size === 0) giveRoomBack()
  }

  function place(event: string, listener: (...given: never[]) => void, isWanted: boolean): void {
    const known: (...given: unknown[]) => void = listener as never
    const present = host.listeners(event as 'exit') as unknown[]
    if (isWanted ? present[0] === known : !present.includes(known)) return
    host.off(event, known)
    if (!isWanted) return
    makeRoom(event)
    host.prependListener(event as never, known as never)
  }

  /** The number of listeners past which Node warns of a leak is the host's, for its own listeners. */
  function makeRoom(event: string | symbol): void {
    const from = host.getMaxListeners()
    if (raisedLimit !== undefined || from === 0 || host.listenerCount(event) < from) return
    raisedLimit = { from, to: from + OURS_PER_EVENT }
    host.setMaxListeners(raisedLimit.to)
  }

  function giveRoomBack(): void {
    if (raisedLimit?.to === host.getMaxListeners()) host.setMaxListeners(raisedLimit.from)
    raisedLimit = undefined
  }

  return {
    join(engine, { signals }) {
      const own = { engine, signals }
      places.add(own)
      listen()
      return {
        get isEnding() {
          return isEnding
        },
        leave() {
          places.delete(own)
          listen()
        },
      }
    },
  }
}

type Signal = 'SIGINT' | 'SIGTERM'

const SIGNALS: readonly Signal[] = ['SIGTERM', 'SIGINT']
const EVENTS: ReadonlySet<string | symbol> = new Set(['exit', ...SIGNALS])
const OURS_PER_EVENT = 1

/** There may be more than one of us in a process: an ES module and a CommonJS one, or two versions. */
const MARK = Symbol.for('teamserver-engine.process-end')

function ours<Listener extends (...given: never[]) => void>(listener: Listener): Listener {
  return Object.assign(listener, { [MARK]: true })
}

function isOurs(listener: unknown): boolean {
  return typeof listener === 'function' && MARK in listener
}

/** The end of this process, or of this worker thread. */
export const processEnd: ProcessEnd = createProcessEnd(
  process,
  // Loaded when it is asked for: it takes 2 ms, which the start of a host need not wait for.
  () => process.getBuiltinModule('node:worker_threads').isMainThread,
)
