import type { Validator } from '../messages/validators.generated.js'
import type { SeedFile } from './seed-file.ts'

export declare const Seed: Validator<SeedFile>
