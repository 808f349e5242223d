import { randomBytes } from 'node:crypto'
import {
  type HttpLimits,
  type HttpListener,
  type ListenOptions,
  listenHttp,
} from '../adapters/node-http.ts'
import { createAddressRanges } from '../addresses/address-ranges.ts'
import type { KeyedCertificate } from '../certificates/listener-certificates.ts'
import { CONTROL_BASE, withControl } from '../control/control.ts'
import type { ControlRoute } from '../control/route.ts'
import type { Core } from '../core/exchange.ts'
import type { Limits } from '../core/limits.ts'
import { withReadiness } from '../core/readiness.ts'
import { TeamServerError } from '../errors.ts'
import type { Keyring } from '../keys/keyring.ts'
import { withPage } from '../page-files/with-page.ts'
import { checkedRanges } from './options.ts'

/** Where engines would reach a TeamServer that listens nowhere. */
const ADDRESS_WITHOUT_LISTENER = 'http://127.0.0.1/Contrast'

/** A port that the TeamServer listens on. */
export interface Listener {
  /** Ends in `/Contrast`. */
  readonly url: string
  /** With TLS, the authority that clients are to trust, as PEM; undefined where the certificate was brought. */
  readonly ca: string | undefined
  /** With TLS that asks for one: a client certificate that is let in; undefined where `tls.ca` was brought. */
  readonly clientCertificate: KeyedCertificate | undefined
  /** The control API, when it was asked for; its token shows only when it is read by name. */
  readonly control: { readonly url: string; readonly token: string } | undefined
  close(): Promise<void>
}

export interface TeamServerListenOptions extends ListenOptions {
  /** Opens the control API at `/control`, to callers on this machine. @default false */
  readonly control?: boolean
  /**
   * Addresses or ranges from which the control API may be used too.
   *
   * @default this machine alone
   */
  readonly controlFrom?: readonly string[]
  /** Asked for each request: until it is true, 503 is answered, at `/ready` as well. @default ready */
  readonly isReady?: () => boolean
}

/** The open ports of one TeamServer. */
export interface Listeners {
  /** @throws `ERR_LISTEN`, `ERR_OPTION_INVALID` */
  open(core: Core, options?: TeamServerListenOptions): Promise<Listener>
  /** That of the last one, also after it was closed; ends in `/Contrast`. */
  address(): string
  /** Closes every port and opens it again, with the same address, token and certificate. */
  restart(downMs: number): Promise<void>
  closeAll(): Promise<void>
}

export interface ListenersParts {
  readonly keyring: Keyring
  readonly limits: HttpLimits & Limits
  /** What the control API answers. */
  readonly controlRoutes: readonly ControlRoute[]
  readonly wait: (ms: number) => Promise<void>
  readonly onError: (error: unknown) => void
}

/** A port, and how it is opened again. */
interface OpenPort {
  listener: HttpListener
  readonly reopen: () => Promise<HttpListener>
}

export function createListeners({
  keyring,
  limits,
  controlRoutes: routes,
  wait,
  onError,
}: ListenersParts): Listeners {
  const open = new Set<OpenPort>()
  let lastUrl = ADDRESS_WITHOUT_LISTENER

  return {
    async open(core, options = {}) {
      const from = createAddressRanges(checkedListenOptions(options).controlFrom ?? [])
      const token = randomBytes(32).toString('base64url')
      const hasControl = options.control === true
      const ready = withReadiness(withPage(core), options.isReady ?? (() => true))
      const door = hasControl
        ? withControl({ core: ready, routes, keyring, limits, token, from, onError })
        : ready
      const listener = await listenHttp(door, options, limits)
      const port: OpenPort = {
        listener,
        reopen: () => listenHttp(door, sameAs(listener, options), limits),
      }
      open.add(port)
      const url = `${listener.origin}/Contrast`
      lastUrl = url
      return {
        url,
        ca: listener.certificates?.ca,
        clientCertificate: listener.certificates?.clientCertificate,
        control: hasControl
          ? Object.defineProperty({ url: `${listener.origin}${CONTROL_BASE}`, token }, 'token', {
              enumerable: false,
            })
          : undefined,
        async close() {
          open.delete(port)
          await port.listener.close()
        },
      }
    },
    address: () => lastUrl,
    async restart(downMs) {
      const ports = [...open]
      await Promise.all(ports.map(({ listener }) => listener.close()))
      await wait(downMs)
      for (const port of ports) {
        // It may have been closed for good in between.
        if (open.has(port)) port.listener = await port.reopen()
      }
    },
    async closeAll() {
      await Promise.all([...open].map(({ listener }) => listener.close()))
      open.clear()
    },
  }
}

/** What opens the same port again. */
function sameAs(listener: HttpListener, options: TeamServerListenOptions): ListenOptions {
  const { server } = listener.certificates ?? {}
  return {
    ...options,
    port: Number(new URL(listener.origin).port) || defaultPort(listener.origin),
    ...(server && { tls: server }),
  }
}

/** A URL leaves out the port that its scheme has anyway. */
function defaultPort(origin: string): number {
  return origin.startsWith('https:') ? 443 : 80
}

const OPTION_NAMES: ReadonlySet<string> = new Set<keyof TeamServerListenOptions>([
  'host',
  'port',
  'control',
  'controlFrom',
  'tls',
  'isReady',
])

/** @throws `ERR_OPTION_INVALID` */
function checkedListenOptions(options: TeamServerListenOptions): TeamServerListenOptions {
  const unknown = Object.keys(options).filter((name) => !OPTION_NAMES.has(name))
  if (unknown.length > 0) {
    throw mistake(`unknown option ${unknown.join(', ')}; it takes ${[...OPTION_NAMES].join(', ')}`)
  }
  if (options.controlFrom !== undefined) {
    if (!Array.isArray(options.controlFrom)) throw mistake('controlFrom must be a list')
    if (options.control !== true) throw mistake('controlFrom is of no use without control: true')
    checkedRanges('controlFrom', options.controlFrom)
  }
  return options
}

function mistake(what: string): TeamServerError {
  return new TeamServerError('ERR_OPTION_INVALID', `listen(): ${what}`)
}
