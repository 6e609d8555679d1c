/** How numbers and addresses of a report are written. */

/** The path of an address, for lists where the host says nothing new. */
export function pathOf(url: string): string {
  return url.replace(/^[a-z]+:\/\/[^/]*/i, '') || url
}

/** A value as people write it in a check: text in quotes, structures as JSON. */
export function shown(value: unknown): string {
  if (value === undefined) return '–'
  return typeof value === 'string' ? JSON.stringify(value) : JSON.stringify(value, null, value !== null && typeof value === 'object' ? 2 : 0)
}

/** The values of a data row in one line: text as it stands, structures as JSON. */
export function rowLabel(row: Record<string, unknown>): string {
  return Object.values(row).map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' · ')
}

/** Where two texts differ: their common start, the two middles, their common end. */
export function difference(a: string, b: string): { start: string; a: string; b: string; end: string } {
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head += 1
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1
  return { start: a.slice(0, head), a: a.slice(head, a.length - tail), b: b.slice(head, b.length - tail), end: a.slice(a.length - tail) }
}
