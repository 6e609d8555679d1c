/** What one does with the steps of a case: add, copy, move, switch, rename, group, take out, one or several at once. */

import { nextTick, toRaw } from 'vue'
import { copyStep, newCallStep, newRequestStep, newStepId, type Step } from './document'
import type { Content } from './editor'
import { eachStep, innerSteps, moved, outermost, PARTS, placeBeside, rowsOfTree, treeOf, undone, withSteps, type Place, type StepRow, type StepTree } from './steptree'

export function stepActions(content: Content, selected: { value: string }, none: string, touch: () => void) {
  const now = (): StepTree => treeOf(toRaw(content.document))
  const rowOf = (id: string): StepRow | undefined => rowsOfTree(now()).find((row) => row.step.id === id)

  function insert(step: Step, place: Place = after()): void {
    put(withSteps(now(), place, [step]))
    selected.value = step.id
  }

  /** Where a new step goes: after the selected one. */
  function after(): Place {
    const row = rowOf(selected.value)
    return row ? { list: row.list, at: row.at + 1 } : { list: 'teststeps', at: now().teststeps.length }
  }

  /** Put other steps in place; the answer puts the old ones back. */
  function put(tree: StepTree): () => void {
    const before = now()
    const ids = rowsOfTree(tree).map((row) => row.step.id)
    const at = rowsOfTree(before).findIndex((row) => row.step.id === selected.value)
    for (const part of PARTS) {
      if (part === 'teststeps' || tree[part].length) content.document[part] = tree[part]
      else delete content.document[part]
    }
    if (at >= 0 && !ids.includes(selected.value)) selected.value = ids[Math.min(at, ids.length - 1)] ?? none
    void nextTick(touch)
    return () => {
      const { tree: old, back } = undone(now(), before, tree)
      put(old)
      if (back) selected.value = back
    }
  }

  return {
    insert,
    addRequest: (name: string, place?: Place) => insert(newRequestStep(name), place),
    addCall: (name: string, caseId: number, place?: Place) => insert(newCallStep(name, caseId), place),
    /** A pause, a function of the project, or a group. */
    addOther: (name: string, fields: { wait: unknown } | { function: string } | { steps: Step[] }, place?: Place) => insert({ id: newStepId(), name, ...fields }, place),
    duplicate: (id: string, name: (old: string) => string) => {
      const row = rowOf(id)
      if (row) insert(copyStep(row.step, name(row.step.name)), { list: row.list, at: row.at + 1 })
    },
    /** Takes steps out; the answer puts them back. */
    remove: (ids: ReadonlySet<string>) => put(eachStep(now(), (step) => (ids.has(step.id) ? [] : [step]))),
    duplicateAll: (ids: ReadonlySet<string>, name: (old: string) => string) => {
      const outer = outermost(now(), ids)
      return put(eachStep(now(), (step) => (outer.has(step.id) ? [step, copyStep(step, name(step.name))] : [step])))
    },
    /** Other versions of some steps; a group keeps the steps it has. */
    replace: (steps: readonly Step[]) => {
      const made = new Map(steps.map((step) => [step.id, step]))
      return put(eachStep(now(), (step) => {
        const next = made.get(step.id) ?? step
        return [innerSteps(step) ? { ...next, steps: step.steps } : next]
      }))
    },
    switchAll: (ids: ReadonlySet<string>, on: boolean) => put(eachStep(now(), (step) => (ids.has(step.id) ? [switched(step, on)] : [step]))),
    /** The chosen steps in one group, which stands where the first of them stood. */
    group: (ids: ReadonlySet<string>, name: string) => {
      const outer = outermost(now(), ids)
      const rows = rowsOfTree(now()).filter((row) => outer.has(row.step.id))
      const [first] = rows
      if (!first) return () => undefined
      const group: Step = { id: newStepId(), name, steps: rows.map((row) => row.step) }
      const undo = put(eachStep(now(), (step) => (step.id === first.step.id ? [group] : outer.has(step.id) ? [] : [step])))
      selected.value = group.id
      return undo
    },
    /** The steps of a group in its place. */
    ungroup: (id: string) => put(eachStep(now(), (step) => (step.id === id ? (innerSteps(step) ?? [step]) : [step]))),
    move: (id: string, to: Place) => {
      const before = now()
      const tree = moved(before, id, to)
      if (tree !== before) put(tree)
    },
    /** By a key: past the neighbour, out of the group, or into the group before it. */
    shift: (id: string, way: 'up' | 'down' | 'out' | 'in') => {
      const to = placeBeside(now(), id, way)
      if (to) put(moved(now(), id, to))
    },
    toggle: (id: string) => {
      put(eachStep(now(), (step) => (step.id === id ? [switched(step, step.enabled === false)] : [step])))
    },
    rename: (id: string, name: string) => {
      const step = rowsOfTree(treeOf(content.document)).find((row) => row.step.id === id)?.step
      if (!step || !name.trim() || step.name === name) return
      step.name = name.trim()
      void nextTick(touch)
    },
  }
}

function switched(step: Step, on: boolean): Step {
  const { enabled: _enabled, ...others } = step
  return (on ? others : { ...others, enabled: false }) as Step
}
