/** What one does with the steps of a case: add, copy, move, switch, rename, take out, one or several at once. */

import { nextTick, toRaw } from 'vue'
import { copyStep, newCallStep, newRequestStep, newStepId, type Step } from './document'
import type { Content } from './editor'
import { moveItem } from './sortable'

export function stepActions(content: Content, selected: { value: string }, none: string, touch: () => void) {
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

  /** Put another list in place; the answer puts the old one back. */
  function put(steps: readonly Step[]): () => void {
    const before = list().map(toRaw)
    const at = before.findIndex((step) => step.id === selected.value)
    content.document.teststeps = [...steps]
    if (at >= 0 && !steps.some((step) => step.id === selected.value)) selected.value = steps[Math.min(at, steps.length - 1)]?.id ?? none
    void nextTick(touch)
    return () => undo(before, steps)
  }

  /** What a change took out or altered comes back, what it added goes; whatever was done since then stays. */
  function undo(before: readonly Step[], after: readonly Step[]): void {
    const [old, next] = [before, after].map((steps) => new Map(steps.map((step) => [step.id, step])))
    const kept = list().map(toRaw).filter((step) => old!.has(step.id) || !next!.has(step.id))
    const steps = kept.map((step) => (next!.has(step.id) && old!.get(step.id) !== next!.get(step.id) ? (old!.get(step.id) ?? step) : step))
    let back: Step | undefined
    for (const [at, step] of before.entries()) {
      if (next!.has(step.id) || steps.some((one) => one.id === step.id)) continue
      const previous = steps.findIndex((one) => one.id === before[at - 1]?.id)
      steps.splice(at === 0 ? 0 : previous < 0 ? steps.length : previous + 1, 0, step)
      back ??= step
    }
    put(steps)
    if (back) selected.value = back.id
  }

  return {
    insert,
    put,
    addRequest: (name: string, at = after()) => insert(newRequestStep(name), at),
    addCall: (name: string, caseId: number, at = after()) => insert(newCallStep(name, caseId), at),
    /** A pause, or a function of the project. */
    addOther: (name: string, fields: { wait: unknown } | { function: string }, at = after()) => insert({ id: newStepId(), name, ...fields }, at),
    duplicate: (id: string, name: (old: string) => string) => {
      const at = list().findIndex((step) => step.id === id)
      const step = list()[at]
      if (step) insert(copyStep(toRaw(step), name(step.name)), at + 1)
    },
    /** Takes steps out; the answer puts them back. */
    remove: (ids: ReadonlySet<string>) => put(list().map(toRaw).filter((step) => !ids.has(step.id))),
    duplicateAll: (ids: ReadonlySet<string>, name: (old: string) => string) =>
      put(list().map(toRaw).flatMap((step) => (ids.has(step.id) ? [step, copyStep(step, name(step.name))] : [step]))),
    switchAll: (ids: ReadonlySet<string>, on: boolean) => put(list().map(toRaw).map((step) => (ids.has(step.id) ? switched(step, on) : step))),
    move: (from: number, to: number) => {
      if (to >= 0 && to < list().length && from !== to) put(moveItem(list().map(toRaw), from, to))
    },
    toggle: (id: string) => {
      put(list().map(toRaw).map((step) => (step.id === id ? switched(step, step.enabled === false) : step)))
    },
    rename: (id: string, name: string) => {
      const step = list().find((one) => one.id === id)
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
