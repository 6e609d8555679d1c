/** Where a report comes from: the server, page by page, or the data inside a single-file report. */

import type { CaseChange, CaseRow, StepTable } from '../lib/report'
import type { CaseDetail } from './result'
import type { Outcome } from './types'

/** The head of a run as a report shows it. */
export interface RunHead {
  id: number
  name: string
  project: { id: number; name: string } | null
  status: string
  outcome: string | null
  trigger: string
  environment: { id: number | null; name: string } | null
  created_by?: { name: string } | null
  created_at: string | null
  started_at: string | null
  finished_at: string | null
  elapsed_ms: number | null
  total: number | null
  done: number
  reason?: string
  waiting_for?: string
}

/** The cases a run is at, the oldest of them with the step each is in. */
export interface Underway {
  count: number
  cases: { name: string; step: string; number: number; steps: number }[]
}

export interface ReportPage {
  run: RunHead
  expected_ms?: number | null
  underway?: Underway
  cases: CaseRow[]
  steps: StepTable
  cursor: number
  more: boolean
}

/** Which body of a case: step by path, hop of its exchanges, what was sent or what came. */
export interface BodyPlace { step: string; hop: number; part: 'request' | 'response' }

export interface ReportSource {
  page(after: number): Promise<ReportPage>
  detail(caseRunId: number): Promise<CaseDetail>
  /** The whole of a body of which `detail` gave the beginning. */
  body?(caseRunId: number, place: BodyPlace): Promise<string>
  /** What the run changed, where there are runs before it. */
  changes?(): Promise<CaseChange[]>
  /** How the cases of some results ended lately, newest first, where there are runs before it. */
  trends?(caseRunIds: readonly number[]): Promise<{ case_run_id: number; outcomes: Outcome[] }[]>
  /** A case of another run, where there are other runs to look at. */
  elsewhere?(runId: number, caseRunId: number): Promise<CaseDetail>
}
