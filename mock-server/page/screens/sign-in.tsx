import { useState } from 'preact/hooks'
import { ApiError } from '../api/client.ts'
import { Button } from '../parts/button.tsx'
import { Field } from '../parts/field.tsx'
import { Notice } from '../parts/notice.tsx'
import { useSurroundings } from '../state/context.ts'
import type { Goodbye } from '../state/session.ts'
import { useAction } from '../state/use-action.ts'

const GOODBYES: Readonly<Record<Goodbye, string>> = {
  'signed-out': 'You are signed out, here and in every other window.',
  idle: 'You were signed out, because nothing was done for a while.',
  ended: 'Your session has ended. Sign in again to go on.',
}

/** The only screen without a login. */
export function SignIn({ why }: { readonly why: Goodbye | undefined }) {
  const { session } = useSurroundings()
  const [userName, setUserName] = useState('')
  const [password, setPassword] = useState('')
  const signingIn = useAction()

  return (
    <main class="sign-in">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault()
          if (!signingIn.isRunning) void signingIn.run(() => session.signIn(userName, password))
        }}
      >
        <header>
          <div>
            <h1>Mock TeamServer</h1>
            <p class="about">Sign in to see both layers at work.</p>
          </div>
        </header>
        {why && !signingIn.error && !signingIn.isRunning && <Notice>{GOODBYES[why]}</Notice>}
        {signingIn.error && <Notice tone="error">{wordsFor(signingIn.error)}</Notice>}
        <Field
          label="User name"
          value={userName}
          onInput={setUserName}
          autoComplete="username"
          isRequired
        />
        <Field
          label="Password"
          type="password"
          value={password}
          onInput={setPassword}
          autoComplete="current-password"
          isRequired
        />
        <Button kind="primary" isSubmit isBusy={signingIn.isRunning}>
          {signingIn.isRunning ? 'Signing in…' : 'Sign in'}
        </Button>
        <p class="fine">
          Names and passwords are printed where the mock was started, on the lines <b>admin</b> and{' '}
          <b>superadmin</b>.
        </p>
      </form>
    </main>
  )
}

/** The server does not say what was wrong, so that nobody learns who is there; nor can the page. */
function wordsFor(error: Error): string {
  if (!(error instanceof ApiError)) return error.message
  switch (error.reason) {
    case 'login-refused':
      return (
        'Not signed in. The user name or password is not right, or this account cannot sign in: ' +
        'it may be locked after too many attempts, disabled, made for the API alone, or not ' +
        'allowed from this address. An administrator finds the reason in the audit log.'
      )
    case 'address-refused':
      return 'Not signed in. The password is right, but your address is not in the list of the organization.'
    case 'rate-limited':
      return `Too many refused attempts came from this address. Try again in ${error.retryAfterSeconds ?? 60} s.`
    default:
      return error.message
  }
}
