import { test } from 'node:test'
import * as engine from 'teamserver-engine'
import * as mock from 'teamserver-engine/mock-server'
import { reportAndAssert } from './shop.cjs'

test('the application reports', () => reportAndAssert(engine, mock))
