// The shapes the API answers with.

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped'
export type RunStatus = 'queued' | 'running' | 'finished' | 'cancelled'
export type Role = 'owner' | 'writer' | 'runner' | 'reader'
export type Language = 'en' | 'zh'
export type Theme = 'system' | 'light' | 'dark'
export type Trigger = 'manual' | 'schedule' | 'api'

export interface Page<T> {
  items: T[]
  total: number
  page: number
  page_size: number
}

export interface ErrorItem {
  path: string
  message: string
  hint?: string
  line?: number
}

export interface UserBrief {
  id: number
  username: string
  name: string
}

export interface User extends UserBrief {
  language: Language | ''
  theme: Theme
  is_admin: boolean
}

export interface Account extends User {
  is_active: boolean
  last_login?: string | null
  created_at?: string
}

export interface Session {
  user: User | null
  setup_required: boolean
  setup_token_required?: boolean
  version: string
  csrf_token: string
}

export interface Token {
  id: number
  name: string
  scope: 'read' | 'run' | 'write'
  project: { id: number; name: string } | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
  prefix?: string
  secret?: string
}

export interface Counts {
  passed: number
  failed: number
  error: number
  skipped: number
}

export interface RunBrief {
  id: number
  name: string
  status: RunStatus
  outcome: Outcome | null
  finished_at: string | null
}

export interface Project {
  id: number
  name: string
  description: string
  role: Role
  archived: boolean
  dialect?: string
  module_count: number
  case_count: number
  last_run: RunBrief | null
  trend: Outcome[]
  updated_at: string
}

export interface Member {
  id: number
  user: UserBrief
  role: Role
}

export interface Module {
  id: number
  name: string
  position: number
  case_count: number
}

/** Rows of names and values as the editor keeps them; a plain object when nothing would be lost. */
export interface MapRow {
  name: string
  value: unknown
  enabled?: boolean
  description?: string
}
export type NameMap = Record<string, unknown> | MapRow[]

export interface CaseRow {
  id: number
  name: string
  module: { id: number; name: string }
  priority: '' | 'P0' | 'P1' | 'P2' | 'P3'
  tags: string[]
  step_count: number
  method: string
  url: string
  owner: UserBrief | null
  updated_at: string
  updated_by: UserBrief | null
  version: number
  last: { run_id: number; outcome: Outcome }[]
}

export interface CaseDocument {
  schema: number
  dialect: string
  config: Record<string, unknown> & { name: string }
  teststeps: StepDocument[]
}

export interface StepDocument {
  id: string
  name: string
  description?: string
  enabled?: boolean
  request?: Record<string, unknown> & { method: string; url: string }
  testcase?: number | string
  variables?: NameMap
  extract?: NameMap
  validate?: Record<string, unknown>[]
  setup_hooks?: unknown[]
  teardown_hooks?: unknown[]
  [key: string]: unknown
}

export interface Case {
  id: number
  project_id: number
  module: { id: number; name: string }
  name: string
  description: string
  tags: string[]
  priority: '' | 'P0' | 'P1' | 'P2' | 'P3'
  owner: UserBrief | null
  version: number
  document: CaseDocument
  references: Record<string, { id: number; name: string; module: string }>
  used_by: { id: number; name: string; project_id: number }[]
  updated_at: string
  updated_by: UserBrief | null
}

export interface Revision {
  version: number
  at: string
  by: UserBrief | null
  note: string
}

export interface Environment {
  id: number
  name: string
  note: string
  base_url: string
  services: Record<string, string>
  variables: NameMap
  secrets: Record<string, boolean>
  verify: boolean
  is_default: boolean
  position: number
}

export interface FunctionEntry {
  name: string
  arguments: string
  doc: string
  line: number
}

export interface Functions {
  source: string
  version: number
  functions: FunctionEntry[]
  errors: { line: number; message: string }[]
  updated_at: string | null
  updated_by: UserBrief | null
}

export interface ImportProblem {
  file: string
  line: number | null
  path: string
  message: string
  hint: string
}

export interface ImportReport {
  created: { id: number; name: string; module: string; file: string }[]
  updated: { id: number; name: string; module: string; file: string }[]
  problems: ImportProblem[]
  functions: boolean
  environment: boolean
}

export interface Run {
  id: number
  project: { id: number; name: string }
  name: string
  kind: 'run' | 'try'
  status: RunStatus
  outcome: Outcome | null
  trigger: Trigger
  environment: { id: number; name: string } | null
  created_by: UserBrief | null
  created_at: string
  started_at: string | null
  finished_at: string | null
  elapsed_ms: number | null
  total: number
  done: number
  counts: { cases: Counts; steps: Counts; checks: Counts }
  waiting_for: string
  reason: string
  retry_of: number | null
}

export interface CaseRunRow {
  id: number
  seq: number
  case_id: number | null
  name: string
  module: string
  row: Record<string, unknown> | null
  outcome: Outcome
  elapsed_ms: number
  reason: string
}

export interface StepColumns {
  columns: string[]
  rows: unknown[][]
}

export interface Delta {
  run: Run
  cases: CaseRunRow[]
  steps: StepColumns
  cursor: number | string
  more: boolean
}

/** An object name -> value; a repeated header's value is a list. */
export type Headers = Record<string, string | string[]>

export interface SentRequest {
  method: string
  url: string
  headers: Headers
  body: string | null
  body_base64?: string
  truncated?: boolean
}

export interface Response {
  status_code: number
  reason: string
  headers: Headers
  body: string | null
  body_base64?: string
  size: number
  encoding?: string
  http_version?: string
  truncated?: boolean
}

export interface Exchange {
  request: SentRequest
  response: Response | null
  timing_ms: { dns: number; connect: number; tls: number; first_byte: number; total: number }
  verify?: boolean
}

export interface CheckResult {
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

export interface StepResult {
  id?: string
  place?: string
  name: string
  outcome: Outcome
  error: StepError | null
  skip_reason: string
  elapsed_ms: number
  attempts: number
  exchanges: Exchange[]
  extracted: Record<string, unknown>
  checks: CheckResult[]
  origins: unknown
  steps: StepResult[]
}

export interface CaseResult {
  id?: number
  case_id?: number | null
  name: string
  file: string
  module: string
  row: Record<string, unknown> | null
  outcome: Outcome
  elapsed_ms: number
  exported: Record<string, unknown>
  steps: StepResult[]
  history?: {
    run_id: number
    case_run_id: number
    outcome: Outcome
    elapsed_ms: number
    finished_at: string
  }[]
}

export interface Day extends Counts {
  date: string
  pass_rate: number | null
}

export interface Dashboard {
  counts: { projects: number; modules: number; cases: number }
  days: Day[]
  red_now: {
    case_id: number
    name: string
    project: { id: number; name: string }
    since: string
    run_id: number
    reason: string
  }[]
  recent_runs: Run[]
  workers: { owner: string; seen_at: string; busy: number; slots: number }[]
  queue: { queued: number; running: number }
}
