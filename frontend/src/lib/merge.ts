/** Two versions of a case made from one: which fields differ, who changed them, and one case made of the chosen ones. */

import type { CaseDetail } from '@/api/cases'
import { apart, together, type Apart } from './apart'
import { normalise, type CaseDocument, type Step } from './document'
import { metaOf, type Content, type Meta } from './editor'
import { clone, isMap, same, toJson } from './json'
import { treeOf } from './steptree'

export type Side = 'mine' | 'theirs' | 'both'

/** One field that differs: a leaf of a step or the config, a list, or a whole step. */
export interface Field {
  key: string
  path: string[]
  mine: unknown
  theirs: unknown
  /** The side that changed it since both began. */
  suggested: Side
  /** Both changed it, or nobody knows who did. */
  clash: boolean
  sides: Side[]
}

export interface Difference {
  /** `name`, `tags`, `config`, `document`, `order`, or the id of a step. */
  key: string
  name: string
  kind: 'changed' | 'onlyMine' | 'onlyTheirs'
  fields: Field[]
}

/** What both versions were made from, as far as it is known. */
export interface Origin {
  meta?: Meta
  document?: CaseDocument
}

type Tree = Record<string, unknown>

const META = ['name', 'module_id', 'owner_id', 'description', 'tags', 'priority'] as const
const UNKNOWN = Symbol('not known')

export function differences(mine: Content, row: CaseDetail, origin: Origin = {}): Difference[] {
  const theirs: Content = { meta: metaOf(row), document: normalise(row.document) }
  const base = origin.document && normalise(origin.document)
  const part = (key: string, name: string, fields: Field[]): Difference[] => (fields.length ? [{ key, name, kind: 'changed', fields }] : [])
  const meta = META.flatMap((key) => part(key, key, fieldsOf(key, [], origin.meta ? origin.meta[key] : UNKNOWN, mine.meta[key], theirs.meta[key])))
  const [from, own, other] = [base, mine.document, theirs.document].map((one) => one && nameless(one.config))
  const config = part('config', 'config', fieldsOf('config', [], base ? from : UNKNOWN, own, other))
  const around = part('document', 'document', fieldsOf('document', [], base ? rest(base) : UNKNOWN, rest(mine.document), rest(theirs.document)))
  const [was, here, there] = [base, mine.document, theirs.document].map((one) => one && apart(treeOf(one)))
  return [...meta, ...config, ...around, ...stepDifferences(was, here!, there!), ...orderOf(was, here!, there!)]
}

function nameless(config: Tree): Tree {
  const { name: _name, ...others } = config
  return others
}

/** What a document holds beside its config and steps. */
function rest(document: CaseDocument): Tree {
  const { schema: _schema, dialect: _dialect, config: _config, setup: _setup, teststeps: _steps, teardown: _teardown, ...others } = document
  return others
}

/** The leaves that differ; lists are one leaf. */
function fieldsOf(part: string, path: string[], base: unknown, mine: unknown, theirs: unknown): Field[] {
  if (same(mine ?? null, theirs ?? null)) return []
  if (isMap(mine) && isMap(theirs)) {
    const keys = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    const below = (key: string): unknown => (isMap(base) ? base[key] : base === UNKNOWN ? UNKNOWN : undefined)
    return keys.flatMap((key) => fieldsOf(part, [...path, key], below(key), mine[key], theirs[key]))
  }
  return [fieldOf(part, path, base, mine, theirs)]
}

function fieldOf(part: string, path: string[], base: unknown, mine: unknown, theirs: unknown): Field {
  const lists = Array.isArray(mine) && Array.isArray(theirs) && (base === UNKNOWN || base === undefined || Array.isArray(base))
  const field = { key: [part, ...path].join(' '), path, mine, theirs, sides: (lists ? ['mine', 'theirs', 'both'] : ['mine', 'theirs']) as Side[] }
  const changed = (value: unknown): boolean => base === UNKNOWN || !same(value ?? null, base ?? null)
  if (!changed(mine)) return { ...field, suggested: 'theirs', clash: false }
  if (!changed(theirs)) return { ...field, suggested: 'mine', clash: false }
  const grown = lists && base !== UNKNOWN && [mine, theirs].every((list) => list.length >= (base as unknown[] | undefined ?? []).length && keeps(list, base as unknown[] | undefined ?? []))
  return { ...field, suggested: grown ? 'both' : 'mine', clash: !grown }
}

function keeps(list: unknown[], all: unknown[]): boolean {
  return all.every((item) => list.some((one) => same(one, item)))
}

function stepDifferences(base: Apart | undefined, mine: Apart, theirs: Apart): Difference[] {
  const alone = (step: Step, kind: 'onlyMine' | 'onlyTheirs'): Difference => {
    const known = base?.whole.get(step.id)
    const side: Side = kind === 'onlyMine' ? 'mine' : 'theirs'
    const away: Side = kind === 'onlyMine' ? 'theirs' : 'mine'
    // Known to the origin: the other side took it out, which wins unless this side went on with it.
    const untouched = known !== undefined && same(known, step)
    const field: Field = {
      key: step.id, path: [], mine: mine.whole.get(step.id), theirs: theirs.whole.get(step.id), suggested: untouched ? away : side,
      clash: base === undefined || (known !== undefined && !untouched), sides: ['mine', 'theirs'],
    }
    return { key: step.id, name: (kind === 'onlyMine' ? mine : theirs).titles.get(step.id)!, kind, fields: [field] }
  }
  const found = [...mine.steps].flatMap(([id, step]): Difference[] => {
    const their = theirs.steps.get(id)
    if (!their) return goesWithItsGroup(id, mine, theirs) ? [] : [alone(mine.whole.get(id)!, 'onlyMine')]
    const fields = fieldsOf(id, [], base ? base.steps.get(id) : UNKNOWN, step, their)
    return fields.length ? [{ key: id, name: mine.titles.get(id)!, kind: 'changed', fields }] : []
  })
  const more = [...theirs.whole.values()].filter((step) => !mine.steps.has(step.id) && !goesWithItsGroup(step.id, theirs, mine))
  return [...found, ...more.map((step) => alone(step, 'onlyTheirs'))]
}

