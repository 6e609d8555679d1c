/** What an environment takes from the one it is based on, and that one from its own: the nearer always wins. */

import type { Environment } from '@/api/types'
import { rowsOf } from './document'
import type { Kind } from './matrix'
import { valueText } from './values'

/** One entry of a base: as the environment has it, or hidden by a nearer one of the same name. */
export interface Inherited {
  kind: Kind
  name: string
  /** Of a secret nothing is known. */
  text: string
  value: unknown
  from: Environment
  overriddenBy?: Environment
}

/** The environment, its base, the base of that; a circle ends where it closes. */
export function lineage(environment: Environment, all: readonly Environment[]): Environment[] {
  const found = [environment]
  for (;;) {
    const base = all.find((one) => one.id === found.at(-1)!.base_id)
    if (!base || found.some((one) => one.id === base.id)) return found
    found.push(base)
  }
}

/** Those an environment may be based on: not itself, none that is based on it. */
export function possibleBases(environment: Environment, all: readonly Environment[]): Environment[] {
  return all.filter((one) => !lineage(one, all).some((older) => older.id === environment.id))
}

/** All that the bases say, in the order of the sections of the page. */
export function inheritedFrom(environment: Environment, all: readonly Environment[]): Inherited[] {
  const owners = new Map<string, Environment>()
  const found = lineage(environment, all).flatMap((one) => {
    const rows = entries(one).map((row): Inherited => {
      const hidden = owners.get(keyOf(row))
      return { ...row, from: one, ...(hidden ? { overriddenBy: hidden } : {}) }
    })
    for (const row of rows) if (!owners.has(keyOf(row))) owners.set(keyOf(row), one)
    return one.id === environment.id ? [] : rows
  })
  const order: Kind[] = ['base_url', 'variables', 'secrets', 'services']
  return order.flatMap((kind) => found.filter((row) => row.kind === kind))
}

/** What stands in effect in a cell the environment itself leaves empty. */
export function inheritedCell(environment: Environment, all: readonly Environment[], kind: Kind, name: string): Inherited | undefined {
  return inheritedFrom(environment, all).find((row) => row.kind === kind && row.name === name && !row.overriddenBy)
}

type Entry = Omit<Inherited, 'from' | 'overriddenBy'>

function entries(one: Environment): Entry[] {
  return [
    ...(one.base_url ? [{ kind: 'base_url' as const, name: '', text: one.base_url, value: one.base_url }] : []),
    ...rowsOf(one.variables).filter((row) => row.enabled && row.name).map((row): Entry => ({ kind: 'variables', name: row.name, text: valueText(row.value), value: row.value })),
    ...Object.keys(one.secrets).map((name): Entry => ({ kind: 'secrets', name, text: '', value: undefined })),
    ...Object.entries(one.services).map(([name, url]): Entry => ({ kind: 'services', name, text: url, value: url })),
  ]
}

/** Variables and secrets share their names; services have their own. */
function keyOf(row: Entry): string {
  return `${row.kind === 'secrets' ? 'variables' : row.kind}.${row.name}`
}
