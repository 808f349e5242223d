import { gunzipSync } from 'node:zlib'

/**
 * What the server said it has stored: the answers that came from it, whether or not they ever reached the
 * application. A life of the server is one process of it; its reports end with it.
 */
export function createLedger() {
  /** From what the application called a report to the ids that it came under. @type {Map<string, Set<string>>} */
  const idsByKey = new Map()
  /** @type {{ added: number, known: number, ids: Set<string> }[]} */
  const lives = [{ added: 0, known: 0, ids: new Set() }]

  return {
    beginLife: () => lives.push({ added: 0, known: 0, ids: new Set() }),
    /**
     * @param {{ headers: Map<string, string>, body: Buffer }} request
     * @param {{ startLine: string, body: Buffer }} answer
     */
    note(request, answer) {
      if (!answer.startLine.startsWith('HTTP/1.1 202')) return
      const isZipped = request.headers.get('content-encoding') === 'gzip'
      const { reports } = JSON.parse(String(isZipped ? gunzipSync(request.body) : request.body))
      const { added, known, rejected } = JSON.parse(String(answer.body))
      if (rejected.length > 0) throw new Error(`reports were rejected: ${JSON.stringify(rejected)}`)
      const life = lives.at(-1)
      if (life === undefined) return
      life.added += added
      life.known += known
      for (const { id, hash } of reports) {
        life.ids.add(id)
        idsByKey.set(hash, (idsByKey.get(hash) ?? new Set()).add(id))
      }
    },
    /** @param {string} key */
    has: (key) => idsByKey.has(key),
    get keys() {
      return [...idsByKey.keys()]
    },
    /** Reports that came under more than one id, and ids that one life of the server added more than once. */
    get storedTwice() {
      const underTwoIds = [...idsByKey.values()].filter((ids) => ids.size > 1).length
      const addedTwice = lives.map(({ added, ids }) => Math.max(0, added - ids.size))
      return addedTwice.reduce((sum, one) => sum + one, underTwoIds)
    },
    /** Answers that said the server has it already: what was sent again after an answer went missing. */
    get sentAgain() {
      return lives.reduce((sum, { known }) => sum + known, 0)
    },
  }
}

/** @typedef {ReturnType<typeof createLedger>} Ledger */
