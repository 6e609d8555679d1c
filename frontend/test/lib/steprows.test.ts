import { describe, expect, it } from 'vitest'
import { normalise } from '../../src/lib/document'
import { conditionOf, eachOf, flowSummary, writeCondition, writeEach } from '../../src/lib/flow'
import { sideOf } from '../../src/lib/rowdrag'
import { rowsInSight } from '../../src/lib/rowwindow'
import { listRows, placeAt } from '../../src/lib/steprows'
import { rowsOfDocument } from '../../src/lib/steptree'

const GROUP = { id: 'g', name: 'Rounds', steps: [{ id: 'b', name: 'Pay', request: { method: 'POST', url: '/pay' } }, { id: 'c', name: 'Ask' }] }
const rows = (document: object) => rowsOfDocument(normalise(document))
const keys = (document: object, folded: string[] = [], filter = '') => listRows(rows(document), new Set(folded), filter).map((row) => row.key)

describe('rows of the step list', () => {
  it('have heads only where something stands before or after the steps', () => {
    expect(keys({ teststeps: [{ id: 'a' }, GROUP] })).toEqual(['a', 'g', 'b', 'c'])
    expect(keys({ setup: [{ id: 'u' }], teststeps: [GROUP] })).toEqual(['part setup', 'u', 'part teststeps', 'g', 'b', 'c', 'part teardown'])
  })

  it('of a folded group are hidden, but a filter finds them', () => {
    expect(keys({ teststeps: [GROUP] }, ['g'])).toEqual(['g'])
    expect(keys({ teststeps: [GROUP] }, ['g'], 'post /PAY')).toEqual(['b'])
  })

  it('say where a dropped step goes', () => {
    const list = listRows(rows({ setup: [{ id: 'u' }], teststeps: [GROUP] }), new Set(), '')
    expect(placeAt(list[6]!, 'before')).toEqual({ list: 'teardown', at: 0 })
    expect(placeAt(list[3]!, 'before')).toEqual({ list: 'teststeps', at: 0 })
    expect(placeAt(list[3]!, 'into')).toEqual({ list: 'in g', at: 2 })
    expect(placeAt(list[3]!, 'after')).toEqual({ list: 'in g', at: 0 })
    expect(placeAt(list[5]!, 'after')).toEqual({ list: 'in g', at: 2 })
    const [folded] = listRows(rows({ teststeps: [GROUP] }), new Set(['g']), '')
    expect(placeAt(folded!, 'after')).toEqual({ list: 'teststeps', at: 1 })
  })

  it('have a middle only where something goes into them', () => {
    expect([sideOf(0.4, true), sideOf(0.4, false), sideOf(0.1, true), sideOf(0.9, true)]).toEqual(['into', 'before', 'before', 'after'])
  })
})

describe('conditions and loops', () => {
  it('are taken apart and put together', () => {
    const check = conditionOf({ eq: ['$state', 'open'] })
    expect(check).toEqual({ kind: 'check', comparator: 'eq', actual: '$state', expected: 'open' })
    expect(check.kind === 'check' && writeCondition(check)).toEqual({ eq: ['$state', 'open'] })
    expect(conditionOf('$paid')).toEqual({ kind: 'value', value: '$paid' })
    expect(conditionOf({ eq: ['$state'] }).kind).toBe('value')
    expect(conditionOf(undefined).kind).toBe('none')
  })

  it.each([[{ user: '$users' }], ['$users'], [[1, 2]]])('walk the list of %j', (each) => {
    const { names, items } = eachOf(each)
    expect(writeEach(names, items)).toEqual(each)
  })

  it('are one line in the list', () => {
    expect(flowSummary({ if: { eq: ['$state', 'open'] }, for_each: { id: '$orders' } })).toBe('if $state = open · for id in $orders')
    expect(flowSummary({ while: '$more' })).toBe('while $more')
    expect(flowSummary({})).toBe('')
  })
})

describe('rows in the page', () => {
  it('are those in sight, ten around them, and the one that is held', () => {
    const all = rowsInSight(3200, 320, 32, 500, -1)
    expect([all[0], all.at(-1)]).toEqual([90, 119])
    expect(rowsInSight(3200, 320, 32, 500, 3)[0]).toBe(3)
    expect(rowsInSight(3200, 320, 32, 500, 400).at(-1)).toBe(400)
    expect(rowsInSight(0, 320, 32, 4, 2)).toEqual([0, 1, 2, 3])
    expect(rowsInSight(3200, 320, 32, 0, 2)).toEqual([])
  })
})
