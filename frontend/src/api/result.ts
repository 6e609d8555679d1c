/** The result JSON (docs/result-json.md) as the report page reads it. */

import { isRaw, parseJson } from '../lib/json'
import type { Outcome } from '../lib/report'

export type Headers = Record<string, string | string[]>

/** The media type of a body, without its parameters; empty when no header says it. */
export function mediaType(headers: Headers): string {
  const said = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  return [said].flat()[0]?.split(';')[0]?.trim() ?? ''
}

export interface Body {
  body: string | null
  body_base64?: string
  encoding?: string
  truncated?: boolean
  /** How many characters the server kept back; the source of the report has them. */
  rest?: number
  /** This file was made without the bodies of green cases. */
  left_out?: boolean
}

export interface SentRequest extends Body {
  method: string
  url: string
  headers: Headers
}

export interface Answer extends Body {
  status_code: number
  reason: string
  headers: Headers
  size: number
  http_version?: string
  remote_address?: string
  certificate_days_left?: number | null
}

export interface Timing {
  dns: number
  connect: number
  tls: number
  first_byte: number
  total: number
}

export interface Exchange {
  request: SentRequest
  response: Answer | null
  timing_ms: Timing
  verify?: boolean
}

export interface Check {
  expression: string
  comparator: string
  expected: unknown
  actual: unknown
  outcome: Outcome
  message: string
  place?: string
}

export interface StepError {
  kind: string
  message: string
  place: string
  hint?: string
}

export interface Origin {
  name: string
  value: unknown
  source: string
  place?: string
  written?: string
  hides?: { source: string; value: unknown; place: string }[]
}

/** A connection a function asked for; `refusal` says why it got none. */
export interface Connection {
  host: string
  port: number
  address: string
  refusal: string
}

/** An attempt at a retried step that was not its last one. */
export interface EarlierAttempt {
  number: number
  outcome: Outcome
  reason: string
  elapsed_ms: number
  exchanges: Exchange[]
}

export interface Step {
  id?: string
  name: string
  outcome: Outcome
  place?: string
  error: StepError | null
  skip_reason: string
  elapsed_ms: number
  attempts: number
  /** The first and the last attempts before the one that counted; there only when it was retried. */
  earlier?: EarlierAttempt[]
  exchanges: Exchange[]
  extracted: Record<string, unknown>
  checks: Check[]
  origins: Origin[]
  steps: Step[]
  log?: string
  connections?: Connection[]
  /** Which execution it is, and what it ran with, when the step ran several times. */
  iteration?: number
  row?: Record<string, unknown> | null
  phase?: string
  /** What the function of the step returned. */
  returned?: unknown
}

const LONGEST_TITLE = 80

/** The name of a step, with what tells several executions apart. */
export function titleOf(step: Step): string {
  const row = Object.entries(step.row ?? {}).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ')
  if (row !== '') return `${step.name} [${row.length > LONGEST_TITLE ? `${row.slice(0, LONGEST_TITLE)}…` : row}]`
  return step.iteration ? `${step.name} [${step.iteration}]` : step.name
}

export interface HistoryDot {
  run_id: number
  case_run_id: number
  outcome: Outcome
  elapsed_ms: number
  finished_at: string | null
  environment?: string
  /** Of the case, as it was saved when that run began. */
  version?: number | null
}

export interface CaseDetail {
  id?: number
  case_id?: number | null
  name: string
  file?: string
  module: string
  row: Record<string, unknown> | null
  outcome: Outcome
  elapsed_ms: number
  error?: StepError | null
  /** Why all of it was left out. */
  skip_reason?: string
  exported: Record<string, unknown>
  /** How often it ran, and why each attempt before the last was not good; absent in results of before. */
  attempts?: number
  retried?: string[]
  steps: Step[]
  history?: HistoryDot[]
}

/** The step at a path such as "2.1": the second inner step of the third step. */
export function stepAt(detail: CaseDetail, path: string): Step | undefined {
  let steps = detail.steps
  let found: Step | undefined
  for (const part of path === '' ? [] : path.split('.')) {
    found = steps[Number(part)]
    if (!found) return undefined
    steps = found.steps
  }
  return found
}

/** The exchange that was judged: the last one, after all redirects. */
export function lastExchange(step: Step): Exchange | undefined {
  return step.exchanges.at(-1)
}

const TIMES = new Set(['elapsed_ms', 'dns', 'connect', 'tls', 'first_byte', 'total'])

function plainTimes(holder: object): void {
  for (const [name, value] of Object.entries(holder)) {
    if (TIMES.has(name) && isRaw(value)) Object.assign(holder, { [name]: Number(value.rawJSON) })
  }
}

function plainSteps(steps: readonly Step[]): void {
  for (const step of steps) {
    plainTimes(step)
    step.exchanges.forEach((exchange) => plainTimes(exchange.timing_ms))
    for (const attempt of step.earlier ?? []) {
      plainTimes(attempt)
      attempt.exchanges.forEach((exchange) => plainTimes(exchange.timing_ms))
    }
    plainSteps(step.steps)
  }
}

/** A case of a result from its JSON: values keep their digits, times are for arithmetic. */
export function readDetail(text: string): CaseDetail {
  const detail = parseJson(text) as CaseDetail
  plainTimes(detail)
  plainSteps(detail.steps)
  return detail
}
