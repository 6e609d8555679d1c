/** What a report page shows and what is chosen in it; everything a colleague should see too lives in the URL. */

import type { ComputedRef, InjectionKey, Ref, ShallowRef } from 'vue'
import { computed, inject, ref, shallowRef, watch } from 'vue'
import type { CaseDetail } from '@/api/result'
import type { BodyPlace, ReportSource, RunHead, Underway } from '@/api/source'
import type { Match } from '@/lib/filter'
import { filterCases, hasTerm, toggleTerm } from '@/lib/filter'
import type { GroupBy, OutlineRow, SortBy } from '@/lib/outline'
import { failures, outline } from '@/lib/outline'
import type { CaseChange, Outcome, ReportCase, StepRow } from '@/lib/report'
import { addPage, CHANGES, isBad, keyStep, readSteps, tally, visibleSteps, withChanges } from '@/lib/report'

export const TABS = ['checks', 'response', 'request', 'variables', 'timing', 'log', 'history'] as const
export type Tab = (typeof TABS)[number]

/** Where the state of the page is kept: the query of the route, or the hash of a single file. */
export interface UrlState {
  read(): Record<string, string>
  write(values: Record<string, string>): void
}

export interface Report {
  run: ShallowRef<RunHead | null>
  /** How long the whole run should take, in ms, by the runs before it. */
  expected: Ref<number | null>
  /** What a run that has not ended is at. */
  underway: ShallowRef<Underway | null>
  cases: ShallowRef<ReportCase[]>
  matches: ComputedRef<Match[]>
  rows: ComputedRef<OutlineRow[]>
  counts: ComputedRef<Record<Outcome, number>>
  /** How many cases are new, still red or recovered; only those words that have some. */
  changes: ComputedRef<{ change: CaseChange['change']; count: number }[]>
  matchedSteps: ComputedRef<number>
  totalSteps: ComputedRef<number>
  filter: Ref<string>
  group: Ref<GroupBy>
  sort: Ref<SortBy>
  tab: Ref<Tab>
  selected: Ref<string>
  selection: ComputedRef<{ item: ReportCase; step: StepRow } | null>
  /** Where the keys stand in `rows`; -1 for nowhere. */
  current: ComputedRef<number>
  detail: ShallowRef<CaseDetail | null>
  detailError: Ref<string>
  toggle(field: string, value: string): void
  has(field: string, value: string): boolean
  select(stepId: string): void
  openCase(item: ReportCase): void
  fold(key: string): void
  /** What ← and → do: close what is open or go up, open what is closed or go in. */
  foldCurrent(): void
  unfoldCurrent(): void
  /** What Enter does; true when it is a step, which is open already. */
  openCurrent(): boolean
  foldAll(open: boolean): void
  move(by: 1 | -1): void
  moveFailure(by: 1 | -1): void
  /** A case of another run; a single file has none. */
  elsewhere: ReportSource['elsewhere']
  trends: ReportSource['trends']
  /** Reads the whole of a body of the chosen step. */
  wholeBody(hop: number, part: BodyPlace['part']): Promise<string>
  /** Reads what is new since the last call; true when more is waiting. */
  load(): Promise<boolean>
  /** Reads how each case stands to the time before, once all are here. */
  compare(): Promise<void>
  /** Filters to what is red and opens the first of it, unless the reader has chosen something already. */
  showFailures(): void
}

export const reportKey: InjectionKey<Report> = Symbol('report')

export function useReport(): Report {
  const report = inject(reportKey)
  if (!report) throw new Error('no report is provided here')
  return report
}

function openState(): { isOpen: (key: string) => boolean; fold: (key: string) => void; all: (open: boolean) => void } {
  const flipped = ref(new Set<string>())
  const openByDefault = ref({ group: true, case: false })
  const usual = (key: string): boolean => (key.startsWith('group:') ? openByDefault.value.group : openByDefault.value.case)
  return {
    isOpen: (key) => flipped.value.has(key) !== usual(key),
    fold: (key) => {
      const next = new Set(flipped.value)
      if (!next.delete(key)) next.add(key)
      flipped.value = next
    },
    all: (open) => {
      flipped.value = new Set()
      openByDefault.value = { group: true, case: open }
    },
  }
}

