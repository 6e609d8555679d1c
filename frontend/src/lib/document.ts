/** The case document between its stored shape (maps, short checks) and the rows the grids edit. */

import { clone, isMap } from './json'
import { innerSteps, PARTS, rowsOfDocument } from './steptree'
import { valueText } from './values'

export interface Row {
  key: number
  name: string
  value: unknown
  enabled: boolean
  description: string
}

export interface CheckRow {
  key: number
  expression: string
  comparator: string
  expected: unknown
  message: string
  enabled: boolean
  /** A line of a shape we do not know: kept as it is, edited in YAML. */
  raw?: unknown
}

export interface HookRow {
  key: number
  name: string
  call: string
}

export type Json = Record<string, unknown>

export interface Step extends Json {
  id: string
  name: string
  description?: string
  enabled?: boolean
  request?: Json
  testcase?: number | string
}

export interface CaseDocument extends Json {
  schema: number
  dialect: string
  config: Json
  teststeps: Step[]
}

let counter = 0

/** A number no other row of this page has: what Vue keys rows by. */
export function nextKey(): number {
  counter += 1
  return counter
}

export function blankRow(name = '', value: unknown = ''): Row {
  return { key: nextKey(), name, value, enabled: true, description: '' }
}

/** Rows of a MAP: an object, a list of rows, or a list of one-key objects as HttpRunner 2 writes them. */
export function rowsOf(map: unknown): Row[] {
  if (isMap(map)) return Object.entries(map).map(([name, value]) => blankRow(name, value))
  if (!Array.isArray(map)) return []
  return map.flatMap((item: unknown) => {
    if (!isMap(item)) return []
    if (!('name' in item)) return Object.entries(item).map(([name, value]) => blankRow(name, value))
    return [{
      key: nextKey(),
      name: valueText(item.name),
      value: item.value ?? (('value' in item) ? null : ''),
      enabled: item.enabled !== false,
      description: valueText(item.description),
    }]
  })
}

/** An object when nothing is lost by it, else a list of rows. Rows without name and value are left out. */
export function mapOf(rows: readonly Row[]): Json | Json[] {
  const kept = rows.filter((row) => row.name !== '' || !isBlank(row.value))
  const names = new Set(kept.map((row) => row.name))
  const plain = names.size === kept.length && kept.every((row) => row.enabled && !row.description && isSafeName(row.name))
  if (plain) return Object.fromEntries(kept.map((row) => [row.name, row.value]))
  return kept.map((row) => {
    const item: Json = { name: row.name, value: row.value }
    if (!row.enabled) item.enabled = false
    if (row.description) item.description = row.description
    return item
  })
}

/** Objects put whole numbers first and swallow `__proto__`: such names need rows to keep their order. */
function isSafeName(name: string): boolean {
  return name !== '' && name !== '__proto__' && !/^(0|[1-9]\d*)$/.test(name)
}

function isBlank(value: unknown): boolean {
  return value === '' || value === undefined
}

export function countOf(map: unknown): number {
  if (Array.isArray(map)) return map.filter((item) => !isMap(item) || item.enabled !== false).length
  return isMap(map) ? Object.keys(map).length : 0
}

export function checksOf(list: unknown): CheckRow[] {
  return Array.isArray(list) ? list.map(checkOf) : []
}

function checkOf(item: unknown): CheckRow {
  const row: CheckRow = { key: nextKey(), expression: '', comparator: 'eq', expected: '', message: '', enabled: true }
  if (!isMap(item)) return { ...row, raw: item }
  if ('check' in item) {
    const known = ['check', 'comparator', 'assert', 'expect', 'expected', 'message', 'msg', 'enabled']
    if (Object.keys(item).some((key) => !known.includes(key)) || typeof item.check !== 'string') return { ...row, raw: item }
    return {
      ...row,
      expression: item.check,
      comparator: valueText(item.comparator ?? item.assert ?? 'eq'),
      expected: 'expect' in item ? item.expect : (item.expected ?? ''),
      message: valueText(item.message ?? item.msg),
      enabled: item.enabled !== false,
    }
  }
  const entries = Object.entries(item)
  const [comparator, operands] = entries[0] ?? ['', null]
  if (entries.length !== 1 || !Array.isArray(operands) || operands.length < 2 || operands.length > 3) return { ...row, raw: item }
  if (typeof operands[0] !== 'string') return { ...row, raw: item }
  return { ...row, comparator, expression: operands[0], expected: operands[1], message: valueText(operands[2]) }
}

