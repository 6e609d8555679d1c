/** Grid rows as text and back: one row a line, `#` disables it, ` // ` begins its description. */

import { nextKey, type Row } from './document'
import { parseJson, toJson } from './json'
import { valueText } from './values'

/** How values are read: `typed` as JSON where they look like it (variables), `texts` as they stand (headers, params). */
export type BulkMode = 'typed' | 'texts'

/** Rows as lines `name: value`; a text that would read back as something else is written in quotes. */
export function bulkText(rows: readonly Row[], mode: BulkMode = 'typed'): string {
  return rows.filter((row) => row.name !== '' || row.value !== '').map((row) => {
    const description = row.description ? `  // ${row.description}` : ''
    return `${row.enabled ? '' : '# '}${row.name}: ${written(row.value, mode)}${description}`
  }).join('\n')
}

function written(value: unknown, mode: BulkMode): string {
  if (typeof value !== 'string') return value === null ? 'null' : valueText(value)
  const bare = value === value.trim() && !/[\r\n]/.test(value) && !value.includes('  // ')
  return bare && (mode === 'texts' || read(value) === value) ? value : toJson(value)
}

/** A value that looks like JSON is JSON, everything else is text. */
function read(text: string): unknown {
  if (!/^(-?\d|"|\[|\{|true$|false$|null$)/.test(text)) return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

function readText(text: string): unknown {
  const value = text.startsWith('"') ? read(text) : text
  return typeof value === 'string' && written(value, 'texts') === text ? value : text
}

/**
 * Rows of the lines. `name: value`, `name=value`, `name<Tab>value` and a bare `name` are understood. Descriptions are
 * kept by name from `before` for lines that have none of their own, and so are the types of untouched values.
 */
export function bulkRows(text: string, before: readonly Row[] = [], mode: BulkMode = 'typed'): Row[] {
  const old = new Map(before.map((row) => [row.name, row]))
  return text.split(/\r?\n/).flatMap((line) => {
    const disabled = /^\s*(#|\/\/)/.test(line)
    const body = disabled ? line.replace(/^\s*(#|\/\/)\s?/, '') : line
    if (!body.trim()) return []
    const { name, value, description } = split(body)
    const known = old.get(name)
    old.delete(name)
    return [{
      key: known?.key ?? nextKey(),
      name,
      value: known && written(known.value, mode) === value ? known.value : (mode === 'typed' ? read(value) : readText(value)),
      enabled: !disabled,
      description: description ?? known?.description ?? '',
    }]
  })
}

function split(line: string): { name: string; value: string; description: string | undefined } {
  const tabs = line.split('\t')
  if (tabs.length > 1) return { name: tabs[0]!.trim(), value: tabs[1]!.trim(), description: tabs[2]?.trim() }
  const cut = line.lastIndexOf('  // ')
  const body = cut < 0 ? line : line.slice(0, cut)
  const description = cut < 0 ? undefined : line.slice(cut + 5).trim()
  const colon = /^\s*(:?[^:=]*?)\s*:(?:\s+|$)(.*)$/.exec(body)
  const equals = /^\s*([^=\s:]+)\s*=(.*)$/.exec(body)
  const tight = /^\s*(:?[^:\s]+):(.*)$/.exec(body)
  const found = colon ?? equals ?? tight
  if (!found) return { name: body.trim(), value: '', description }
  return { name: found[1]!.trim(), value: found[2]!.trim(), description }
}

/** Whether pasted text is several rows (many lines, or columns from a spreadsheet) and not just a value. */
export function isManyRows(text: string): boolean {
  const lines = text.split(/\r?\n/).filter((line) => line.trim())
  if (lines.length > 1) return lines.every((line) => /[\t:=]/.test(line)) && !/^\s*[[{<]/.test(text)
  return lines.length === 1 && lines[0]!.includes('\t')
}

/** The lines switched off, or on again when all of them are off; empty lines stay as they are. */
export function switchLines(lines: readonly string[]): string[] {
  const off = (line: string): boolean => /^\s*(#|\/\/)/.test(line)
  const all = lines.filter((line) => line.trim()).every(off)
  return lines.map((line) => {
    if (!line.trim()) return line
    return all ? line.replace(/^(\s*)(#|\/\/)\s?/, '$1') : off(line) ? line : `# ${line}`
  })
}
