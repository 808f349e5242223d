import { createServer, type RequestListener } from 'node:http'
import { onTestFinished } from 'vitest'

/** Listens on a free port for one test. */
export async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  )
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const url = `http://127.0.0.1:${address.port}`
  return {
    /** @param request Such as `GET /orders`. */
    async ask(request: string): Promise<number> {
      const [method = '', path = ''] = request.split(' ')
      const response = await fetch(url + path, { method, headers: { connection: 'close' } })
      await response.arrayBuffer()
      return response.status
    },
  }
}
