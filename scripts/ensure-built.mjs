// Builds dist/ when it is not there or not made from the sources as they are.
import { isBuilt } from './build-stamp.mjs'

if (!isBuilt()) await import('./build.mjs')
