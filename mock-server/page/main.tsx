import './styles/page.css'
import { render } from 'preact'
import { App } from './frame/app.tsx'
import { createExchangeLog } from './state/exchange-log.ts'
import { createLiveConnection } from './state/live-connection.ts'
import { createPlace } from './state/place.ts'
import { createSession } from './state/session.ts'

const session = createSession(new URL('api', document.baseURI).href, () => performance.now())
const exchanges = createExchangeLog(requestAnimationFrame, Date.now)
const live = createLiveConnection({
  onSession: session.told,
  onSessionEnded: session.lost,
  onRoleChanged: () => void session.begin(),
  onOther: exchanges.clear,
  onRefused: () => {
    if (session.state.get().status === 'signed-in') void session.stay().catch(() => {})
  },
})

live.onExchange(exchanges.add)

const root = document.querySelector('#page')
if (root !== null)
  render(<App surroundings={{ session, live, exchanges, place: createPlace() }} />, root)
void session.begin()
