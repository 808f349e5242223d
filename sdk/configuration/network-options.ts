/** What a program may say of the proxy. Url, or scheme, host and port: both together are an error. */
export interface ProxyOptions {
  /** `false`: no proxy, whatever the environment says. @default true, where an address is given */
  readonly isEnabled?: boolean | undefined
  /** `http://host:port` or `https://host:port`; may hold `user:password@`. */
  readonly url?: string | undefined
  readonly scheme?: 'http' | 'https' | undefined
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
  /** The only kind that this engine speaks. */
  readonly authType?: 'Basic' | undefined
}

/** What a program may say of certificates. Relative paths start from the working directory. */
export interface CertificateOptions {
  /** `false`: the rest does not count. @default true, where any of the rest is given */
  readonly isEnabled?: boolean | undefined
  /** PEM file of the authorities that count, in place of those of Node. */
  readonly caFile?: string | undefined
  /** PEM file of the client certificate. */
  readonly certFile?: string | undefined
  /** PEM file of its key. */
  readonly keyFile?: string | undefined
  readonly keyPassword?: string | undefined
  /** `true` sends to whoever answers, save for what the pins say. @default false */
  readonly ignoreCertErrors?: boolean | undefined
  /** `sha256/<base64>` of public keys (SPKI), of which TeamServer's certificate has to have one. */
  readonly pins?: readonly string[] | undefined
}

/** Takes the short forms apart: an address alone, and `false` for none. */
export function unfoldProxy(value: unknown): unknown {
  if (value === false) return { isEnabled: false }
  return typeof value === 'string' ? { url: value } : value
}
