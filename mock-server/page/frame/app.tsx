import { useEffect } from 'preact/hooks'
import { SignIn } from '../screens/sign-in.tsx'
import { type Surroundings, SurroundingsContext } from '../state/context.ts'
import { useValue } from '../state/value.ts'
import { Frame } from './frame.tsx'

/** The whole page. */
export function App({ surroundings }: { readonly surroundings: Surroundings }) {
  const { session, live } = surroundings
  const state = useValue(session.state)
  const organizationId = state.status === 'signed-in' ? state.organization?.id : undefined

  useEffect(() => {
    if (state.status === 'signed-out') document.title = 'Sign in – Mock TeamServer'
  }, [state.status])
  useEffect(() => {
    live.follow(
      organizationId === undefined
        ? undefined
        : session.client.address(`/ng/${organizationId}/live`),
    )
  }, [live, session, organizationId, state])

  return (
    <SurroundingsContext.Provider value={surroundings}>
      {state.status === 'unknown' && <main class="sign-in" aria-busy="true" />}
      {state.status === 'signed-out' && <SignIn why={state.why} />}
      {state.status === 'signed-in' && <Frame />}
    </SurroundingsContext.Provider>
  )
}
