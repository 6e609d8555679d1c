/** Two runs side by side: which case stands otherwise in one than in the other, and which takes much longer. */

import { isBad, type CaseRow } from './report'

export const GROUPS = ['broken', 'cause', 'repaired', 'other', 'slower', 'added', 'gone'] as const
export type Group = (typeof GROUPS)[number]

export interface Pair {
  key: string
  name: string
  module: string
  before?: CaseRow
  now?: CaseRow
}

export interface Comparison {
  groups: { group: Group; pairs: Pair[] }[]
  /** Cases that stand the same in both. */
  same: number
}

/** Slower is what takes twice as long and a noticeable time longer. */
const FACTOR = 2
const NOTICEABLE_MS = 200

/** A case by its number, else its name; each data row by itself. */
function keyOf(row: CaseRow): string {
  return JSON.stringify([row.case_id ?? `${row.module}/${row.name}`, row.row])
}

function groupOf({ before, now }: Pair): Group | undefined {
  if (!before) return 'added'
  if (!now) return 'gone'
  if (isBad(now.outcome) && !isBad(before.outcome)) return 'broken'
  if (isBad(before.outcome) && now.outcome === 'passed') return 'repaired'
  if (now.outcome !== before.outcome) return 'other'
  if (isBad(now.outcome) && now.fingerprint !== before.fingerprint) return 'cause'
  const slower = now.elapsed_ms > before.elapsed_ms * FACTOR && now.elapsed_ms - before.elapsed_ms > NOTICEABLE_MS
  return slower ? 'slower' : undefined
}

/** Compares the results of an earlier run with those of a later one, in the order of the later. */
export function compareRuns(before: readonly CaseRow[], now: readonly CaseRow[]): Comparison {
  const earlier = new Map(before.map((row) => [keyOf(row), row]))
  const pairs: Pair[] = now.map((row) => ({ key: keyOf(row), name: row.name, module: row.module, before: earlier.get(keyOf(row)), now: row }))
  const known = new Set(pairs.map((pair) => pair.key))
  for (const [key, row] of earlier) if (!known.has(key)) pairs.push({ key, name: row.name, module: row.module, before: row })
  const byGroup = new Map<Group, Pair[]>(GROUPS.map((group) => [group, []]))
  let same = 0
  for (const pair of pairs) {
    const group = groupOf(pair)
    if (group) byGroup.get(group)?.push(pair)
    else same += 1
  }
  return { groups: [...byGroup].filter(([, found]) => found.length).map(([group, found]) => ({ group, pairs: found })), same }
}
