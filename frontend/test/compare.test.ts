import { describe, expect, it } from 'vitest'
import { compareRuns } from '@/lib/compare'
import type { CaseRow, Outcome } from '@/lib/report'

let id = 0
const row = (name: string, outcome: Outcome, more: Partial<CaseRow> = {}): CaseRow => ({
  id: ++id, seq: id, case_id: name.length, name, module: 'Users', row: null, outcome, flaky: false, elapsed_ms: 100, reason: '', fingerprint: '', ...more,
})
const groups = (before: CaseRow[], now: CaseRow[]) => Object.fromEntries(compareRuns(before, now).groups.map(({ group, pairs }) => [group, pairs.map((pair) => pair.name)]))

describe('two runs', () => {
  it('parts what broke, what was repaired and what fails for another cause', () => {
    const before = [row('a', 'passed'), row('bb', 'failed'), row('ccc', 'failed', { fingerprint: 'x' }), row('dddd', 'passed')]
    const now = [row('a', 'error'), row('bb', 'passed'), row('ccc', 'failed', { fingerprint: 'y' }), row('dddd', 'skipped')]

    expect(groups(before, now)).toEqual({ broken: ['a'], repaired: ['bb'], cause: ['ccc'], other: ['dddd'] })
  })

  it('tells what only one of them has, each data row by itself', () => {
    const before = [row('a', 'passed', { row: { n: 1 } }), row('a', 'passed', { row: { n: 2 } })]
    const now = [row('a', 'passed', { row: { n: 2 } }), row('bb', 'passed')]

    expect(groups(before, now)).toEqual({ added: ['bb'], gone: ['a'] })
    expect(compareRuns(before, now).same).toBe(1)
  })

  it('calls slower only what takes noticeably longer', () => {
    const before = [row('a', 'passed'), row('bb', 'passed', { elapsed_ms: 1000 }), row('ccc', 'passed')]
    const now = [row('a', 'passed', { elapsed_ms: 290 }), row('bb', 'passed', { elapsed_ms: 1900 }), row('ccc', 'passed', { elapsed_ms: 900 })]

    expect(groups(before, now)).toEqual({ slower: ['ccc'] })
  })
})
