import { expect, test } from 'vitest'
import { definePlugin } from '../../../sdk/plugins/index.ts'
import { createRecordingContext } from './recording-context.ts'

test('a defined plugin is frozen and starts the one that was written', () => {
  const written = {
    name: '@shop/responses',
    starts: 0,
    start() {
      this.starts++
    },
  }
  const plugin = definePlugin(written)
  plugin.start(createRecordingContext().context)
  expect(Object.isFrozen(plugin)).toBe(true)
  expect(plugin.name).toBe('@shop/responses')
  expect(written.starts).toBe(1)
})

test('what the written plugin returns is what the engine gets', () => {
  const run = { flush() {} }
  const plugin = definePlugin({ name: 'responses', start: () => run })
  expect(plugin.start(createRecordingContext().context)).toBe(run)
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a function', () => {}],
  ['no name', { start() {} }],
  ['an empty name', { name: '', start() {} }],
  ['a name with a line break', { name: 'a\nb', start() {} }],
  ['a name of 65 characters', { name: 'a'.repeat(65), start() {} }],
  ['no start', { name: 'responses' }],
  ['a start that is no function', { name: 'responses', start: true }],
])('%s is no plugin', (_what, given) => {
  expect(() => definePlugin(given as never)).toThrow(
    expect.objectContaining({ name: 'EngineError', code: 'ERR_PLUGIN_INVALID' }),
  )
})
