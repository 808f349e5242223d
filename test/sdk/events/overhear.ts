import { type SceneOptions, startScene } from '../engine/scene.ts'
import { listen } from './listener.ts'

const URL = 'http://127.0.0.1:9/Contrast/api'

/** Counters before anything is reported. */
export const NONE = { given: 0, accepted: 0, refused: 0, dropped: 0, waiting: 0 }

/** A scene that is listened to from before its start. */
export function overhear(options: SceneOptions = {}) {
  const listener = listen()
  const scene = startScene(options)
  const { id } = scene.engine
  return { ...scene, ...listener, engineOf: { id, application: 'shop', url: URL } }
}
