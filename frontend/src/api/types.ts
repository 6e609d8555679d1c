// The shapes the API answers with: names for what schema.d.ts generates, sharper where JSON Schema is vague.
import type { components } from './schema'

type Shape = components['schemas']
/** A generated shape with some fields known better. */
type Sharper<S, F> = Omit<S, keyof F> & F

export type Outcome = 'passed' | 'failed' | 'error' | 'skipped'
export type RunStatus = Shape['Status']
export type Trigger = Shape['Trigger']
export type Role = Shape['ProjectOut']['role']
export type Language = 'en' | 'zh'
export type Theme = 'system' | 'light' | 'dark'

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

export type UserBrief = Shape['UserBrief']
export type User = Shape['UserOut']
export type Account = Shape['Account']
export type Session = Shape['Session']
export type Token = Shape['TokenOut']
export type TokenMade = Shape['TokenMade']

export type Counts = Record<Outcome, number>
export type RunBrief = Sharper<Shape['RunBrief'], { status: RunStatus; outcome: Outcome | null }>
export type Project = Sharper<Shape['ProjectOut'], { last_run: RunBrief | null; trend: Outcome[] }>
export type Member = Shape['MemberOut']
export type Module = Shape['ModuleOut']
export type ProjectFile = Shape['FileOut']
export type ProjectFileText = Shape['FileDetail']

/** Rows of names and values as the editor keeps them; a plain object when nothing would be lost. */
export interface MapRow {
  name: string
  value: unknown
  enabled?: boolean
  description?: string
}
export type NameMap = Record<string, unknown> | MapRow[]

export type CaseView = { filters: SavedFilter[]; columns: string[] | null }
export type SavedFilter = Sharper<Shape['SavedFilter'], { query: Partial<Shape['FilterQuery']> }>
export type CaseRow = Sharper<Shape['CaseRow'], { last: { run_id: number; outcome: Outcome }[] }>

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

export type Case = Sharper<Shape['CaseOut'], { document: CaseDocument }>
export type Revision = Shape['Revision']
export type Environment = Sharper<Shape['EnvironmentOut'], { variables: NameMap }>
export type EnvironmentUses = Shape['EnvironmentUses']
export type FunctionEntry = Shape['SignatureOut']
export type Functions = Shape['FunctionsOut']
export type FunctionCallers = Shape['CallersOut']
export type ImportProblem = Shape['ImportProblem']
export type ImportReport = Shape['ImportReport']

export type Run = Sharper<Shape['RunOut'], { counts: Record<'cases' | 'steps' | 'checks', Counts> & { flaky: number } }>
export type CaseRunRow = Shape['CaseRunRow']
export type StepColumns = Shape['StepRows']
export type Delta = Sharper<Shape['Delta'], { run: Run }>

export type OpenSession = Shape['VisitOut']
export type Identity = Shape['IdentityOut']
export type Invitation = Shape['InvitationOut']
export type InvitationMade = Shape['InvitationMade']
export type Invited = Shape['Invited']
export type ShareLink = Shape['ShareLinkOut']
export type ShareLinks = Shape['ShareLinkList']
export type ShareLinkMade = Shape['ShareLinkMade']
export type Deleted = Shape['DeletedOut']
export type AuditEntry = Shape['EntryOut']
export type Day = Sharper<Shape['Day'], { pass_rate?: number | null } & Counts>
/** The slow and the flaky cases of the dashboard. */
export type Standing = Sharper<Shape['Standing'], { flaky: Sharper<Shape['FlakyCase'], { last: { run_id: number; outcome: Outcome }[] }>[] }>
export type Dashboard = Sharper<Shape['Dashboard'], { days: Day[]; recent_runs: Run[] }>
export type Edit = Shape['EditOut']
export type EditDone = Shape['EditDone']
export type EditPreview = Shape['EditPreview']
export type EditedCase = Shape['ProposedOut']
export type EditPlace = Shape['PlaceOut']
