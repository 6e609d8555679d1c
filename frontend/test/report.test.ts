import { describe, expect, it } from 'vitest'
import { filterCases, hasTerm, matchesNumber, parseFilter, toggleTerm, writeFilter } from '../src/lib/filter'
import { failures, outline } from '../src/lib/outline'
import type { CaseRow, Outcome, ReportCase } from '../src/lib/report'
import { addPage, durations, keyStep, passRate, readSteps, causes, tally, visibleSteps, withChanges } from '../src/lib/report'
import { rowLabel } from '../src/components/report/words'

const COLUMNS = [
  'id', 'case_run_id', 'path', 'depth', 'name', 'method', 'url', 'status_code', 'outcome', 'elapsed_ms', 'reason',
  'checks_passed', 'checks_failed',
]

function caseRow(id: number, outcome: Outcome, extra: Partial<CaseRow> = {}): CaseRow {
  return { id, seq: id, case_id: id, name: `case ${id}`, module: 'Users', row: null, outcome, flaky: false, elapsed_ms: 10 * id, reason: '', ...extra }
}

function sample(): ReportCase[] {
  const steps = readSteps({
    columns: COLUMNS,
    rows: [
      ['1.0', 1, '0', 0, 'Log in', 'POST', '/login', 200, 'passed', 15, '', 2, 0],
      ['2.0', 2, '0', 0, 'Pay', '', '', null, 'failed', 700, 'code: expected 0, got 1', 0, 1],
      ['2.0.0', 2, '0.0', 1, 'Open', 'GET', '/open', 200, 'passed', 90, '', 1, 0],
      ['2.0.1', 2, '0.1', 1, 'Charge', 'POST', '/charge', 500, 'failed', 610, 'code: expected 0, got 1', 0, 1],
    ],
  })
  return addPage([], [
    caseRow(1, 'passed'),
    caseRow(2, 'failed', { module: 'Orders', reason: 'code: expected 0, got 1' }),
    caseRow(3, 'error', { module: 'Orders', reason: 'case 12 is not there' }),
  ], steps)
}

const allOpen = (): boolean => true

describe('rows of a report', () => {
  it('gives every step to its case, in the order written', () => {
    expect(sample().map((item) => item.steps.map((step) => step.name))).toEqual([['Log in'], ['Pay', 'Open', 'Charge'], []])
  })

  it('replaces a case that comes again', () => {
    const again = addPage(sample(), [caseRow(1, 'failed')], [])
    expect(again).toHaveLength(3)
    expect(again[0]?.outcome).toBe('failed')
  })

  it('shows a case that could not begin as one row', () => {
    expect(visibleSteps(sample()[2]!).map((step) => [step.outcome, step.reason])).toEqual([['error', 'case 12 is not there']])
  })

  it('opens the failing step inside a called case, not the call', () => {
    expect(keyStep(sample()[1]!)?.name).toBe('Charge')
  })

  it('counts outcomes, reasons and durations', () => {
    expect(tally(sample())).toEqual({ passed: 1, failed: 1, error: 1, skipped: 0 })
    expect(causes(sample()).map((entry) => entry.count)).toEqual([1, 1])
    expect(durations(sample()).filter((bin) => bin.count).map((bin) => [bin.from, bin.count])).toEqual([[0, 1], [50, 1], [500, 2]])
    expect(passRate(tally(sample()))).toBeCloseTo(1 / 3)
    expect(passRate(tally([]))).toBeNull()
  })
})

describe('what a run changed', () => {
  const marked = () => withChanges(sample().map((item) => ({ ...item, fingerprint: item.outcome === 'passed' ? '' : 'f1' })), [
    { case_run_id: 1, change: 'recovered', same_cause: false, since: null, since_run: null },
    { case_run_id: 2, change: 'new', same_cause: false, since: '2026-03-01T02:00:00Z', since_run: 9 },
    { case_run_id: 3, change: 'still', same_cause: true, since: '2026-02-28T02:00:00Z', since_run: 8 },
  ])

  it('makes one cause of reasons that differ in numbers only, and counts what is new', () => {
    expect(causes(marked())).toMatchObject([{ count: 2, fresh: 1, field: 'cause', value: 'f1' }])
  })

  it.each([['change:new', [2]], ['change:new change:still', [2, 3]], ['change:recovered', [1]], ['cause:f1', [2, 3]]])(
    'filters by %s', (text, ids) => expect(filterCases(marked(), text).map((match) => match.item.id)).toEqual(ids),
  )
})

