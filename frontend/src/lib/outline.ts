/** The list at the left of a report: groups, cases and steps flattened to rows a virtual list can draw. */

import type { Match } from './filter'
import type { Outcome, ReportCase, StepRow } from './report'
import { isBad, keyStep, tally } from './report'

export type GroupBy = 'module' | 'outcome' | 'reason' | 'none'
export type SortBy = 'order' | 'red' | 'slowest' | 'name'
export const GROUPS: readonly GroupBy[] = ['module', 'outcome', 'reason', 'none']
export const SORTS: readonly SortBy[] = ['order', 'red', 'slowest', 'name']

export type OutlineRow =
  | { kind: 'group'; key: string; title: string; counts: Record<Outcome, number>; open: boolean }
  | { kind: 'case'; key: string; item: ReportCase; open: boolean }
  | { kind: 'step'; key: string; item: ReportCase; step: StepRow }

function groupOf(item: ReportCase, by: GroupBy): string {
  if (by === 'outcome') return item.outcome
  if (by === 'reason') return item.reason
  return item.module
}

function sorted(matches: readonly Match[], by: SortBy): Match[] {
  const copy = [...matches]
  if (by === 'red') copy.sort((a, b) => Number(isBad(b.item.outcome)) - Number(isBad(a.item.outcome)))
  if (by === 'slowest') copy.sort((a, b) => b.item.elapsed_ms - a.item.elapsed_ms)
  if (by === 'name') copy.sort((a, b) => a.item.name.localeCompare(b.item.name))
  return copy
}

function caseRows(match: Match, isOpen: (key: string) => boolean): OutlineRow[] {
  const key = `case:${match.item.id}`
  const open = isOpen(key)
  const rows: OutlineRow[] = [{ kind: 'case', key, item: match.item, open }]
  if (open && match.item.steps.length > 0) {
    for (const step of match.steps) rows.push({ kind: 'step', key: `step:${step.id}`, item: match.item, step })
  }
  return rows
}

/** Group counts come from `all`, so that they do not change with the filter. */
export function outline(
  matches: readonly Match[], all: readonly ReportCase[], by: GroupBy, sort: SortBy, isOpen: (key: string) => boolean,
): OutlineRow[] {
  const ordered = sorted(matches, sort)
  if (by === 'none') return ordered.flatMap((match) => caseRows(match, isOpen))
  const totals = new Map<string, ReportCase[]>()
  for (const item of all) {
    const title = groupOf(item, by)
    const members = totals.get(title)
    if (members) members.push(item)
    else totals.set(title, [item])
  }
  const groups = new Map<string, Match[]>()
  for (const match of ordered) {
    const title = groupOf(match.item, by)
    const members = groups.get(title)
    if (members) members.push(match)
    else groups.set(title, [match])
  }
  const rows: OutlineRow[] = []
  const red = (title: string): number => (totals.get(title) ?? []).filter((item) => isBad(item.outcome)).length
  const titles = [...totals.keys()]
  if (sort === 'red') titles.sort((a, b) => red(b) - red(a))
  for (const title of titles) {
    const members = groups.get(title)
    if (!members) continue
    const key = `group:${title}`
    const open = isOpen(key)
    rows.push({ kind: 'group', key, title, counts: tally(totals.get(title) ?? []), open })
    if (open) rows.push(...members.flatMap((match) => caseRows(match, isOpen)))
  }
  return rows
}

/** The steps that n and N walk through: the key step of each bad case in the order shown. */
export function failures(matches: readonly Match[]): StepRow[] {
  return matches.flatMap((match) => {
    const step = match.item.outcome === 'failed' || match.item.outcome === 'error' ? keyStep(match.item) : undefined
    return step ? [step] : []
  })
}
