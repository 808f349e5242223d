import './styles/page.css'
import { render } from 'preact'
import { App } from './frame/app.tsx'
import { createLiveConnection } from './state/live-connection.ts'
import { createPlace } from './state/place.ts'
import { createSession } from './state/session.ts'

const session = createSession(new URL('api', document.baseURI).href, () => performance.now())
const live = createLiveConnection({
  onSession: session.told,
  onSessionEnded: session.lost,
  onRoleChanged: () => void session.begin(),
  onRefused: () => {
    if (session.state.get().status === 'signed-in') void session.stay().catch(() => {})
  },
})

const root = document.querySelector('#page')
if (root !== null) render(<App surroundings={{ session, live, place: createPlace() }} />, root)
void session.begin()
