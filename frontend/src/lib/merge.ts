/** Two versions of a case side by side: which parts differ, and one made of the chosen parts. */

import type { CaseDetail } from '@/api/cases'
import { normalise, type Step } from './document'
import type { Content, Meta } from './editor'
import { clone, isMap, same, toJson } from './json'

export type Side = 'mine' | 'theirs'

export interface Difference {
  /** `name`, `tags`, `config`, `order`, or the id of a step. */
  key: string
  name: string
  kind: 'changed' | 'onlyMine' | 'onlyTheirs'
  lines: { path: string; mine: string; theirs: string }[]
}

const META = ['name', 'module_id', 'description', 'tags', 'priority'] as const
const MOST_LINES = 12

function metaOf(row: CaseDetail): Meta {
  return { name: row.name, module_id: row.module.id, description: row.description, tags: row.tags, priority: row.priority }
}

export function differences(mine: Content, row: CaseDetail): Difference[] {
  const theirs: Content = { meta: metaOf(row), document: normalise(row.document) }
  const found: Difference[] = []
  for (const key of META) {
    if (!same(mine.meta[key], theirs.meta[key])) found.push({ key, name: key, kind: 'changed', lines: lines(mine.meta[key], theirs.meta[key]) })
  }
  const [myConfig, theirConfig] = [mine, theirs].map((one) => ({ ...one.document.config, name: '' }))
  if (!same(myConfig, theirConfig)) found.push({ key: 'config', name: 'config', kind: 'changed', lines: lines(myConfig, theirConfig) })
  found.push(...stepDifferences(mine.document.teststeps, theirs.document.teststeps))
  const [myOrder, theirOrder] = commonOrder(mine.document.teststeps, theirs.document.teststeps)
  if (!same(myOrder, theirOrder)) found.push({ key: 'order', name: 'order', kind: 'changed', lines: [] })
  return found
}

function stepDifferences(mine: Step[], theirs: Step[]): Difference[] {
  const other = new Map(theirs.map((step) => [step.id, step]))
  const own = new Set(mine.map((step) => step.id))
  const found = mine.flatMap((step): Difference[] => {
    const their = other.get(step.id)
    if (!their) return [{ key: step.id, name: step.name, kind: 'onlyMine', lines: [] }]
    return same(step, their) ? [] : [{ key: step.id, name: step.name, kind: 'changed', lines: lines(step, their) }]
  })
  const added = theirs.filter((step) => !own.has(step.id)).map((step): Difference => ({ key: step.id, name: step.name, kind: 'onlyTheirs', lines: [] }))
  return [...found, ...added]
}

function commonOrder(mine: Step[], theirs: Step[]): [string[], string[]] {
  const [own, other] = [mine, theirs].map((list) => new Set(list.map((step) => step.id)))
  return [mine.filter((step) => other!.has(step.id)).map((step) => step.id), theirs.filter((step) => own!.has(step.id)).map((step) => step.id)]
}

/** Which leaves differ, as text. */
function lines(mine: unknown, theirs: unknown, path = ''): Difference['lines'] {
  if (same(mine, theirs)) return []
  if (isMap(mine) && isMap(theirs)) {
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    return keys.flatMap((key) => lines(mine[key], theirs[key], path ? `${path}.${key}` : key)).slice(0, MOST_LINES)
  }
  if (Array.isArray(mine) && Array.isArray(theirs) && mine.length === theirs.length) {
    return mine.flatMap((item, at) => lines(item, theirs[at], `${path}[${at}]`)).slice(0, MOST_LINES)
  }
  return [{ path, mine: shown(mine), theirs: shown(theirs) }]
}

function shown(value: unknown): string {
  const text = value === undefined ? '–' : toJson(value)
  return text.length > 160 ? text.slice(0, 160) + '…' : text
}

/** Their version with my parts put in where mine was chosen. */
export function merge(mine: Content, row: CaseDetail, chosen: Readonly<Record<string, Side>>): Content {
  const theirs: Content = { meta: clone(metaOf(row)), document: normalise(row.document) }
  const own = clone(mine)
  const side = (key: string): Side => chosen[key] ?? 'mine'
  const meta = Object.fromEntries(META.map((key) => [key, side(key) === 'mine' ? own.meta[key] : theirs.meta[key]])) as unknown as Meta
  const config = { ...(side('config') === 'mine' ? own : theirs).document.config, name: meta.name }
  return { meta, document: { ...own.document, config, teststeps: mergeSteps(own.document.teststeps, theirs.document.teststeps, side) } }
}

function mergeSteps(mine: Step[], theirs: Step[], side: (key: string) => Side): Step[] {
  const own = new Map(mine.map((step) => [step.id, step]))
  const other = new Map(theirs.map((step) => [step.id, step]))
  const [lead, follow] = side('order') === 'theirs' ? [theirs, mine] : [mine, theirs]
  const ids = lead.map((step) => step.id)
  for (const [at, step] of follow.entries()) {
    if (ids.includes(step.id)) continue
    const before = follow[at - 1]?.id
    ids.splice(before ? ids.indexOf(before) + 1 : 0, 0, step.id)
  }
  // Known on one side only: choosing the other side leaves it out.
  return ids.flatMap((id) => (side(id) === 'mine' ? own : other).get(id) ?? [])
}
