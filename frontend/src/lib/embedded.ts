/** A report with its data inside the page: unpacked once, then served like pages of the API. */

import type { CaseDetail, Step } from '../api/result'
import { lastExchange, readDetail, titleOf } from '../api/result'
import type { ReportPage, ReportSource, RunHead } from '../api/source'
import type { CaseRow, StepTable } from './report'

export interface EmbeddedRun {
  run?: Partial<RunHead>
  name?: string
  outcome: string
  environment?: string
  started_at: string
  elapsed_ms: number
  cases: CaseDetail[]
  /** Each case as JSON: what is shown of it keeps the digits of its numbers. */
  texts?: string[]
}

const COLUMNS = [
  'id', 'case_run_id', 'path', 'depth', 'name', 'method', 'url', 'status_code', 'outcome', 'elapsed_ms', 'reason',
  'checks_passed', 'checks_failed',
]

/** The data of the page: base64 of gzip of JSON, which no text in it can break out of. */
export async function unpack(base64: string): Promise<EmbeddedRun> {
  const packed = Uint8Array.from(atob(base64.trim()), (letter) => letter.charCodeAt(0))
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))
  const text = await new Response(stream).text()
  return { ...(JSON.parse(text) as EmbeddedRun), texts: text.split('\n').slice(1, -1) }
}

/** Why a step is red, in one line: its error, else its first failed check. */
export function reasonOf(step: Step): string {
  if (step.error) return step.error.message
  const failed = step.checks.find((check) => check.outcome === 'failed' || check.outcome === 'error')
  if (failed) return failed.message
  return step.steps.map(reasonOf).find((reason) => reason !== '') ?? ''
}

function stepRows(step: Step, caseRunId: number, path: string, depth: number): unknown[][] {
  const exchange = lastExchange(step)
  const failed = step.checks.filter((check) => check.outcome !== 'passed' && check.outcome !== 'skipped').length
  return [
    [
      `${caseRunId}.${path}`, caseRunId, path, depth, titleOf(step), exchange?.request.method ?? '', exchange?.request.url ?? '',
      exchange?.response?.status_code ?? null, step.outcome, step.elapsed_ms, reasonOf(step), step.checks.length - failed, failed,
    ],
    ...step.steps.flatMap((inner, index) => stepRows(inner, caseRunId, `${path}.${index}`, depth + 1)),
  ]
}

function caseRow(item: CaseDetail, id: number): CaseRow {
  const reason = item.error?.message ?? item.steps.map(reasonOf).find((text) => text !== '') ?? ''
  return {
    id, seq: id, case_id: null, name: item.name, module: item.module || item.file || '', row: item.row,
    outcome: item.outcome, flaky: item.outcome === 'passed' && (item.attempts ?? 1) > 1, elapsed_ms: item.elapsed_ms, reason,
  }
}

function head(data: EmbeddedRun): RunHead {
  return {
    id: 0, name: data.name || '', project: null, status: 'finished', outcome: data.outcome, trigger: '',
    environment: data.environment ? { id: null, name: data.environment } : null, created_at: data.started_at,
    started_at: data.started_at, finished_at: null, elapsed_ms: data.elapsed_ms, total: data.cases.length,
    done: data.cases.length, ...data.run,
  }
}

/** Serves the unpacked data as one page; ids are positions counted from 1. */
export function embeddedSource(data: EmbeddedRun): ReportSource {
  const steps: StepTable = {
    columns: COLUMNS,
    rows: data.cases.flatMap((item, index) => item.steps.flatMap((step, at) => stepRows(step, index + 1, String(at), 0))),
  }
  const page: ReportPage = { run: head(data), cases: data.cases.map((item, index) => caseRow(item, index + 1)), steps, cursor: 0, more: false }
  return {
    page: () => Promise.resolve(page),
    detail: (caseRunId) => {
      const text = data.texts?.[caseRunId - 1]
      const item = text === undefined ? data.cases[caseRunId - 1] : readDetail(text.replace(/,$/, ''))
      return item ? Promise.resolve(item) : Promise.reject(new Error(`no case ${caseRunId}`))
    },
  }
}
