/** The rows of the step list as it is drawn: heads of setup, steps and teardown, groups with their steps below. */

import type { Step } from './document'
import { flowText } from './flow'
import { innerSteps, listIn, PARTS, type Part, type Place, type StepRow } from './steptree'
import { valueText } from './values'

export interface PartHead {
  kind: 'part'
  key: string
  part: Part
  count: number
}

export interface StepLine {
  kind: 'step'
  key: string
  row: StepRow
  /** The steps of a group; undefined when it is none. */
  inner: readonly Step[] | undefined
  folded: boolean
}

export type ListRow = PartHead | StepLine
export type Side = 'before' | 'after' | 'into'

/** With words in the filter only the steps that hold them, whatever is folded. */
export function listRows(rows: readonly StepRow[], folded: ReadonlySet<string>, filter: string): ListRow[] {
  const words = filter.trim().toLowerCase()
  const sections = rows.some((row) => row.part !== 'teststeps')
  const found: ListRow[] = []
  for (const part of PARTS) {
    const own = rows.filter((row) => row.part === part)
    if (sections) found.push({ kind: 'part', key: `part ${part}`, part, count: own.length })
    for (const row of own) {
      if (words ? !textOf(row.step).includes(words) : row.around.some((group) => folded.has(group.id))) continue
      found.push({ kind: 'step', key: row.step.id, row, inner: innerSteps(row.step), folded: folded.has(row.step.id) })
    }
  }
  return found
}

function textOf(step: Step): string {
  const { request } = step
  return [step.name, valueText(request?.method), valueText(request?.url), flowText(step.function)].join(' ').toLowerCase()
}

/** Where a step dropped on a row goes. */
export function placeAt(target: ListRow, side: Side): Place {
  if (target.kind === 'part') return { list: target.part, at: 0 }
  const { row, inner, folded } = target
  if (inner && side === 'into') return { list: listIn(row.step), at: inner.length }
  if (inner?.length && side === 'after' && !folded) return { list: listIn(row.step), at: 0 }
  return { list: row.list, at: side === 'before' ? row.at : row.at + 1 }
}
