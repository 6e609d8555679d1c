/** The steps of a case as a tree: setup, its own, teardown, and those of groups; places as the server names them. */

import type { CaseDocument, Step } from './document'
import { isMap } from './json'

export const PARTS = ['setup', 'teststeps', 'teardown'] as const
export type Part = (typeof PARTS)[number]
export type StepTree = Record<Part, Step[]>

/** Where a step stands or shall stand: a part of the case or the group of an id, and the place in its list. */
export interface Place {
  list: string
  at: number
}

export interface StepRow extends Place {
  step: Step
  part: Part
  /** The groups around it, outermost first. */
  around: readonly Step[]
  /** `teststeps[2].steps[0]`, as problems name it. */
  path: string
}

/** The name of the list of a group; no part is called so. */
export function listIn(group: Step): string {
  return `in ${group.id}`
}

export function innerSteps(step: Step): Step[] | undefined {
  return Array.isArray(step.steps) && step.steps.every(isMap) ? (step.steps as Step[]) : undefined
}

function partOf(document: CaseDocument, part: Part): Step[] {
  const steps = document[part]
  return Array.isArray(steps) ? (steps as Step[]) : []
}

export function treeOf(document: CaseDocument): StepTree {
  return { setup: partOf(document, 'setup'), teststeps: document.teststeps, teardown: partOf(document, 'teardown') }
}

/** Every step in the order it runs, a group before its steps. */
export function rowsOfTree(tree: StepTree): StepRow[] {
  const found: StepRow[] = []
  const walk = (steps: readonly Step[], list: string, part: Part, around: readonly Step[], path: string): void => {
    for (const [at, step] of steps.entries()) {
      const here = `${path}[${at}]`
      found.push({ step, list, at, part, around, path: here })
      const inner = innerSteps(step)
      if (inner) walk(inner, listIn(step), part, [...around, step], `${here}.steps`)
    }
  }
  for (const part of PARTS) walk(tree[part], part, part, [], part)
  return found
}

export function rowsOfDocument(document: CaseDocument): StepRow[] {
  return rowsOfTree(treeOf(document))
}

/** A tree with another list wherever `change` gives one; what does not change stays the same value. */
export function changed(tree: StepTree, change: (list: string, steps: Step[]) => Step[]): StepTree {
  const walk = (list: string, steps: Step[]): Step[] => {
    const next = steps.map((step) => {
      const inner = innerSteps(step)
      const made = inner && walk(listIn(step), inner)
      return made === inner ? step : { ...step, steps: made }
    })
    return change(list, next.some((step, at) => step !== steps[at]) ? next : steps)
  }
  return { setup: walk('setup', tree.setup), teststeps: walk('teststeps', tree.teststeps), teardown: walk('teardown', tree.teardown) }
}

/** Each step replaced by none, one or several. */
export function eachStep(tree: StepTree, change: (step: Step) => Step[]): StepTree {
  return changed(tree, (_list, steps) => {
    const next = steps.flatMap(change)
    return next.length === steps.length && next.every((step, at) => step === steps[at]) ? steps : next
  })
}

export function withSteps(tree: StepTree, { list, at }: Place, steps: readonly Step[]): StepTree {
  return changed(tree, (name, old) => (name === list ? [...old.slice(0, at), ...steps, ...old.slice(at)] : old))
}

/** A step at another place of the tree, counted before it was taken out; nothing goes into itself. */
export function moved(tree: StepTree, id: string, to: Place): StepTree {
  const rows = rowsOfTree(tree)
  const from = rows.find((row) => row.step.id === id)
  const goal = rows.find((row) => listIn(row.step) === to.list)
  if (!from || to.at < 0 || (goal && [goal.step, ...goal.around].some((step) => step.id === id))) return tree
  const at = from.list === to.list && from.at < to.at ? to.at - 1 : to.at
  if (from.list === to.list && from.at === at) return tree
  return withSteps(eachStep(tree, (step) => (step.id === id ? [] : [step])), { list: to.list, at }, [from.step])
}

/** Where a step goes by a key: past its neighbour, out of its group, or into the group before it. */
export function placeBeside(tree: StepTree, id: string, way: 'up' | 'down' | 'out' | 'in'): Place | undefined {
  const rows = rowsOfTree(tree)
  const row = rows.find((one) => one.step.id === id)
  if (!row) return undefined
  const { list, at } = row
  const group = rows.find((one) => one.step === row.around.at(-1))
  const size = rows.filter((one) => one.list === list).length
  if (way === 'in') {
    const before = rows.find((one) => one.list === list && one.at === at - 1)?.step
    const inner = before && innerSteps(before)
    return inner && { list: listIn(before), at: inner.length }
  }
  if (way === 'up' && at > 0) return { list, at: at - 1 }
  if (way === 'down' && at < size - 1) return { list, at: at + 2 }
  return group && { list: group.list, at: way === 'up' ? group.at : group.at + 1 }
}

function idsUnder(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => [step.id, ...idsUnder(innerSteps(step) ?? [])])
}

/** Those of the ids whose step is in no group that is also among them. */
export function outermost(tree: StepTree, ids: ReadonlySet<string>): Set<string> {
  return new Set(rowsOfTree(tree).filter((row) => ids.has(row.step.id) && !row.around.some((group) => ids.has(group.id))).map((row) => row.step.id))
}

/**
 * The tree as it is now with one change of it taken back: what the change took out or altered comes back, what it
 * added goes; whatever was done since then stays.
 */
export function undone(now: StepTree, before: StepTree, after: StepTree): { tree: StepTree; back: string | undefined } {
  const [old, made] = [before, after].map((tree) => new Map(rowsOfTree(tree).map((row) => [row.step.id, row.step])))
  const present = new Set(rowsOfTree(now).map((row) => row.step.id))
  const gone = new Set(idsUnder(rowsOfTree(before).filter((row) => !made!.has(row.step.id)).map((row) => row.step)))
  let tree = eachStep(now, (step) => {
    const [was, became] = [old!.get(step.id), made!.get(step.id)]
    if ((became && !was) || gone.has(step.id)) return []
    return [was && became && was !== became ? restored(step, was, became) : step]
  })
  let back: string | undefined
  for (const row of rowsOfTree(before)) {
    const here = new Set(rowsOfTree(tree).map((one) => one.step.id))
    if (here.has(row.step.id) || (made!.has(row.step.id) && !present.has(row.step.id))) continue
    const list = row.around.length === 0 || here.has(row.around.at(-1)!.id) ? row.list : row.part
    tree = withSteps(tree, { list, at: placeAfter(tree, before, { ...row, list }) }, [row.step])
    back ??= row.step.id
  }
  return { tree, back }
}

/** A group keeps the steps it has now; its own fields come back when the change altered them. */
function restored(step: Step, was: Step, became: Step): Step {
  if (!innerSteps(step) || !innerSteps(was)) return was
  const fields = new Set([...Object.keys(was), ...Object.keys(became)])
  fields.delete('steps')
  const altered = [...fields].some((field) => was[field] !== became[field])
  return altered ? { ...was, steps: step.steps } : step
}

/** After the neighbour it had, at the beginning where it had none, else at the end. */
function placeAfter(tree: StepTree, before: StepTree, { list, at }: Place): number {
  if (at === 0) return 0
  const neighbour = rowsOfTree(before).find((row) => row.list === list && row.at === at - 1)?.step.id
  const siblings = rowsOfTree(tree).filter((row) => row.list === list)
  const previous = siblings.find((row) => row.step.id === neighbour)
  return previous ? previous.at + 1 : siblings.length
}
