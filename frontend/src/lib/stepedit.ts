/** Changes of several steps at once: find and replace in all their texts, a header, a check. */

import { checksOf, mapOf, nextKey, rowsOf, blankRow, validateOf, type Json, type Step } from './document'
import { isMap, same } from './json'
import type { Change } from '@/api/edits'

export interface StepPlace {
  /** Id of the step and the path of the text in it. */
  key: string
  step: Step
  path: string
  before: string
  after: string
}

export interface StepsEdited {
  steps: Step[]
  places: StepPlace[]
  /** The pattern cannot be read. */
  problem?: string
}

/** The steps as they would be, and every place that changes; those in `off` stay as they are. */
export function editSteps(steps: readonly Step[], ids: ReadonlySet<string>, change: Change, off: ReadonlySet<string> = new Set()): StepsEdited {
  const places: StepPlace[] = []
  const note = (step: Step, path: string, before: string, after: string): boolean => {
    const key = `${step.id} ${path}`
    places.push({ key, step, path, before, after })
    return !off.has(key)
  }
  try {
    const edit = editor(change, note)
    return { steps: steps.map((step) => (ids.has(step.id) ? edit(step) : step)), places }
  } catch (error) {
    return { steps: [...steps], places: [], problem: (error as Error).message }
  }
}

type Note = (step: Step, path: string, before: string, after: string) => boolean

function editor(change: Change, note: Note): (step: Step) => Step {
  if (change.kind === 'replace') return replacer(change, note)
  if (change.kind === 'header') return (step) => withHeader(step, change, note)
  return (step) => withCheck(step, change, note)
}

function replacer(change: Extract<Change, { kind: 'replace' }>, note: Note): (step: Step) => Step {
  const source = change.regex ? change.find : change.find.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  const pattern = new RegExp(source, change.match_case ? 'gu' : 'giu')
  const text = (value: string): string => (change.regex ? value.replace(pattern, change.replacement) : value.replace(pattern, () => change.replacement))
  const walk = (step: Step, value: unknown, path: string): unknown => {
    if (typeof value === 'string') {
      const after = text(value)
      return after !== value && note(step, path, value, after) ? after : value
    }
    if (Array.isArray(value)) return value.map((item, at) => walk(step, item, `${path}[${at}]`))
    if (!isMap(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(step, item, path ? `${path}.${key}` : key)]))
  }
  return (step) => {
    const { id, steps, ...others } = step
    return { id, ...(walk(step, others, '') as Json), ...(steps !== undefined && { steps }) } as Step
  }
}

function withHeader(step: Step, change: Extract<Change, { kind: 'header' }>, note: Note): Step {
  if (!step.request) return step
  const rows = rowsOf(step.request.headers)
  const old = rows.find((row) => row.name.toLowerCase() === change.name.toLowerCase())
  if (old && (!change.overwrite || old.value === change.value)) return step
  if (!note(step, `request.headers.${change.name}`, old ? String(old.value) : '', change.value)) return step
  const next = old ? rows.map((row) => (row === old ? { ...row, value: change.value } : row)) : [...rows, blankRow(change.name, change.value)]
  return { ...step, request: { ...step.request, headers: mapOf(next) } }
}

function withCheck(step: Step, change: Extract<Change, { kind: 'check' }>, note: Note): Step {
  const rows = checksOf(step.validate)
  const there = rows.some((row) => row.expression === change.expression && row.comparator === change.comparator && same(row.expected, change.expected))
  if (there || (!step.request && step.function === undefined)) return step
  if (!note(step, 'validate', '', `${change.expression} ${change.comparator} ${JSON.stringify(change.expected)}`)) return step
  const row = { key: nextKey(), expression: change.expression, comparator: change.comparator, expected: change.expected, message: '', enabled: true }
  return { ...step, validate: validateOf([...rows, row]) }
}
