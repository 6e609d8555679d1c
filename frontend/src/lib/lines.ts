/** Two versions of a text line by line: what went, what came, and a few lines around each change. */

export interface LineRow {
  kind: 'same' | 'removed' | 'added' | 'gap'
  /** Numbers of the line in the old and in the new text. */
  old?: number
  now?: number
  text: string
  /** Of a gap: how many equal lines are left out. */
  skipped?: number
}

const AROUND = 3
/** More pairs of lines than this are not compared one by one: the stretch counts as replaced. */
const MOST_PAIRS = 4_000_000

/** The rows to show; none when the texts are equal. */
export function lineRows(before: string, after: string, around = AROUND): LineRow[] {
  const rows = compared(linesOf(before), linesOf(after))
  return rows.some((row) => row.kind !== 'same') ? folded(rows, around) : []
}

function linesOf(text: string): string[] {
  if (!text) return []
  return text.replace(/\n$/, '').split('\n')
}

function compared(old: string[], now: string[]): LineRow[] {
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start += 1
  let end = 0
  while (end < old.length - start && end < now.length - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end += 1
  const same = (from: number, to: number, count: number): LineRow[] =>
    Array.from({ length: count }, (_, at): LineRow => ({ kind: 'same', old: from + at + 1, now: to + at + 1, text: old[from + at]! }))
  const middle = changed(old.slice(start, old.length - end), now.slice(start, now.length - end), start)
  return [...same(0, 0, start), ...middle, ...same(old.length - end, now.length - end, end)]
}

/** The shortest way from one stretch of lines to the other, by the longest common row of lines. */
function changed(old: string[], now: string[], start: number): LineRow[] {
  const gone = (at: number): LineRow => ({ kind: 'removed', old: start + at + 1, text: old[at]! })
  const came = (at: number): LineRow => ({ kind: 'added', now: start + at + 1, text: now[at]! })
  if (old.length * now.length > MOST_PAIRS) return [...old.map((_, at) => gone(at)), ...now.map((_, at) => came(at))]
  const width = now.length + 1
  const table = new Uint32Array((old.length + 1) * width)
  for (let a = old.length - 1; a >= 0; a -= 1) {
    for (let b = now.length - 1; b >= 0; b -= 1) {
      table[a * width + b] = old[a] === now[b] ? table[(a + 1) * width + b + 1]! + 1 : Math.max(table[(a + 1) * width + b]!, table[a * width + b + 1]!)
    }
  }
  const rows: LineRow[] = []
  let [a, b] = [0, 0]
  while (a < old.length || b < now.length) {
    if (a < old.length && b < now.length && old[a] === now[b]) {
      rows.push({ kind: 'same', old: start + a + 1, now: start + b + 1, text: old[a]! })
      a += 1
      b += 1
    } else if (a < old.length && (b === now.length || table[(a + 1) * width + b]! >= table[a * width + b + 1]!)) rows.push(gone(a++))
    else rows.push(came(b++))
  }
  return rows
}

/** Equal lines far from every change become one row that says how many they are. */
function folded(rows: LineRow[], around: number): LineRow[] {
  const near = new Set(rows.flatMap((row, at) => (row.kind === 'same' ? [] : Array.from({ length: 2 * around + 1 }, (_, step) => at + step - around))))
  const shown: LineRow[] = []
  for (const [at, row] of rows.entries()) {
    const last = shown.at(-1)
    if (near.has(at)) shown.push(row)
    else if (last?.kind === 'gap') last.skipped = (last.skipped ?? 0) + 1
    else shown.push({ kind: 'gap', text: '', skipped: 1 })
  }
  return shown
}
