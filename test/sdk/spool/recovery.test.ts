import { expect, test } from 'vitest'
import { createRandom, LOOP_TIMEOUT_MS, rounds, seed } from '../../loops.ts'
import { createFaultyFiles } from './faulty-files.ts'
import { freshDirectory, idsOf, quarantinedIn, reportsOf, testSpool } from './test-spool.ts'

const ONE = { reports: 1, bytes: 1 }

test(
  'D-308: engines that crash while they inherit, 50 in a row, lose nothing',
  async () => {
    const random = createRandom('crashes')
    for (let round = 0; round < rounds(20); round++) {
      const directory = freshDirectory()
      const owners = [1, 2, 3].map((name) => reportsOf(20, { name: `engine-${name}` }))
      for (const reports of owners) await testSpool({ directory }).write(reports)
      const wanted = new Set(idsOf(owners.flat()))

      for (let life = 0; life < 50; life++) {
        const files = createFaultyFiles()
        const spool = testSpool({ directory, files })
        files.failAt(1 + Math.floor(random() * 50), 'crash', { isForGood: true })
        const { crashed } = files
        await Promise.race([spool.adopt(), crashed])
        const taken = (await Promise.race([spool.take(ONE), crashed])) ?? []
        // Delivered: it may come back, and need not.
        spool.settle(taken.map(({ place }) => place))
        for (const { id } of taken) wanted.delete(id)
        await Promise.race([spool.take(ONE), crashed])
      }
      const last = testSpool({ directory })
      await last.adopt()
      const found = new Set(idsOf(await last.takeAll()))
      expect(
        [...wanted].filter((id) => !found.has(id)),
        `seed ${seed}`,
      ).toEqual([])
      expect(quarantinedIn(directory)).toEqual([])
    }
  },
  LOOP_TIMEOUT_MS,
)
