/** The state of the case editor: the document, what is saved, what is not, and what the server says about it. */

import { computed, inject, nextTick, onScopeDispose, provide, reactive, ref, shallowRef, toRaw, watch, type InjectionKey } from 'vue'
import { ApiError } from '@/api/client'
import { cases, type CaseDetail } from '@/api/cases'
import { copyStep, newCallStep, newRequestStep, normalise, type CaseDocument, type Step } from './document'
import { dropDraft, readDraft, writeDraft, type Draft } from './draft'
import { clone, parseJson, toJson } from './json'
import { spotOf, type Problem } from './problems'
import { moveItem } from './sortable'

export interface Meta {
  name: string
  module_id: number
  description: string
  tags: string[]
  priority: '' | 'P0' | 'P1' | 'P2' | 'P3'
}

export interface Content {
  meta: Meta
  document: CaseDocument
}

const CONFIRM_MS = 300
const DRAFT_MS = 2000
export const CONFIG = 'config'

function metaOf(row: CaseDetail): Meta {
  return { name: row.name, module_id: row.module.id, description: row.description, tags: [...row.tags], priority: row.priority }
}

export function useCaseEditor(id: () => number) {
  const saved = shallowRef<CaseDetail>()
  const content = reactive<Content>({
    meta: { name: '', module_id: 0, description: '', tags: [], priority: '' },
    document: { schema: 1, dialect: 'hat', config: {}, teststeps: [] },
  })
  const selected = ref(CONFIG)
  const dirty = ref(false)
  const saving = ref(false)
  const loading = ref(true)
  const problems = shallowRef<Problem[]>([])
  const conflict = shallowRef<CaseDetail>()
  const draft = shallowRef<Draft<Content>>()
  const failure = shallowRef<unknown>()
  /** Texts that cannot be stored as they stand (broken JSON), by step id and field: nothing typed is ever lost. */
  const loose = reactive(new Map<string, { text: string; message: string }>())
  let savedText = ''
  let version = 0
  let quiet = true
  let confirmTimer: ReturnType<typeof setTimeout> | undefined
  let draftTimer: ReturnType<typeof setTimeout> | undefined

  const step = computed(() => content.document.teststeps.find((one) => one.id === selected.value))
  const index = computed(() => content.document.teststeps.findIndex((one) => one.id === selected.value))
  const draftName = (): string => `case.${id()}`
  const text = (): string => toJson(toRaw(content))

  async function load(): Promise<void> {
    loading.value = true
    failure.value = undefined
    try {
      const row = await cases.get(id())
      take(row)
      const kept = readDraft<Content>(draftName())
      draft.value = kept && toJson(kept.content) !== savedText ? kept : undefined
      if (kept && !draft.value) dropDraft(draftName())
    } catch (error) {
      failure.value = error
    } finally {
      loading.value = false
    }
  }

  /** Make the server's case the present one. */
  function take(row: CaseDetail): void {
    saved.value = row
    version = row.version
    fill({ meta: metaOf(row), document: normalise(row.document) })
    savedText = text()
    problems.value = []
    conflict.value = undefined
  }

  function fill(next: Content): void {
    quiet = true
    loose.clear()
    content.meta = next.meta
    content.document = next.document
    if (selected.value !== CONFIG && !step.value) selected.value = next.document.teststeps[0]?.id ?? CONFIG
    dirty.value = false
    void nextTick(() => (quiet = false))
  }

  /** Something was edited: dirty at once, looked at closely a moment later. */
  function touch(): void {
    if (quiet) return
    dirty.value = true
    clearTimeout(confirmTimer)
    confirmTimer = setTimeout(confirm, CONFIRM_MS)
    draftTimer ??= setTimeout(keepDraft, DRAFT_MS)
  }

  function confirm(): void {
    dirty.value = text() !== savedText
    if (!dirty.value && !draft.value) dropDraft(draftName())
  }

  function keepDraft(): void {
    draftTimer = undefined
    if (dirty.value && !draft.value) writeDraft(draftName(), version, toRaw(content))
  }

  /** Whether it is saved now. Edits made while the answer was on its way stay unsaved. */
  async function save(): Promise<boolean> {
    if (saving.value) return false
    saving.value = true
    const sentText = text()
    const sent = parseJson(sentText) as Content
    try {
      const row = await cases.save(id(), { version, document: sent.document, ...sent.meta })
      settle(row, sentText)
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409) conflict.value = await cases.get(id())
      else if (error.status === 422 && error.errors.length) problems.value = error.errors
      else throw error
      return false
    } finally {
      saving.value = false
    }
  }

  function settle(row: CaseDetail, sentText: string): void {
    const untouched = text() === sentText
    saved.value = row
    version = row.version
    savedText = sentText
    problems.value = []
    draft.value = undefined
    dropDraft(draftName())
    const stored: Content = { meta: metaOf(row), document: normalise(row.document) }
    if (untouched && toJson(stored) !== sentText) {
      fill(stored)
      savedText = text()
    }
    dirty.value = text() !== savedText
  }

  /** Go on with an own version on top of the other person's. */
  function rebase(on: CaseDetail, next: Content): void {
    saved.value = on
    version = on.version
    savedText = toJson({ meta: metaOf(on), document: normalise(on.document) })
    conflict.value = undefined
    fill(next)
    dirty.value = text() !== savedText
  }

  function restoreDraft(): void {
    const kept = draft.value
    draft.value = undefined
    if (!kept) return
    fill({ meta: { ...content.meta, ...kept.content.meta }, document: normalise(kept.content.document) })
    version = kept.version
    dirty.value = true
  }

  function discardDraft(): void {
    draft.value = undefined
    dropDraft(draftName())
  }

  function setDocument(document: CaseDocument): void {
    content.document = document
    if (selected.value !== CONFIG && !step.value) selected.value = document.teststeps[0]?.id ?? CONFIG
    touch()
  }

  const steps = stepActions(content, selected, touch)

  function focusProblem(problem: Problem): { step: string; tab: string } | undefined {
    const spot = spotOf(problem.path)
    if (!spot) return undefined
    const target = spot.step < 0 ? CONFIG : content.document.teststeps[spot.step]?.id
    if (!target) return undefined
    selected.value = target
    return { step: target, tab: spot.tab }
  }

  watch(step, touch, { deep: true })
  watch(() => content.meta, touch, { deep: true })
  watch(() => (selected.value === CONFIG ? content.document.config : undefined), touch, { deep: true })
  watch(selected, () => {
    quiet = true
    void nextTick(() => (quiet = false))
  }, { flush: 'sync' })
  window.addEventListener('pagehide', keepDraft)
  onScopeDispose(() => {
    window.removeEventListener('pagehide', keepDraft)
    clearTimeout(confirmTimer)
    clearTimeout(draftTimer)
    keepDraft()
  })

  return {
    content, saved, selected, step, index, dirty, saving, loading, failure, problems, conflict, draft, loose, steps,
    load, save, take, rebase, restoreDraft, discardDraft, setDocument, touch, focusProblem,
    forget: () => {
      dirty.value = false
      discardDraft()
    },
  }
}

