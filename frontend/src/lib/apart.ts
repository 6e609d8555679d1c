/** The steps of a case apart from where they stand, and a tree made of them again. */

import type { Step } from './document'
import { innerSteps, listIn, PARTS, rowsOfTree, type StepTree } from './steptree'

export interface Apart {
  /** Each step by its id, a group with an empty list. */
  steps: Map<string, Step>
  /** The same with the steps inside. */
  whole: Map<string, Step>
  /** The ids of each list in order: of the parts of the case and of its groups. */
  lists: Map<string, string[]>
  /** The list a step stands in. */
  homes: Map<string, string>
  /** The groups around a step. */
  around: Map<string, string[]>
  /** The names of a step and of the groups around it. */
  titles: Map<string, string>
}

export function apart(tree: StepTree): Apart {
  const found: Apart = { steps: new Map(), whole: new Map(), lists: new Map(), homes: new Map(), around: new Map(), titles: new Map() }
  for (const { step, list, around } of rowsOfTree(tree)) {
    found.steps.set(step.id, innerSteps(step) ? { ...step, steps: [] } : step)
    found.whole.set(step.id, step)
    found.homes.set(step.id, list)
    found.around.set(step.id, around.map((group) => group.id))
    found.titles.set(step.id, [...around, step].map((one) => one.name).join(' › '))
    found.lists.set(list, [...(found.lists.get(list) ?? []), step.id])
  }
  return found
}

/** A tree of steps, each where the first of two cases has it, else where the other has; none is lost. */
export function together(steps: ReadonlyMap<string, Step>, lead: Apart, follow: Apart): StepTree {
  const groups = [...steps.values()].filter(innerSteps).map(listIn)
  const lists = new Set<string>([...PARTS, ...groups])
  const homeOf = (id: string): string => [lead, follow].map((side) => side.homes.get(id)).find((home) => home !== undefined && lists.has(home)) ?? 'teststeps'
  const left = new Set(steps.keys())
  const build = (list: string): Step[] => {
    const here = (side: Apart): string[] => (side.lists.get(list) ?? []).filter((id) => left.has(id) && homeOf(id) === list)
    return taken(ordered(here(lead), here(follow)))
  }
  const taken = (ids: readonly string[]): Step[] => ids.map((id) => {
    left.delete(id)
    const step = steps.get(id)!
    return innerSteps(step) ? { ...step, steps: build(listIn(step)) } : step
  })
  const tree = { setup: build('setup'), teststeps: build('teststeps'), teardown: build('teardown') }
  // Groups that the two sides put into each other, and what only a group that is gone held.
  while (left.size) tree.teststeps.push(...taken([...left].slice(0, 1)))
  return tree
}

/** All ids: in the order of one list, those it lacks after the one they follow in the other. */
function ordered(lead: readonly string[], follow: readonly string[]): string[] {
  const ids = [...lead]
  for (const [at, id] of follow.entries()) {
    if (ids.includes(id)) continue
    const before = follow[at - 1]
    ids.splice(before ? ids.indexOf(before) + 1 : 0, 0, id)
  }
  return ids
}
