/** The environments of a project side by side: a row for each address, variable and secret, a column for each environment. */

import type { Environment } from '@/api/types'
import { mapOf, rowsOf } from './document'
import { readValue, typeOfValue, valueText } from './values'

export type Kind = 'base_url' | 'services' | 'variables' | 'secrets'

export interface MatrixRow {
  kind: Kind
  name: string
}

/** Base URL, services, variables, secrets; each name once, in the order first met. */
export function matrixRows(environments: readonly Environment[]): MatrixRow[] {
  const names = (kind: Kind, of: (one: Environment) => string[]): MatrixRow[] =>
    [...new Set(environments.flatMap(of))].filter(Boolean).map((name) => ({ kind, name }))
  return [
    { kind: 'base_url', name: '' },
    ...names('services', (one) => Object.keys(one.services)),
    ...names('variables', (one) => rowsOf(one.variables).map((row) => row.name)),
    ...names('secrets', (one) => Object.keys(one.secrets)),
  ]
}

/** What stands in a cell; nothing where the environment does not have it. A stored secret is never known. */
export function cellText(environment: Environment, row: MatrixRow): string | undefined {
  if (row.kind === 'base_url') return environment.base_url
  if (row.kind === 'services') return environment.services[row.name]
  if (row.kind === 'secrets') return row.name in environment.secrets ? '' : undefined
  const found = rowsOf(environment.variables).find((one) => one.name === row.name)
  return found ? valueText(found.value) : undefined
}

/** The change of an environment that writes a cell; an empty text takes the entry away. */
export function cellChange(environment: Environment, row: MatrixRow, text: string): Record<string, unknown> {
  if (row.kind === 'base_url') return { base_url: text.trim() }
  if (row.kind === 'secrets') return { secrets: { [row.name]: text === '' ? null : text } }
  if (row.kind === 'services') {
    const { [row.name]: _old, ...others } = environment.services
    return { services: text.trim() ? { ...environment.services, [row.name]: text.trim() } : others }
  }
  const rows = rowsOf(environment.variables)
  const known = rows.find((one) => one.name === row.name)
  if (!known) return { variables: mapOf([...rows, { key: 0, name: row.name, value: text, enabled: true, description: '' }]) }
  const kept = text === '' ? rows.filter((one) => one !== known) : rows.map((one) => (one === known ? { ...one, value: retyped(one.value, text) } : one))
  return { variables: mapOf(kept) }
}

/** A number stays one as long as what is typed is one. */
function retyped(old: unknown, text: string): unknown {
  const read = readValue(text, typeOfValue(old) === 'null' ? 'text' : typeOfValue(old))
  return read.problem ? text : read.value
}
