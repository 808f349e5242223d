import { useState } from 'preact/hooks'

/** Something that a person does, one at a time, with what became of it. */
export interface Action {
  readonly isRunning: boolean
  readonly error: Error | undefined
  /** @returns True when it was done. */
  run(act: () => Promise<unknown>): Promise<boolean>
  forget(): void
}

export function useAction(): Action {
  const [state, setState] = useState<{ isRunning: boolean; error?: Error }>({ isRunning: false })
  return {
    isRunning: state.isRunning,
    error: state.error,
    async run(act) {
      setState({ isRunning: true })
      try {
        await act()
        setState({ isRunning: false })
        return true
      } catch (error) {
        setState({ isRunning: false, error: error instanceof Error ? error : new Error('failed') })
        return false
      }
    },
    forget: () => setState({ isRunning: false }),
  }
}