/** Whether a step stands in a group that the other side lacks as well: both stay or go together. */
function goesWithItsGroup(id: string, here: Apart, there: Apart): boolean {
  return here.around.get(id)!.some((group) => !there.steps.has(group))
}

function orderOf(base: Apart | undefined, mine: Apart, theirs: Apart): Difference[] {
  const common = (side: Apart, ...others: Apart[]): [string, string[]][] => [...side.lists]
    .map(([list, ids]): [string, string[]] => [list, ids.filter((id) => others.every((other) => other.steps.has(id)))])
    .filter(([, ids]) => ids.length > 0)
    .sort(([one], [other]) => one.localeCompare(other))
  if (same(common(mine, theirs), common(theirs, mine))) return []
  const from = base ? common(base, mine, theirs) : UNKNOWN
  return [{ key: 'order', name: 'order', kind: 'changed', fields: [{ ...fieldOf('order', [], from, common(mine, theirs, base ?? mine), common(theirs, mine, base ?? mine)), mine: undefined, theirs: undefined, sides: ['mine', 'theirs'] }] }]
}

/** What a list is when the additions of both sides are kept and what either took out stays out. */
export function union(base: readonly unknown[], mine: readonly unknown[], theirs: readonly unknown[]): unknown[] {
  const has = (list: readonly unknown[], item: unknown): boolean => list.some((one) => same(one, item))
  return [...theirs.filter((item) => !has(base, item) || has(mine, item)), ...mine.filter((item) => !has(base, item) && !has(theirs, item))]
}

/** A value as one line. */
export function shown(value: unknown): string {
  const text = value === undefined ? '–' : typeof value === 'string' ? value : toJson(value)
  return text.length > 200 ? text.slice(0, 200) + '…' : text
}

/** Their version with what was chosen of mine put in. */
export function merge(mine: Content, row: CaseDetail, found: readonly Difference[], chosen: Readonly<Record<string, Side>>, origin: Origin = {}): Content {
  const theirs: Content = { meta: metaOf(row), document: normalise(row.document) }
  const own = clone(mine)
  const base = origin.document && normalise(origin.document)
  const side = (field: Field): Side => chosen[field.key] ?? field.suggested
  const byKey = new Map(found.map((one) => [one.key, one]))
  const put = (key: string, target: Tree, from: unknown): Tree => (byKey.get(key)?.fields ?? []).reduce((tree, field) => applied(tree, field, side(field), from), target)

  const meta = Object.fromEntries(META.map((key) => [key, byKey.has(key) && side(byKey.get(key)!.fields[0]!) === 'mine' ? own.meta[key] : theirs.meta[key]])) as unknown as Meta
  const config = { ...put('config', nameless(theirs.document.config), base?.config), name: meta.name }
  const [here, there] = [own.document, theirs.document].map((one) => apart(treeOf(one))) as [Apart, Apart]
  const before = base && apart(treeOf(base))
  const steps = new Map([...here.steps, ...there.steps])
  for (const one of found) {
    const field = one.fields[0]!
    if (one.kind === 'changed' && steps.has(one.key)) steps.set(one.key, put(one.key, steps.get(one.key)!, before?.steps.get(one.key)) as Step)
    else if (one.kind === 'onlyMine' && side(field) === 'theirs') leave(steps, one.key, here, there)
    else if (one.kind === 'onlyTheirs' && side(field) === 'mine') leave(steps, one.key, there, here)
  }
  const order = byKey.get('order')?.fields[0]
  const tree = order && side(order) === 'theirs' ? together(steps, there, here) : together(steps, here, there)
  const around = Object.fromEntries((['setup', 'teardown'] as const).filter((part) => tree[part].length).map((part) => [part, tree[part]]))
  const { schema, dialect } = own.document
  return { meta, document: { ...put('document', rest(theirs.document), base), schema, dialect, config, teststeps: tree.teststeps, ...around } }
}

/** Take out a step with what stands in it, as far as the other side lacks it, too. */
function leave(steps: Map<string, Step>, id: string, here: Apart, there: Apart): void {
  for (const [inner, around] of here.around) if (inner === id || (around.includes(id) && !there.steps.has(inner))) steps.delete(inner)
}

/** The tree with one field as chosen; what it holds besides is not touched. */
function applied(tree: Tree, field: Field, side: Side, base: unknown, at = 0): Tree {
  if (side === 'theirs') return tree
  const key = field.path[at]!
  const below = isMap(base) ? base[key] : undefined
  if (at < field.path.length - 1) return { ...tree, [key]: applied(isMap(tree[key]) ? tree[key] : {}, field, side, below, at + 1) }
  const value = side === 'both' ? union(Array.isArray(below) ? below : [], field.mine as unknown[], field.theirs as unknown[]) : field.mine
  if (value !== undefined) return { ...tree, [key]: clone(value) }
  const { [key]: _gone, ...others } = tree
  return others
}