function stepActions(content: Content, selected: { value: string }, touch: () => void) {
  const list = (): Step[] => content.document.teststeps

  function insert(step: Step, at = list().length): void {
    list().splice(at, 0, step)
    selected.value = step.id
    void nextTick(touch)
  }

  /** Where a new step goes: after the selected one. */
  function after(): number {
    const at = list().findIndex((step) => step.id === selected.value)
    return at < 0 ? list().length : at + 1
  }

  return {
    addRequest: (name: string, at = after()) => insert(newRequestStep(name), at),
    addCall: (name: string, caseId: number, at = after()) => insert(newCallStep(name, caseId), at),
    insert,
    duplicate: (id: string, name: (old: string) => string) => {
      const at = list().findIndex((step) => step.id === id)
      const step = list()[at]
      if (step) insert(copyStep(toRaw(step), name(step.name)), at + 1)
    },
    /** Takes the step out; the answer puts it back. */
    remove: (id: string): (() => void) | undefined => {
      const at = list().findIndex((step) => step.id === id)
      const step = list()[at]
      if (!step) return undefined
      const copy = clone(toRaw(step))
      list().splice(at, 1)
      if (selected.value === id) selected.value = list()[Math.min(at, list().length - 1)]?.id ?? CONFIG
      void nextTick(touch)
      return () => insert(copy, Math.min(at, list().length))
    },
    move: (from: number, to: number) => {
      if (to < 0 || to >= list().length || from === to) return
      content.document.teststeps = moveItem(list().map(toRaw), from, to)
      void nextTick(touch)
    },
    toggle: (id: string) => {
      const step = list().find((one) => one.id === id)
      if (!step) return
      if (step.enabled === false) delete step.enabled
      else step.enabled = false
      void nextTick(touch)
    },
    rename: (id: string, name: string) => {
      const step = list().find((one) => one.id === id)
      if (!step || !name.trim() || step.name === name) return
      step.name = name.trim()
      void nextTick(touch)
    },
  }
}

export type CaseEditor = ReturnType<typeof useCaseEditor>

const key: InjectionKey<CaseEditor> = Symbol('case editor')

export function provideEditor(editor: CaseEditor): void {
  provide(key, editor)
}

export function useEditor(): CaseEditor {
  const editor = inject(key)
  if (!editor) throw new Error('no case editor around this component')
  return editor
}
