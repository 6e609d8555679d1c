/** The parts of a case's config, and its parameters as tables. */

import { flowText, flowValue } from './flow'
import { countOf, nextKey, type Json } from './document'
import { isMap, parseJson, toJson } from './json'

export const CONFIG_TABS = ['general', 'auth', 'variables', 'parameters', 'hooks'] as const

export function configCounts(config: Json): Record<string, number> {
  return {
    variables: countOf(config.variables),
    parameters: countOf(config.parameters),
    hooks: countOf(config.setup_hooks) + countOf(config.teardown_hooks),
  }
}

/** One entry of `parameters`: names joined by a dash over rows of values, or a call that gives them. */
export interface ParameterTable {
  key: number
  names: string[]
  rows: unknown[][]
  /** `${P(users.csv)}` and the like; then `rows` is empty. */
  source: string
}

export function tablesOf(parameters: unknown): ParameterTable[] {
  if (Array.isArray(parameters)) return parameters.filter(isMap).flatMap(tablesOf)
  if (!isMap(parameters)) return []
  return Object.entries(parameters).map(([joined, value]) => {
    const names = joined.split('-')
    if (!Array.isArray(value)) return { key: nextKey(), names, rows: [], source: flowText(value) }
    return { key: nextKey(), names, rows: value.map((row) => rowOf(row, names)), source: '' }
  })
}

function rowOf(row: unknown, names: string[]): unknown[] {
  if (isMap(row)) return names.map((name) => row[name] ?? '')
  if (Array.isArray(row) && names.length > 1) return names.map((_name, at) => row[at] ?? '')
  return [row]
}

/** One column is a list of values, several are a list of rows. */
export function parametersOf(tables: readonly ParameterTable[]): Json {
  return Object.fromEntries(tables.filter((table) => table.names.some(Boolean)).map((table) => {
    const rows = table.names.length === 1 ? table.rows.map((row) => row[0]) : table.rows
    return [table.names.join('-'), table.source ? flowValue(table.source) : rows]
  }))
}

/** How many times the case runs; undefined when a call decides. */
export function rowCount(tables: readonly ParameterTable[]): number | undefined {
  if (tables.some((table) => table.source)) return undefined
  return tables.reduce((product, table) => product * table.rows.length, 1)
}

/** A table pasted from a spreadsheet or a CSV text: the first line names the columns. */
export function tableOfText(text: string): { names: string[]; rows: unknown[][] } | undefined {
  const lines = text.split(/\r?\n/).filter((line) => line.trim())
  const separator = lines[0]?.includes('\t') ? '\t' : ','
  const cells = lines.map((line) => cellsOf(line, separator))
  const names = (cells[0] ?? []).map((name) => name.trim().replace(/\W+/g, '_'))
  if (lines.length < 2 || names.some((name) => !/^[A-Za-z_]\w*$/.test(name))) return undefined
  return { names, rows: cells.slice(1).map((row) => names.map((_name, at) => (row[at] ?? '').trim())) }
}

function cellsOf(line: string, separator: string): string[] {
  const cells: string[] = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < line.length; at += 1) {
    const char = line[at]!
    if (quoted && char === '"' && line[at + 1] === '"') {
      cell += '"'
      at += 1
    } else if (char === '"' && (quoted || cell === '')) quoted = !quoted
    else if (char === separator && !quoted) {
      cells.push(cell)
      cell = ''
    } else cell += char
  }
  return [...cells, cell]
}

/** A cell as typed: JSON where it looks like it, else a text. */
export function cellValue(text: string, before: unknown): unknown {
  if (typeof before === 'string' || before === undefined) return text
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

export function sameTables(left: readonly ParameterTable[], right: unknown): boolean {
  return toJson(parametersOf(left)) === toJson(parametersOf(tablesOf(right)))
}
