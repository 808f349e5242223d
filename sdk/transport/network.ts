/** How connections are made. */
export interface Network {
  readonly proxy?: ProxyServer
  readonly tls: TlsSettings
  /** Whether link-local, metadata and unspecified addresses may be connected to. */
  readonly isLinkLocalAllowed: boolean
}

/** A proxy that every request goes through. */
export interface ProxyServer {
  /** `scheme://host[:port]`, without user and password. */
  readonly url: string
  /** Where its address came from, for people. */
  readonly where: string
  /** What it is shown in `ProxyServer-Authorization`. */
  readonly authorization?: string
}

/** What a TLS connection to TeamServer goes by. */
export interface TlsSettings {
  /** PEM of the authorities that count; absent: those of Node. */
  readonly ca?: string
  /** PEM of the client certificate and of its key. */
  readonly cert?: string
  readonly key?: string
  readonly passphrase?: string
  /** Sends to whoever answers, as far as the pins allow. */
  readonly areErrorsIgnored: boolean
  /** Base64 of the SHA-256 of public keys; when there are any, TeamServer's own has to be one of them. */
  readonly pins: readonly string[]
}

/** As the network is where nobody says anything. */
export const PLAIN_NETWORK: Network = Object.freeze({
  tls: Object.freeze({ areErrorsIgnored: false, pins: Object.freeze([]) }),
  isLinkLocalAllowed: false,
})
