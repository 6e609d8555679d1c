import { describe, expect, it } from 'vitest'
import type { CaseDetail, Step } from '../src/api/result'
import { changesSince, counterpart } from '../src/lib/since'

function step(id: string, status: number, body: string, extra: Partial<Step> = {}): Step {
  return {
    id, name: id, outcome: 'passed', error: null, skip_reason: '', elapsed_ms: 1, attempts: 1, extracted: {}, checks: [], origins: [], steps: [],
    exchanges: [{
      request: { method: 'GET', url: 'http://127.0.0.1/a', headers: { Accept: '*/*' }, body: '' },
      response: { status_code: status, reason: '', headers: { Date: String(status), Server: 'x' }, body, size: 1 },
      timing_ms: { dns: 0, connect: 0, tls: 0, first_byte: 0, total: 0 },
    }],
    ...extra,
  }
}

function detail(steps: Step[]): CaseDetail {
  return { name: 'c', module: '', row: null, outcome: 'passed', elapsed_ms: 1, exported: {}, steps }
}

describe('what changed since green', () => {
  it('names the differing places of the answer, not its date', () => {
    expect(changesSince(step('a', 200, '{"x": {"y": 1}}'), step('a', 500, '{"x": {"y": 2}, "z": 3}'))).toEqual([
      { key: 'response', places: [{ path: 'status_code', expected: 200, actual: 500 }, { path: 'body.x.y', expected: 1, actual: 2 }, { path: 'body.z', actual: 3 }] },
    ])
  })

  it('says nothing about equal steps', () => expect(changesSince(step('a', 200, 'text'), step('a', 200, 'text'))).toEqual([]))

  it('compares what was extracted and a missing answer', () => {
    const now = step('a', 200, '', { extracted: { token: 'new' }, exchanges: [] })
    expect(changesSince(step('a', 200, '', { extracted: { token: 'old' } }), now).map((section) => section.key)).toEqual(['response', 'request', 'extracted'])
  })

  it('finds the same step by its id after steps were moved, else by its place', () => {
    const moved = detail([step('b', 1, ''), step('call', 1, '', { steps: [step('a', 2, '')] })])
    expect(counterpart(moved, step('a', 0, ''), '0')?.id).toBe('a')
    expect(counterpart(moved, step('gone', 0, ''), '0')?.id).toBe('b')
  })
})
