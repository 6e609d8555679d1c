/** Sending one step, or the case up to it, without saving: start a try, follow it, keep the answer of each step. */

import { computed, onScopeDispose, ref, shallowRef, triggerRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { runs } from '@/api/cases'
import type { CaseDetail as CaseResult, Step as StepResult } from '@/api/result'
import { usedVariables } from './complete'
import { mapOf, rowsOf, blankRow, type CaseDocument } from './document'
import { clone, toJson } from './json'
import { missingFromEarlier } from './names'
import { innerSteps, rowsOfDocument, type StepRow } from './steptree'

export interface Attempt {
  at: number
  result: StepResult
  /** How many earlier steps had to run first. */
  earlier: number
}

export interface Trying {
  busy: Ref<boolean>
  /** Which step waits for an answer. */
  waiting: Ref<string>
  attempts: ShallowRef<Map<string, Attempt>>
  /** The last answers of each step, newest first, while the page is open. */
  past: ShallowRef<Map<string, Attempt[]>>
  /** Look at an earlier answer again. */
  show: (stepId: string, attempt: Attempt) => void
  /** The whole case could not be carried out. */
  problem: ShallowRef<{ step: string; message: string } | undefined>
  /** Values extracted by answers so far. */
  seen: ComputedRef<Record<string, unknown>>
  send: (document: CaseDocument, stepId: string, upTo: boolean) => Promise<void>
  cancel: () => void
}

export interface TryingOptions {
  project: () => number
  caseId: () => number
  environment: () => number | null
}

const PAUSE_MS = 150
const KEPT = 10

export function useTrying(options: TryingOptions): Trying {
  const busy = ref(false)
  const waiting = ref('')
  const attempts = shallowRef(new Map<string, Attempt>())
  const past = shallowRef(new Map<string, Attempt[]>())
  const problem = shallowRef<{ step: string; message: string }>()
  const values = shallowRef<Record<string, unknown>>({})
  const seen = computed(() => values.value)
  let abort: AbortController | undefined
  let current: number | undefined

  async function send(document: CaseDocument, stepId: string, upTo: boolean): Promise<void> {
    cancel()
    const mine = (abort = new AbortController())
    busy.value = true
    waiting.value = stepId
    problem.value = undefined
    try {
      const rows = rowsOfDocument(document)
      const index = rows.findIndex((row) => row.step.id === stepId)
      const missing = missingFromEarlier(document, stepId, usedVariables(toJson(rows[index]?.step)), values.value)
      const whole = upTo || missing.length > 0
      const run = await runs.start(options.project(), {
        document: whole ? document : withSeen(document, values.value), case_id: options.caseId(), step_id: stepId, up_to: whole,
        environment_id: options.environment(),
      })
      current = run.id
      const result = await follow(run.id, mine.signal)
      if (result) keep(result, stepId, whole ? countEarlier(rows.slice(0, index)) : 0)
    } finally {
      if (abort === mine) {
        busy.value = false
        waiting.value = ''
        current = undefined
      }
    }
  }

  async function follow(id: number, signal: AbortSignal): Promise<CaseResult | undefined> {
    for (;;) {
      const delta = await runs.delta(id, 0, signal)
      if (delta.run.status === 'finished' || delta.run.status === 'cancelled') {
        const row = delta.cases[0]
        if (row) return runs.detail(id, row.id, signal)
        problem.value = { step: waiting.value, message: delta.run.reason || delta.run.status }
        return undefined
      }
      await pause(signal)
    }
  }

  function keep(result: CaseResult, stepId: string, earlier: number): void {
    for (const step of withInner(result.steps)) {
      if (step.id) {
        const attempt = { at: Date.now(), result: step, earlier: step.id === stepId ? earlier : 0 }
        attempts.value.set(step.id, attempt)
        past.value.set(step.id, [attempt, ...(past.value.get(step.id) ?? [])].slice(0, KEPT))
      }
      values.value = { ...values.value, ...step.extracted }
    }
    const fault = result.error
    if (!attempts.value.has(stepId) || (fault && result.steps.length === 0)) problem.value = { step: stepId, message: fault?.message ?? '' }
    triggerRef(attempts)
    triggerRef(past)
  }

  function show(stepId: string, attempt: Attempt): void {
    attempts.value.set(stepId, attempt)
    problem.value = undefined
    triggerRef(attempts)
  }

  function cancel(): void {
    abort?.abort()
    if (current !== undefined) void runs.cancel(current).catch(() => undefined)
    current = undefined
    busy.value = false
    waiting.value = ''
  }

  onScopeDispose(() => abort?.abort())
  return { busy, waiting, attempts, past, show, problem, seen, send, cancel }
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE_MS)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(new DOMException('', 'AbortError'))
    }, { once: true })
  })
}

/** Those that send something and are switched on. */
function countEarlier(rows: readonly StepRow[]): number {
  return rows.filter(({ step }) => step.enabled !== false && !innerSteps(step)).length
}

/** The results of steps, and of those in groups and loops after the group they are in. */
function withInner(steps: readonly StepResult[]): StepResult[] {
  return steps.flatMap((step) => [step, ...withInner(step.steps)])
}

/** One step alone sees what earlier answers gave: as variables of the case, which extracted values would win over. */
export function withSeen(document: CaseDocument, seen: Readonly<Record<string, unknown>>): CaseDocument {
  const copy = clone(document)
  const names = Object.keys(seen)
  if (names.length === 0) return copy
  const rows = rowsOf(copy.config.variables).filter((row) => !(row.name in seen))
  copy.config.variables = mapOf([...rows, ...names.map((name) => blankRow(name, literal(seen[name])))])
  return copy
}

/** A dollar of a received text is a dollar, not the start of a name. */
function literal(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\$/g, '$$$$') : value
}
