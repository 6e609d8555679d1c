/** A JSON value as flat rows for a virtual list, and the JMESPath of each value. */

import { isMap, toJson } from './json'

export interface JsonRow {
  /** Path inside the value, such as `.items[0].id`; the root is empty. */
  path: string
  depth: number
  /** Name of the key, or the index; empty for the root. */
  label: string
  value: unknown
  kind: 'map' | 'list' | 'leaf'
  size: number
  open: boolean
}

const PLAIN = /^[A-Za-z_]\w*$/

/** One more key on a JMESPath: quoted where the language wants it. */
export function joinKey(path: string, key: string): string {
  return path + '.' + (PLAIN.test(key) ? key : JSON.stringify(key))
}

export function joinIndex(path: string, index: number): string {
  return `${path}[${index}]`
}

/** What to write in an extract or a check for the value at `path` of the body. */
export function bodyExpression(path: string): string {
  return 'body' + path
}

/** Header names match whatever their case; names with a dash need quotes. */
export function headerExpression(name: string): string {
  return PLAIN.test(name) ? `headers.${name}` : `headers.${JSON.stringify(name)}`
}

/** Paths open at first: the root and everything while the value stays small. */
export function initiallyOpen(value: unknown, limit = 200): Set<string> {
  const open = new Set<string>()
  let rows = 0
  let level: [string, unknown][] = [['', value]]
  while (level.length > 0 && rows < limit) {
    const next: [string, unknown][] = []
    for (const [path, item] of level) {
      const children = childrenOf(item, path)
      if (children.length === 0) continue
      if (rows > 0 && rows + children.length > limit) continue
      open.add(path)
      rows += children.length
      next.push(...children.map((child): [string, unknown] => [child.path, child.value]))
    }
    level = next
  }
  return open
}

interface Child {
  path: string
  label: string
  value: unknown
}

function childrenOf(value: unknown, path: string): Child[] {
  if (Array.isArray(value)) return value.map((item, index) => ({ path: joinIndex(path, index), label: String(index), value: item }))
  if (isMap(value)) return Object.entries(value).map(([key, item]) => ({ path: joinKey(path, key), label: key, value: item }))
  return []
}

export function kindOf(value: unknown): JsonRow['kind'] {
  if (Array.isArray(value)) return 'list'
  return isMap(value) ? 'map' : 'leaf'
}

/** The rows a tree shows when the paths of `open` are unfolded. */
export function jsonRows(value: unknown, open: ReadonlySet<string>): JsonRow[] {
  const rows: JsonRow[] = []
  const stack: (Child & { depth: number })[] = [{ path: '', label: '', value, depth: 0 }]
  while (stack.length > 0) {
    const item = stack.pop()!
    const children = childrenOf(item.value, item.path)
    const unfolded = children.length > 0 && open.has(item.path)
    rows.push({
      path: item.path, depth: item.depth, label: item.label, value: item.value,
      kind: kindOf(item.value), size: children.length, open: unfolded,
    })
    if (!unfolded) continue
    for (let index = children.length - 1; index >= 0; index -= 1) stack.push({ ...children[index]!, depth: item.depth + 1 })
  }
  return rows
}

/** Every path below `path` that can unfold, itself included. */
export function pathsBelow(value: unknown, path = '', limit = 20_000): string[] {
  const found: string[] = []
  const stack: Child[] = [{ path, label: '', value }]
  while (stack.length > 0 && found.length < limit) {
    const item = stack.pop()!
    const children = childrenOf(item.value, item.path)
    if (children.length === 0) continue
    found.push(item.path)
    stack.push(...children)
  }
  return found
}

export interface Found {
  /** Paths of what matches. */
  matched: ReadonlySet<string>
  /** Paths of what a match is in, the root included. */
  around: ReadonlySet<string>
}

/** The values whose key or text holds `words`, whatever their case. */
export function search(value: unknown, words: string): Found {
  const wanted = words.toLowerCase()
  const matched = new Set<string>()
  const around = new Set<string>()
  const stack: (Child & { above: Chain | undefined })[] = [{ path: '', label: '', value, above: undefined }]
  while (stack.length > 0) {
    const item = stack.pop()!
    const children = childrenOf(item.value, item.path)
    const text = children.length > 0 ? '' : typeof item.value === 'string' ? item.value : toJson(item.value)
    if ([item.label, text].some((one) => one.toLowerCase().includes(wanted))) {
      matched.add(item.path)
      for (let one = item.above; one && !around.has(one.path); one = one.above) around.add(one.path)
    }
    const above = { path: item.path, above: item.above }
    stack.push(...children.map((child) => ({ ...child, above })))
  }
  return { matched, around }
}

interface Chain {
  path: string
  above: Chain | undefined
}

/** The rows that match, those they are in, and what is unfolded below a match. */
export function matchingRows(rows: readonly JsonRow[], found: Found): JsonRow[] {
  let inside = Infinity
  return rows.filter((row) => {
    if (row.depth > inside) return true
    inside = found.matched.has(row.path) && row.kind !== 'leaf' ? row.depth : Infinity
    return found.matched.has(row.path) || found.around.has(row.path)
  })
}

/** Name for a variable taken from `path`: its last word, as a name a variable may have. */
export function variableName(path: string, taken: ReadonlySet<string> = new Set()): string {
  const words = path.match(/[A-Za-z_]\w*/g) ?? []
  const name = (words.at(-1) ?? 'value').replace(/([a-z\d])([A-Z])/g, '$1_$2').toLowerCase()
  if (!taken.has(name)) return name
  const before = words.at(-2)?.toLowerCase()
  if (before && !taken.has(`${before}_${name}`)) return `${before}_${name}`
  let number = 2
  while (taken.has(`${name}_${number}`)) number += 1
  return `${name}_${number}`
}

/** The type name a `type_match` check compares with. */
export function pythonType(value: unknown): string {
  if (value === null || value === undefined) return 'NoneType'
  if (Array.isArray(value)) return 'list'
  if (isMap(value)) return 'dict'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'str'
  const text = typeof value === 'number' ? String(value) : (value as { rawJSON: string }).rawJSON
  return /^-?\d+$/.test(text) ? 'int' : 'float'
}