describe('the filter language', () => {
  it.each([
    ['status:failed', [2]],
    ['status:failed status:error', [2, 3]],
    ['-status:passed', [2, 3]],
    ['module:users', [1]],
    ['method:POST ms:>500', [2]],
    ['ms:0..50', [1, 3]],
    ['code:500', [2]],
    ['charge', [2]],
    ['-orders', [1]],
    ['reason:"case 12 is not there"', [3]],
    ['nothing-like-this', []],
    ['', [1, 2, 3]],
  ])('%s', (text, ids) => {
    expect(filterCases(sample(), text).map((match) => match.item.id)).toEqual(ids)
  })

  it('keeps only the matching steps of a case', () => {
    expect(filterCases(sample(), 'method:GET')[0]?.steps.map((step) => step.name)).toEqual(['Open'])
  })

  it('reads what it writes', () => {
    const terms = parseFilter('-status:failed reason:"a \\"b\\" c" http://x plain')
    expect(parseFilter(writeFilter(terms))).toEqual(terms)
    expect(terms.map((term) => [term.field, term.value, term.negated])).toEqual([
      ['status', 'failed', true], ['reason', 'a "b" c', false], ['', 'http://x', false], ['', 'plain', false],
    ])
  })

  it('toggles a term: several outcomes, one module', () => {
    expect(toggleTerm('status:failed', 'status', 'error')).toBe('status:failed status:error')
    expect(toggleTerm('status:failed x', 'status', 'failed')).toBe('x')
    expect(toggleTerm('module:A x', 'module', 'B C')).toBe('x module:"B C"')
    expect(hasTerm('x module:"B C"', 'module', 'B C')).toBe(true)
  })

  it.each([['>5', 6, true], ['>=5', 5, true], ['<5', 5, false], ['<=5', 5, true], ['2..4', 4, false], ['2..', 9, true], ['7', 7, true]])(
    'number %s', (pattern, actual, expected) => expect(matchesNumber(actual, pattern)).toBe(expected),
  )
})

describe('the tag', () => {
  it('finds cases that have it, and leaves out those that do not want it', () => {
    const cases = sample().map((item) => ({ ...item, tags: item.id === 1 ? ['smoke', 'slow'] : [] }))
    const found = (text: string): number[] => filterCases(cases, text).map((match) => match.item.id)
    expect(found('tag:Smoke')).toEqual([1])
    expect(found('-tag:slow')).toEqual([2, 3])
    expect(filterCases(sample(), 'tag:smoke')).toEqual([])
  })
})

describe('the outline', () => {
  it('puts the group with most red first when asked to', () => {
    const titles = (sort: 'order' | 'red'): string[] => outline(filterCases(sample(), ''), sample(), 'module', sort, allOpen).flatMap((row) => (row.kind === 'group' ? [row.title] : []))
    expect(titles('order')).toEqual(['Users', 'Orders'])
    expect(titles('red')).toEqual(['Orders', 'Users'])
  })

  it('keeps group counts when filtered', () => {
    const rows = outline(filterCases(sample(), 'status:failed'), sample(), 'module', 'order', allOpen)
    const group = rows[0]
    expect(group?.kind === 'group' && group.counts).toEqual({ passed: 0, failed: 1, error: 1, skipped: 0 })
    expect(rows.map((row) => row.kind)).toEqual(['group', 'case', 'step', 'step', 'step'])
  })

  it('leaves the steps of closed cases out', () => {
    const rows = outline(filterCases(sample(), ''), sample(), 'none', 'slowest', () => false)
    expect(rows.map((row) => row.key)).toEqual(['case:3', 'case:2', 'case:1'])
  })

  it('walks through one failing step a case', () => {
    expect(failures(filterCases(sample(), '')).map((step) => step.name)).toEqual(['Charge', 'case 3'])
  })
})

it('a data row is one line, structures in it as JSON', () => {
  expect(rowLabel({ case: 'sold out', body: { item: 7 }, status: 409, note: null })).toBe('sold out · {"item":7} · 409 · null')
})
