/** The state of the case editor: the document, what is saved, what is not, and what the server says about it. */

import { computed, inject, nextTick, onScopeDispose, provide, reactive, ref, shallowRef, toRaw, watch, type InjectionKey } from 'vue'
import { ApiError } from '@/api/client'
import { cases, type CaseDetail } from '@/api/cases'
import { normalise, type CaseDocument } from './document'
import { dropDraft, readDraft, writeDraft, type Draft } from './draft'
import { parseJson, toJson } from './json'
import type { Origin } from './merge'
import { CONFIG_PLACE, spotOf, type Problem } from './problems'
import { stepActions } from './stepactions'
import { rowsOfDocument } from './steptree'

export interface Meta {
  name: string
  module_id: number
  owner_id: number | null
  description: string
  tags: string[]
  priority: '' | 'P0' | 'P1' | 'P2' | 'P3'
}

export interface Content {
  meta: Meta
  document: CaseDocument
}

export function metaOf(row: CaseDetail): Meta {
  return {
    name: row.name, module_id: row.module.id, owner_id: row.owner?.id ?? null, description: row.description, tags: [...row.tags], priority: row.priority,
  }
}

const CONFIRM_MS = 300
const DRAFT_MS = 2000
export const CONFIG = 'config'

export function useCaseEditor(id: () => number) {
  const saved = shallowRef<CaseDetail>()
  const content = reactive<Content>({
    meta: { name: '', module_id: 0, owner_id: null, description: '', tags: [], priority: '' },
    document: { schema: 1, dialect: 'hat', config: {}, teststeps: [] },
  })
  const selected = ref(CONFIG)
  const dirty = ref(false)
  /** The save that is on its way. */
  const sending = shallowRef<Promise<boolean>>()
  const saving = computed(() => sending.value !== undefined)
  const loading = ref(true)
  const problems = shallowRef<Problem[]>([])
  /** Another person's version, and what both were made from. */
  const conflict = shallowRef<{ theirs: CaseDetail; origin: Origin }>()
  const draft = shallowRef<Draft<Content>>()
  const failure = shallowRef<unknown>()
  /** Texts that cannot be stored as they stand (broken JSON), by step id and field: nothing typed is ever lost. */
  const loose = reactive(new Map<string, { text: string; message: string }>())
  let savedText = ''
  let version = 0
  let quiet = true
  let confirmTimer: ReturnType<typeof setTimeout> | undefined
  let draftTimer: ReturnType<typeof setTimeout> | undefined

  const rows = computed(() => rowsOfDocument(content.document))
  const row = computed(() => rows.value.find((one) => one.step.id === selected.value))
  const step = computed(() => row.value?.step)
  const place = computed(() => row.value?.path ?? '')
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

  /**
   * Whether all is saved. Who asks while a save is on its way (Run, or leaving) waits for it: one goes at a time,
   * and what was typed meanwhile goes next. Edits made while the answer is on its way stay unsaved.
   */
  async function save(): Promise<boolean> {
    while (sending.value) {
      const done = await sending.value.catch(() => false)
      if (!done || !dirty.value) return done
    }
    sending.value = store().finally(() => (sending.value = undefined))
    return sending.value
  }

  async function store(): Promise<boolean> {
    const sentText = text()
    const sent = parseJson(sentText) as Content
    try {
      const row = await cases.save(id(), { version, document: sent.document, ...sent.meta })
      settle(row, sentText)
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.status === 409) conflict.value = await clash()
      else if (error.status === 422 && error.errors.length) problems.value = error.errors
      else throw error
      return false
    }
  }

  async function clash(): Promise<{ theirs: CaseDetail; origin: Origin }> {
    const [theirs, before] = await Promise.all([cases.get(id()), cases.revision(id(), version).catch(() => undefined)])
    const known = saved.value?.version === version ? saved.value : undefined
    return { theirs, origin: { ...(known && { meta: metaOf(known) }), ...(before && { document: before.document }) } }
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

  const steps = stepActions(content, selected, CONFIG, touch)

  function focusProblem(problem: Problem): { step: string; tab: string } | undefined {
    const spot = spotOf(problem.path)
    if (!spot) return undefined
    const target = spot.place === CONFIG_PLACE ? CONFIG : rows.value.find((one) => one.path === spot.place)?.step.id
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
    content, saved, selected, rows, step, place, dirty, saving, loading, failure, problems, conflict, draft, loose, steps,
    load, save, take, rebase, restoreDraft, discardDraft, setDocument, touch, focusProblem,
    forget: () => {
      dirty.value = false
      discardDraft()
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
