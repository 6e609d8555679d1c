/** The rows of a report in memory: read from pages of the API, filtered, grouped and sorted without the server. */

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped'
export const OUTCOMES: readonly Outcome[] = ['passed', 'failed', 'error', 'skipped']

/** Beside a number, so that its colour is not all that tells. */
export const SIGNS: Record<Outcome, string> = { passed: '✓', failed: '✕', error: '!', skipped: '–' }

export interface CaseRow {
  id: number
  seq: number
  case_id: number | null
  name: string
  module: string
  /** As the case has them now; a single file knows none. */
  tags?: string[]
  row: Record<string, unknown> | null
  outcome: Outcome
  /** It passed only after a retry. */
  flaky: boolean
  elapsed_ms: number
  reason: string
  /** The same for reasons that differ in numbers only; a single file has none. */
  fingerprint?: string
}

export const CHANGES = ['new', 'still', 'recovered'] as const

/** How the result of a case stands to the one before it. */
export interface CaseChange {
  case_run_id: number
  change: (typeof CHANGES)[number]
  same_cause: boolean
  since: string | null
  since_run: number | null
}

export interface StepRow {
  id: string
  caseRunId: number
  path: string
  depth: number
  name: string
  method: string
  url: string
  statusCode: number | null
  outcome: Outcome
  elapsedMs: number
  reason: string
  checksPassed: number
  checksFailed: number
}

export interface StepTable {
  columns: string[]
  rows: unknown[][]
}

/** One case of the report with its step rows in order. */
export interface ReportCase extends CaseRow {
  steps: StepRow[]
  change?: CaseChange
}

/** Turns columns and arrays, as they travel, into step rows. */
export function readSteps(table: StepTable): StepRow[] {
  const at = new Map(table.columns.map((name, index) => [name, index]))
  const value = (row: unknown[], name: string): unknown => row[at.get(name) ?? -1]
  const text = (row: unknown[], name: string): string => String(value(row, name) ?? '')
  return table.rows.map((row) => ({
    id: text(row, 'id'),
    caseRunId: Number(value(row, 'case_run_id')),
    path: text(row, 'path'),
    depth: Number(value(row, 'depth') ?? 0),
    name: text(row, 'name'),
    method: text(row, 'method'),
    url: text(row, 'url'),
    statusCode: value(row, 'status_code') == null ? null : Number(value(row, 'status_code')),
    outcome: text(row, 'outcome') as Outcome,
    elapsedMs: Number(value(row, 'elapsed_ms') ?? 0),
    reason: text(row, 'reason'),
    checksPassed: Number(value(row, 'checks_passed') ?? 0),
    checksFailed: Number(value(row, 'checks_failed') ?? 0),
  }))
}

/** Adds one page of the API to the cases known so far; a page may repeat a case, which then replaces the old one. */
export function addPage(known: ReportCase[], cases: CaseRow[], steps: StepRow[]): ReportCase[] {
  const byId = new Map(known.map((item) => [item.id, item]))
  for (const item of cases) byId.set(item.id, { ...item, steps: [] })
  for (const step of steps) byId.get(step.caseRunId)?.steps.push(step)
  return [...byId.values()].sort((a, b) => a.seq - b.seq)
}

export function isBad(outcome: Outcome): boolean {
  return outcome === 'failed' || outcome === 'error'
}

export function tally(cases: readonly { outcome: Outcome }[]): Record<Outcome, number> {
  const counts = { passed: 0, failed: 0, error: 0, skipped: 0 }
  for (const item of cases) counts[item.outcome] += 1
  return counts
}

/** Passed share of what was really run; null when nothing was. */
export function passRate(counts: Record<Outcome, number>): number | null {
  const ran = counts.passed + counts.failed + counts.error
  return ran === 0 ? null : counts.passed / ran
}

/** The steps of a case that a person can open: a case that could not begin is its own single row. */
export function visibleSteps(item: ReportCase): StepRow[] {
  if (item.steps.length > 0) return item.steps
  return [
    {
      id: `${item.id}.`, caseRunId: item.id, path: '', depth: 0, name: item.name, method: '', url: '', statusCode: null,
      outcome: item.outcome, elapsedMs: item.elapsed_ms, reason: item.reason, checksPassed: 0, checksFailed: 0,
    },
  ]
}

/** The step to open first in a case: its first bad leaf, else its first step. */
export function keyStep(item: ReportCase): StepRow | undefined {
  const steps = visibleSteps(item)
  const bad = steps.filter((step) => isBad(step.outcome))
  return bad.find((step) => !steps.some((other) => other.path.startsWith(`${step.path}.`) && isBad(other.outcome)))
    ?? bad[0] ?? steps[0]
}

/** Cases that went red for one cause; `field` and `value` filter to them. */
export interface Cause { reason: string; count: number; fresh: number; field: 'cause' | 'reason'; value: string }

/** Why cases went red, most frequent first; `fresh` counts those that were not red before. */
export function causes(cases: readonly ReportCase[]): Cause[] {
  const found = new Map<string, Cause>()
  for (const item of cases) {
    if (!isBad(item.outcome) || !item.reason) continue
    const value = item.fingerprint || item.reason
    const cause = found.get(value) ?? { reason: item.reason, count: 0, fresh: 0, field: item.fingerprint ? 'cause' : 'reason', value }
    cause.count += 1
    if (item.change?.change === 'new') cause.fresh += 1
    found.set(value, cause)
  }
  return [...found.values()].sort((a, b) => b.count - a.count)
}

/** Puts to each case how it stands to the time before. */
export function withChanges(cases: readonly ReportCase[], changes: readonly CaseChange[]): ReportCase[] {
  const byId = new Map(changes.map((change) => [change.case_run_id, change]))
  return cases.map((item) => {
    const change = byId.get(item.id)
    return change ? { ...item, change } : item
  })
}

export interface Bin { from: number; to: number; count: number; label: string }

const EDGES = [0, 20, 50, 100, 200, 500, 1000, 2000, 5000, Infinity]

/** How long steps took, as a histogram with round edges; empty bins at both ends are left out. */
export function durations(cases: readonly ReportCase[]): Bin[] {
  const bins = EDGES.slice(0, -1).map((from, index) => {
    const to = EDGES[index + 1] ?? Infinity
    return { from, to, count: 0, label: to === Infinity ? `> ${from} ms` : `${from}–${to} ms` }
  })
  for (const item of cases) {
    for (const step of item.steps) {
      const bin = bins.find((candidate) => step.elapsedMs < candidate.to)
      if (step.outcome !== 'skipped' && bin) bin.count += 1
    }
  }
  const first = bins.findIndex((bin) => bin.count > 0)
  const last = bins.findLastIndex((bin) => bin.count > 0)
  return first < 0 ? [] : bins.slice(first, last + 1)
}

/** The value below which `share` of the sorted numbers lie. */
export function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null
}