/** The short form `{eq: [status_code, 200]}` unless a message or a disabled mark needs the long one. */
export function validateOf(rows: readonly CheckRow[]): unknown[] {
  return rows.filter((row) => row.raw !== undefined || row.expression !== '' || !isBlank(row.expected)).map((row) => {
    if (row.raw !== undefined) return row.raw
    if (row.enabled && !row.message) return { [row.comparator]: [row.expression, row.expected] }
    const item: Json = { check: row.expression, comparator: row.comparator, expect: row.expected }
    if (row.message) item.message = row.message
    if (!row.enabled) item.enabled = false
    return item
  })
}

export function hooksOf(list: unknown): HookRow[] {
  if (!Array.isArray(list)) return []
  return list.flatMap((item: unknown) => {
    if (isMap(item)) return Object.entries(item).map(([name, call]) => ({ key: nextKey(), name, call: valueText(call) }))
    return [{ key: nextKey(), name: '', call: valueText(item) }]
  })
}

export function hookListOf(rows: readonly HookRow[]): unknown[] {
  return rows.filter((row) => row.call !== '' || row.name !== '')
    .map((row) => (row.name ? { [row.name]: row.call } : row.call))
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'

/** A stable step id: `s` and six random letters of base 32. */
export function newStepId(taken: ReadonlySet<string> = new Set()): string {
  for (;;) {
    const bytes = crypto.getRandomValues(new Uint8Array(6))
    const id = 's' + Array.from(bytes, (byte) => ALPHABET[byte % 32]).join('')
    if (!taken.has(id)) return id
  }
}

export function newRequestStep(name: string, url = ''): Step {
  return {
    id: newStepId(), name, request: { method: 'GET', url }, validate: [{ eq: ['status_code', 200] }],
  }
}

export function newCallStep(name: string, caseId: number): Step {
  return { id: newStepId(), name, testcase: caseId }
}

export function copyStep(step: Step, name: string): Step {
  return withNewIds({ ...clone(step), name })
}

/** A step as no other: so are those of a group. */
function withNewIds(step: Step): Step {
  const inner = innerSteps(step)
  return { ...step, id: newStepId(), ...(inner && { steps: inner.map(withNewIds) }) }
}

export function emptyDocument(name: string): CaseDocument {
  return { schema: 1, dialect: 'hat', config: { name }, teststeps: [] }
}

/** A document the editor can rely on: config and steps exist, each step has an id of its own, those of groups too. Unknown keys stay. */
export function normalise(document: unknown): CaseDocument {
  const source = isMap(document) ? clone(document) : {}
  const taken = new Set<string>()
  const known = (steps: readonly unknown[]): Step[] => steps.filter(isMap).map((step) => {
    const id = typeof step.id === 'string' && step.id && !taken.has(step.id) ? step.id : newStepId(taken)
    taken.add(id)
    return { ...step, id, name: valueText(step.name), ...(Array.isArray(step.steps) && { steps: known(step.steps) }) } as Step
  })
  const parts = Object.fromEntries(PARTS.filter((part) => Array.isArray(source[part])).map((part) => [part, known(source[part] as unknown[])]))
  return {
    ...source,
    schema: typeof source.schema === 'number' ? source.schema : 1,
    dialect: typeof source.dialect === 'string' ? source.dialect : 'hat',
    config: isMap(source.config) ? source.config : {},
    teststeps: [],
    ...parts,
  }
}

/** Set a field, or take it away when it holds nothing, so that an untouched form leaves the document as it was. */
export function setField(target: Json, field: string, value: unknown): void {
  const empty = value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    || (isMap(value) && Object.keys(value).length === 0)
  if (empty) delete target[field]
  else target[field] = value
}

/** Ids of steps given to a text that was parsed again: same place and same name first, then same name. */
export function keepIds(fresh: CaseDocument, before: CaseDocument): CaseDocument {
  const free = new Map(rowsOfDocument(before).map((row) => [row.step.id, row]))
  const take = (step: Step, path?: string): boolean => {
    for (const [id, row] of free) {
      if (row.step.name === step.name && (path === undefined || row.path === path)) {
        free.delete(id)
        step.id = id
        return true
      }
    }
    return false
  }
  const rest = rowsOfDocument(fresh).filter((row) => !take(row.step, row.path))
  for (const row of rest) take(row.step)
  return fresh
}

/** The part of a step one most likely wants to see first. */
export function usualTab(step: Step | undefined): string {
  const request = step?.request ?? {}
  if (['json', 'data', 'files', 'upload'].some((name) => request[name] !== undefined && request[name] !== '')) return 'body'
  if (countOf(request.params)) return 'params'
  if (countOf(request.headers)) return 'headers'
  return countOf(step?.validate) ? 'checks' : 'params'
}
