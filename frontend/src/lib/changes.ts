/** What one version of a case changed in the version before: by part and step, then by field. */

import type { CaseDocument, Step } from './document'
import { isMap, same, toJson } from './json'

export interface FieldChange {
  path: string
  /** Left out: there was nothing, or there is nothing any more. */
  before?: string
  after?: string
}

export interface PartChange {
  key: string
  part: 'config' | 'setup' | 'teststeps' | 'teardown' | 'other'
  kind: 'changed' | 'added' | 'removed' | 'moved'
  /** Of a step its number and name. */
  number: number
  name: string
  fields: FieldChange[]
}

const STEPS = ['setup', 'teststeps', 'teardown'] as const
const LONGEST = 400

/** Every part that differs, config first, then the steps in their new order, those taken out last. */
export function changesBetween(before: CaseDocument, after: CaseDocument): PartChange[] {
  const found: PartChange[] = []
  const part = (key: PartChange['part'], old: unknown, now: unknown): void => {
    const fields = fieldChanges(old, now)
    if (fields.length) found.push({ key, part: key, kind: 'changed', number: 0, name: '', fields })
  }
  part('config', before.config, after.config)
  for (const name of STEPS) found.push(...stepChanges(name, stepsOf(before, name), stepsOf(after, name)))
  part('other', others(before), others(after))
  return found
}

function stepsOf(document: CaseDocument, part: string): Step[] {
  const steps = document[part]
  return Array.isArray(steps) ? (steps as Step[]) : []
}

function others(document: CaseDocument): unknown {
  return Object.fromEntries(Object.entries(document).filter(([key]) => key !== 'config' && key !== 'schema' && !(STEPS as readonly string[]).includes(key)))
}

function stepChanges(part: (typeof STEPS)[number], before: Step[], after: Step[]): PartChange[] {
  const old = new Map(before.map((step) => [step.id, step]))
  const now = new Set(after.map((step) => step.id))
  const stayed = new Set(kept(before.map((step) => step.id).filter((id) => now.has(id)), after.map((step) => step.id).filter((id) => old.has(id))))
  const changes = after.flatMap((step, at): PartChange[] => {
    const was = old.get(step.id)
    const head = { key: `${part}.${step.id}`, part, number: at + 1, name: step.name }
    if (!was) return [{ ...head, kind: 'added', fields: fieldChanges({}, content(step)) }]
    const fields = fieldChanges(content(was), content(step))
    if (fields.length) return [{ ...head, kind: 'changed', fields }]
    return stayed.has(step.id) ? [] : [{ ...head, kind: 'moved', fields: [] }]
  })
  const gone = before.flatMap((step, at): PartChange[] =>
    now.has(step.id) ? [] : [{ key: `${part}.${step.id}`, part, kind: 'removed', number: at + 1, name: step.name, fields: fieldChanges(content(step), {}) }])
  return [...changes, ...gone]
}

function content(step: Step): unknown {
  return Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id'))
}

/** Which fields differ, deepest ones only. */
export function fieldChanges(before: unknown, after: unknown, path = ''): FieldChange[] {
  if (same(before, after)) return []
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key) => fieldChanges(before[key], after[key], path ? `${path}.${key}` : key))
  }
  if (isMap(after) && before === undefined && Object.keys(after).length) return fieldChanges({}, after, path)
  if (isMap(before) && after === undefined && Object.keys(before).length) return fieldChanges(before, {}, path)
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path)
  return [{ path, ...(before === undefined ? {} : { before: shown(before) }), ...(after === undefined ? {} : { after: shown(after) }) }]
}

/** Entries of grids by their names, all others by what stayed the same around them. */
function listChanges(before: unknown[], after: unknown[], path: string): FieldChange[] {
  const [old, now] = [named(before), named(after)]
  if (old && now) return fieldChanges(old, now, path)
  const same = kept(before.map((one) => toJson(one)), after.map((one) => toJson(one)))
  const found: FieldChange[] = []
  let [at, to] = [0, 0]
  for (const text of [...same, undefined]) {
    const [gone, fresh]: [number[], number[]] = [[], []]
    while (at < before.length && toJson(before[at]) !== text) gone.push(at++)
    while (to < after.length && toJson(after[to]) !== text) fresh.push(to++)
    for (let pair = 0; pair < Math.max(gone.length, fresh.length); pair += 1) {
      const [from, into] = [gone[pair], fresh[pair]]
      const place = `${path}[${into ?? from}]`
      found.push(...fieldChanges(from === undefined ? undefined : before[from], into === undefined ? undefined : after[into], place))
    }
    at += 1
    to += 1
  }
  return found
}

function named(list: unknown[]): Record<string, unknown> | undefined {
  const entries: [string, unknown][] = []
  for (const item of list) {
    if (!isMap(item) || typeof item.name !== 'string' || !('value' in item)) return undefined
    entries.push([item.name, item.enabled === undefined && item.description === undefined ? item.value : { ...item, name: undefined }])
  }
  const found = Object.fromEntries(entries)
  return Object.keys(found).length === entries.length ? found : undefined
}

/** The longest row of texts that both lists have in the same order. */
function kept(before: readonly string[], after: readonly string[]): string[] {
  const table: number[][] = Array.from({ length: before.length + 1 }, () => Array<number>(after.length + 1).fill(0))
  for (let a = before.length - 1; a >= 0; a -= 1) {
    for (let b = after.length - 1; b >= 0; b -= 1) {
      table[a]![b] = before[a] === after[b] ? table[a + 1]![b + 1]! + 1 : Math.max(table[a + 1]![b]!, table[a]![b + 1]!)
    }
  }
  const found: string[] = []
  let [a, b] = [0, 0]
  while (a < before.length && b < after.length) {
    if (before[a] === after[b]) {
      found.push(before[a]!)
      a += 1
      b += 1
    } else if (table[a + 1]![b]! >= table[a]![b + 1]!) a += 1
    else b += 1
  }
  return found
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : toJson(value)
  return text.length > LONGEST ? text.slice(0, LONGEST) + '…' : text
}