function useDetail(source: ReportSource, selection: Report['selection']): Pick<Report, 'detail' | 'detailError'> {
  const detail = shallowRef<CaseDetail | null>(null)
  const detailError = ref('')
  const known = new Map<number, CaseDetail>()
  watch(() => selection.value?.item.id, async (id) => {
    detailError.value = ''
    if (id === undefined) return void (detail.value = null)
    const cached = known.get(id)
    if (cached) return void (detail.value = cached)
    try {
      const loaded = await source.detail(id)
      known.set(id, loaded)
      if (known.size > 50) known.delete(known.keys().next().value ?? id)
      if (selection.value?.item.id === id) detail.value = loaded
    } catch (error) {
      detail.value = null
      detailError.value = error instanceof Error ? error.message : String(error)
    }
  }, { immediate: true })
  return { detail, detailError }
}

function caseKey(stepId: string): string {
  return `case:${stepId.slice(0, stepId.indexOf('.'))}`
}

/** Makes the state of one report page; provide it under `reportKey`. */
export function createReport(source: ReportSource, url: UrlState): Report {
  const initial = url.read()
  const run = shallowRef<RunHead | null>(null)
  const expected = ref<number | null>(null)
  const underway = shallowRef<Underway | null>(null)
  const cases = shallowRef<ReportCase[]>([])
  const filter = ref(initial.q ?? '')
  const group = ref((initial.group ?? 'module') as GroupBy)
  const sort = ref((initial.sort ?? 'order') as SortBy)
  const tab = ref((initial.tab ?? 'checks') as Tab)
  const selected = ref(initial.step ?? '')
  const touched = ref('q' in initial || 'step' in initial)
  const open = openState()
  if (selected.value) open.fold(caseKey(selected.value))
  let cursor = 0

  const matches = computed(() => filterCases(cases.value, filter.value))
  const rows = computed(() => outline(matches.value, cases.value, group.value, sort.value, open.isOpen))
  const counts = computed(() => tally(cases.value))
  const selection = computed(() => {
    const item = cases.value.find((candidate) => selected.value.startsWith(`${candidate.id}.`))
    const step = item && (visibleSteps(item).find((candidate) => candidate.id === selected.value) ?? keyStep(item))
    return item && step ? { item, step } : null
  })

  watch([filter, group, sort, tab, selected], () => {
    url.write({
      ...(filter.value || touched.value ? { q: filter.value } : {}), ...(selected.value ? { step: selected.value } : {}),
      ...(group.value === 'module' ? {} : { group: group.value }), ...(sort.value === 'order' ? {} : { sort: sort.value }),
      ...(tab.value === 'checks' ? {} : { tab: tab.value }),
    })
  })

  const standing = ref('')
  const current = computed(() => {
    const keys = standing.value ? [standing.value] : [`step:${selected.value}`, caseKey(selected.value)]
    for (const key of keys) {
      const at = rows.value.findIndex((row) => row.key === key)
      if (at >= 0) return at
    }
    return -1
  })

  function select(stepId: string): void {
    touched.value = true
    standing.value = ''
    selected.value = stepId
    const key = caseKey(stepId)
    if (!open.isOpen(key)) open.fold(key)
  }

  function openCase(item: ReportCase): void {
    const step = keyStep(item)
    if (step) select(step.id)
  }

  function move(by: 1 | -1): void {
    const keys = rows.value.filter((row) => row.kind !== 'group')
    const here = rows.value[current.value]
    // From a group one goes into it, or to the row before it.
    const at = here?.kind === 'group' ? keys.findIndex((row) => rows.value.indexOf(row) > current.value) - (by === 1 ? 1 : 0) : keys.findIndex((row) => row === here)
    const next = keys[here ? at + by : 0]
    if (!next) return
    if (next.kind === 'step') return select(next.step.id)
    if (by === -1 && here?.kind !== 'step') return openCase(next.item)
    const inside = visibleSteps(next.item)
    if (by === 1 || inside.length === 0) return select((inside[0] ?? keyStep(next.item))?.id ?? '')
    const before = keys[at + by * 2]
    if (before?.kind === 'step') select(before.step.id)
    else if (before) openCase(before.item)
  }

  function moveFailure(by: 1 | -1): void {
    const bad = failures(matches.value)
    const here = bad.findIndex((step) => step.id === selected.value)
    const next = bad[here < 0 ? (by === 1 ? 0 : bad.length - 1) : (here + by + bad.length) % bad.length]
    if (next) select(next.id)
  }

  function foldCurrent(): void {
    const row = rows.value[current.value]
    if (!row) return
    if (row.kind !== 'step' && row.open) return open.fold(row.key)
    if (row.kind === 'group') return
    const up = rows.value.slice(0, current.value).findLast((one) => one.kind === (row.kind === 'step' ? 'case' : 'group'))
    if (!up) return
    standing.value = up.key
    if (row.kind === 'step') open.fold(up.key)
  }

  function unfoldCurrent(): void {
    const row = rows.value[current.value]
    if (!row || row.kind === 'step') return
    const inner = rows.value[current.value + 1]
    if (!row.open) open.fold(row.key)
    else if (inner?.kind === 'step') select(inner.step.id)
    else if (row.kind === 'group' && inner) standing.value = inner.key
  }

  function openCurrent(): boolean {
    const row = rows.value[current.value]
    if (row?.kind === 'group') open.fold(row.key)
    else if (row?.kind === 'case') openCase(row.item)
    return row?.kind === 'step'
  }

  async function load(): Promise<boolean> {
    const page = await source.page(cursor)
    cursor = page.cursor
    run.value = page.run
    expected.value = page.expected_ms ?? null
    underway.value = page.underway ?? null
    if (page.cases.length > 0) cases.value = addPage(cases.value, page.cases, readSteps(page.steps))
    return page.more
  }

  async function compare(): Promise<void> {
    if (source.changes) cases.value = withChanges(cases.value, await source.changes())
  }

  const changes = computed(() => {
    const count = (word: string): number => cases.value.filter((item) => item.change?.change === word).length
    return CHANGES.map((change) => ({ change, count: count(change) })).filter((entry) => entry.count > 0)
  })

  function showFailures(): void {
    if (touched.value) return
    // A link may name the case by its own number, such as those of the dashboard.
    const wanted = cases.value.filter((item) => item.case_id !== null && item.case_id === Number(initial.case))
    const all = wanted.length ? wanted : cases.value
    const first = all.find((item) => isBad(item.outcome)) ?? all[0]
    if (first && isBad(first.outcome)) filter.value = 'status:failed status:error'
    if (first) openCase(first)
  }

  return {
    run, expected, underway, cases, matches, rows, counts, changes, compare, filter, group, sort, tab, selected, selection, current, foldCurrent, unfoldCurrent, openCurrent, select, openCase, move, moveFailure, load, showFailures,
    ...useDetail(source, selection),
    elsewhere: source.elsewhere,
    trends: source.trends,
    wholeBody: async (hop, part) => {
      const chosen = selection.value
      return chosen && source.body ? source.body(chosen.item.id, { step: chosen.step.path, hop, part }) : ''
    },
    matchedSteps: computed(() => matches.value.reduce((sum, match) => sum + match.steps.length, 0)),
    totalSteps: computed(() => cases.value.reduce((sum, item) => sum + visibleSteps(item).length, 0)),
    toggle: (field, value) => { touched.value = true; filter.value = toggleTerm(filter.value, field, value) },
    has: (field, value) => hasTerm(filter.value, field, value),
    fold: open.fold,
    foldAll: open.all,
  }
}
