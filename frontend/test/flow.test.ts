import { describe, expect, it } from 'vitest'
import { titleOf, type Step } from '../src/api/result'
import { parametersOf, tablesOf } from '../src/lib/config'
import { flowText, flowValue, kindOf, needsText, needsValue, repeats } from '../src/lib/flow'

describe('conditions and loops as one line of text', () => {
  it.each([
    ['$more', '$more'],
    ['{"ne":["$n",3]}', { ne: ['$n', 3] }],
    ['["a","b"]', ['a', 'b']],
    ['{broken', '{broken'],
    ['  ', undefined],
  ])('%s', (text, value) => expect(flowValue(text)).toEqual(value))

  it('shows what it reads', () => {
    for (const value of ['$more', { user: '$users' }, [1, 2], { until: { eq: ['body.a', 1] }, interval: 1 }]) {
      expect(flowValue(flowText(value))).toEqual(value)
    }
  })
})

describe('cases that are needed', () => {
  it.each([
    ['', undefined],
    ['Log in', 'Log in'],
    ['12', 12],
    ['12, Log in，13', [12, 'Log in', 13]],
  ])('%s', (text, value) => {
    expect(needsValue(text)).toEqual(value)
    expect(needsValue(needsText(value))).toEqual(value)
  })
})

describe('parameters', () => {
  it('keeps lists that are walked side by side', () => {
    const parameters = { zip: { user: ['ann', 'bob'], role: '$roles' }, page: [1, 2], rows: '${P(users.csv)}' }
    expect(parametersOf(tablesOf(parameters))).toEqual(parameters)
  })
})

describe('steps', () => {
  it.each([
    [{ request: {} }, 'request'], [{}, 'request'], [{ testcase: 1 }, 'call'], [{ steps: [] }, 'group'], [{ function: '${f()}' }, 'function'], [{ wait: 1 }, 'wait'],
  ])('%j is a %s', (step, kind) => expect(kindOf(step)).toBe(kind))

  it('repeats where a loop stands', () => {
    expect(repeats({ for_each: [1] })).toBe(true)
    expect(repeats({ times: 1 })).toBe(false)
  })

  it('is told apart by its item or its number', () => {
    const step = { name: 'pay' } as Step
    expect(titleOf(step)).toBe('pay')
    expect(titleOf({ ...step, row: { user: 'ann', n: 1 }, iteration: 2 })).toBe('pay [user=ann, n=1]')
    expect(titleOf({ ...step, iteration: 2 })).toBe('pay [2]')
    expect(titleOf({ ...step, row: { a: 'x'.repeat(100) } })).toHaveLength('pay [a=…]'.length + 78)
  })
})
