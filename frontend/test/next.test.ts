import { expect, it } from 'vitest'
import { safeNext } from '../src/lib/next'

it.each([
  ['/p/1/cases?search=a', '/p/1/cases?search=a'],
  ['//example.org/', '/'],
  ['/\\example.org/', '/'],
  ['https://example.org/', '/'],
  ['javascript:alert(1)', '/'],
  ['/login?next=/', '/'],
  [undefined, '/'],
  [['/a', '/b'], '/'],
])('after signing in, %s leads to %s', (next, page) => expect(safeNext(next)).toBe(page))
