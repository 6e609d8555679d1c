import { describe, expect, it } from 'vitest'
import { differences, isStructural } from '../src/lib/difference'

describe('the smallest difference', () => {
  it.each([
    ['equal', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['a leaf', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, [{ path: '.a.c', expected: 2, actual: 3 }]],
    ['a missing key', { a: 1 }, {}, [{ path: '.a', expected: 1 }]],
    ['a new key', {}, { 'x-y': 1 }, [{ path: '."x-y"', actual: 1 }]],
    ['a longer list', [1], [1, 2], [{ path: '[1]', actual: 2 }]],
    ['another type', { a: '1' }, { a: 1 }, [{ path: '.a', expected: '1', actual: 1 }]],
    ['map against list', { a: {} }, { a: [] }, [{ path: '.a', expected: {}, actual: [] }]],
    ['null is not missing', { a: null }, {}, [{ path: '.a', expected: null }]],
  ])('%s', (_name, expected, actual, found) => expect(differences(expected, actual)).toEqual(found))

  it('ends at its limit', () => {
    expect(differences(Array(1000).fill(0), Array(1000).fill(1), '', 5)).toHaveLength(5)
  })

  it('is asked for structures only', () => {
    expect([isStructural({}, {}), isStructural([], []), isStructural({}, []), isStructural('a', 'b')]).toEqual([true, true, false, false])
  })
})
