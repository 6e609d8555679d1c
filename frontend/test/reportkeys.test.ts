import { describe, expect, it } from 'vitest'
import { createReport, type Report } from '../src/components/report/state'
import type { Outcome } from '../src/lib/report'

const COLUMNS = [
  'id', 'case_run_id', 'path', 'depth', 'name', 'method', 'url', 'status_code', 'outcome', 'elapsed_ms', 'reason',
  'checks_passed', 'checks_failed',
]

/** Two cases in each of two modules, every one of two steps; the last is red. */
async function report(): Promise<Report> {
  const ids = [1, 2, 3, 4]
  const outcome = (id: number): Outcome => (id === 4 ? 'failed' : 'passed')
  const page = {
    run: {} as never, cursor: 0, more: false,
    cases: ids.map((id) => ({
      id, seq: id, case_id: id, name: `case ${id}`, module: id < 3 ? 'Users' : 'Orders', row: null, outcome: outcome(id), flaky: false, elapsed_ms: 1, reason: '',
    })),
    steps: { columns: COLUMNS, rows: ids.flatMap((id) => ['0', '1'].map((path) => [`${id}.${path}`, id, path, 0, `step ${path}`, 'GET', '/', 200, outcome(id), 1, '', 1, 0])) },
  }
  const made = createReport({ page: () => Promise.resolve(page), detail: () => Promise.reject(new Error('not here')) }, { read: () => ({}), write: () => undefined })
  await made.load()
  return made
}

const here = (one: Report): string | undefined => one.rows.value[one.current.value]?.key

describe('the keys of a report', () => {
  it('folds a step into its case, the case into its group, and opens them again', async () => {
    const one = await report()
    one.select('2.1')
    expect(here(one)).toBe('step:2.1')
    const walk = ['case:2', 'group:Users', 'group:Users'].map((expected) => {
      one.foldCurrent()
      return here(one) === expected
    })
    expect(walk).toEqual([true, true, true])
    expect(one.rows.value.map((row) => row.key)).toEqual(['group:Users', 'group:Orders', 'case:3', 'case:4'])

    one.unfoldCurrent()
    one.unfoldCurrent()
    expect(here(one)).toBe('case:1')
    one.unfoldCurrent()
    one.unfoldCurrent()
    expect(one.selected.value).toBe('1.0')
  })

  it('goes on from where one folded, not from the top', async () => {
    const one = await report()
    one.select('3.0')
    one.foldCurrent()
    one.move(1)
    expect(one.selected.value).toBe('4.0')
    one.foldCurrent()
    one.move(-1)
    expect(one.selected.value.startsWith('3.')).toBe(true)
    one.foldCurrent()
    one.foldCurrent()
    expect(here(one)).toBe('group:Orders')
    one.move(1)
    expect(one.selected.value).toBe('3.0')
  })

  it('opens a case at its first red step, and says when a step is open already', async () => {
    const one = await report()
    one.select('4.1')
    one.foldCurrent()
    expect(one.openCurrent()).toBe(false)
    expect(one.selected.value).toBe('4.0')
    expect(one.openCurrent()).toBe(true)
  })
})
