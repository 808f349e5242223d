import { createServer, type IncomingMessage, request as sendOn } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { connect, type Socket } from 'node:net'
import type { TlsOptions } from 'node:tls'
import { listen } from './scripted-server.ts'

export interface ScriptedProxy {
  readonly port: number
  /** What it was asked for: `CONNECT host:port`, `POST http://…`. */
  readonly asked: readonly string[]
  readonly authorizations: readonly (string | undefined)[]
  /** Every byte that went through it on the way to a server. */
  readonly seen: () => string
}

export interface ProxyScript {
  readonly tls?: TlsOptions
  /** Answered in place of letting anything through, for as long as it gives one. */
  readonly refuse?: (request: IncomingMessage) => number | undefined
  /** Never answers a CONNECT. */
  readonly isSilent?: boolean
}

/** A proxy on a real socket: tunnels, and takes plain requests whole. */
export async function startScriptedProxy(script: ProxyScript = {}): Promise<ScriptedProxy> {
  const asked: string[] = []
  const authorizations: (string | undefined)[] = []
  const seen: Buffer[] = []
  const note = (request: IncomingMessage) => {
    asked.push(`${request.method} ${request.url}`)
    authorizations.push(request.headers['proxy-authorization'])
    return script.refuse?.(request)
  }
  const { tls } = script
  const server = tls === undefined ? createServer() : createSecureServer(tls)
  server.on('request', async (request: IncomingMessage, response) => {
    const status = note(request)
    if (status !== undefined) {
      request.resume()
      response.writeHead(status, { 'proxy-authenticate': 'Basic realm="x"' }).end('<html>')
      return
    }
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece)
    const { method, headers } = request
    const { 'proxy-authorization': _, ...passed } = headers
    const onward = sendOn(String(request.url), { method, headers: passed }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end()).end(Buffer.concat(pieces))
  })
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    socket.on('error', () => {})
    const status = note(request)
    if (script.isSilent) return
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 6\r\n\r\n<html>`)
      return
    }
    const { hostname, port } = new URL(`http://${request.url}`)
    const onward = connect(Number(port), hostname.replace(/^\[|\]$/g, ''), () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      socket.on('data', (piece: Buffer) => seen.push(piece))
      socket.pipe(onward).pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    socket.on('close', () => onward.destroy())
  })
  const port = await listen(server)
  return { port, asked, authorizations, seen: () => Buffer.concat(seen).toString('latin1') }
}
