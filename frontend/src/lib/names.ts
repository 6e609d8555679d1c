/** The names a text of a step may use: variables with their origin, functions with their arguments. */

import type { Environment, FunctionEntry } from '@/api/types'
import { BUILT_IN_FUNCTIONS, type KnownName, type Origins } from './complete'
import { rowsOf, type CaseDocument, type Step } from './document'
import { loopNames } from './flow'
import { isMap } from './json'
import { rowsOfDocument } from './steptree'
import { valueText } from './values'

export interface NameSources {
  document: CaseDocument
  /** Id of the step that is edited; an empty text for the config. */
  step: string
  /** The environment of the page and those it is based on, nearest first. */
  environments: readonly Environment[]
  functions: readonly FunctionEntry[]
  /** Values seen in answers while the page is open. */
  seen: Readonly<Record<string, unknown>>
  origins: Origins
}

/** Innermost first: a name is listed once, with the origin that wins. */
export function knownNames(sources: NameSources): KnownName[] {
  const found = new Map<string, KnownName>()
  const add = (name: string, origin: string, value?: unknown, late = false): void => {
    if (!name || found.has(name)) return
    const seen = value ?? sources.seen[name]
    const info = seen === undefined ? '' : shortened(valueText(seen))
    found.set(name, { name, kind: 'variable', origin, ...(info ? { info } : {}), ...(late ? { late } : {}) })
  }
  addStepNames(sources, add)
  addCaseNames(sources, add)
  addEnvironmentNames(sources, add)
  addOwnExtracts(sources, add)
  return [...found.values(), ...functionNames(sources)]
}

type Add = (name: string, origin: string, value?: unknown, late?: boolean) => void

function shortened(text: string): string {
  return text.length > 200 ? text.slice(0, 200) + '…' : text
}

function addStepNames({ document, step, origins }: NameSources, add: Add): void {
  const rows = rowsOfDocument(document)
  const at = rows.findIndex((row) => row.step.id === step)
  if (at < 0) return
  const { step: own, around } = rows[at]!
  for (const row of rowsOf(own.variables)) add(row.name, origins.step, row.value)
  for (const one of [own, ...[...around].reverse()]) {
    if (one !== own) for (const row of rowsOf(one.variables)) add(row.name, origins.group(one.name), row.value)
    for (const name of loopNames(one)) add(name, origins.loop)
  }
  for (const { step: earlier } of rows.slice(0, at).reverse()) {
    for (const name of extractedNames(earlier)) add(name, origins.extracted(earlier.name))
  }
}

function addOwnExtracts({ document, step, origins }: NameSources, add: Add): void {
  const own = rowsOfDocument(document).find((row) => row.step.id === step)?.step
  for (const name of own ? extractedNames(own) : []) add(name, origins.extracted(own!.name), undefined, true)
}

/** What a step leaves for later steps: its extracts, or the exports of the case it calls. */
export function extractedNames(step: Step): string[] {
  const extract = rowsOf(step.extract).filter((row) => row.enabled).map((row) => row.name)
  const exported = Array.isArray(step.export) ? step.export.map(valueText) : []
  return [...extract, ...exported].filter(Boolean)
}

function addCaseNames({ document, origins }: NameSources, add: Add): void {
  for (const row of rowsOf(document.config.variables)) add(row.name, origins.config, row.value)
  const parameters = document.config.parameters
  if (!isMap(parameters)) return
  for (const key of Object.keys(parameters)) {
    for (const name of key.split('-')) add(name, origins.parameters)
  }
}

function addEnvironmentNames({ environments, origins }: NameSources, add: Add): void {
  for (const environment of environments) {
    const origin = origins.environment(environment.name)
    for (const row of rowsOf(environment.variables)) if (row.enabled) add(row.name, origin, row.value)
    for (const name of Object.keys(environment.secrets)) add(name, origin, '••••••')
    for (const [name, url] of Object.entries(environment.services)) add(name, origin, url)
    if (environment.base_url) add('base_url', origin, environment.base_url)
  }
}

function functionNames({ functions, origins }: NameSources): KnownName[] {
  const own = functions.map((one): KnownName => ({
    name: one.name, kind: 'function', origin: origins.project, detail: parenthesised(one.arguments), ...(one.doc ? { info: one.doc } : {}),
  }))
  const names = new Set(own.map((one) => one.name))
  const builtin = BUILT_IN_FUNCTIONS.filter((one) => !names.has(one.name))
    .map((one): KnownName => ({ name: one.name, kind: 'function', origin: origins.builtin, detail: one.detail }))
  return [...own, ...builtin]
}

function parenthesised(text: string): string {
  return text.startsWith('(') ? text : `(${text})`
}

/** Names a step uses that only an earlier step can give and nobody has seen a value of yet. */
export function missingFromEarlier(document: CaseDocument, id: string, used: readonly string[], seen: Readonly<Record<string, unknown>>): string[] {
  const rows = rowsOfDocument(document)
  const at = rows.findIndex((row) => row.step.id === id)
  const earlier = new Set(rows.slice(0, Math.max(at, 0)).filter((row) => row.step.enabled !== false).flatMap((row) => extractedNames(row.step)))
  const own = new Set(rowsOf(rows[at]?.step.variables).map((row) => row.name))
  return [...new Set(used)].filter((name) => earlier.has(name) && !own.has(name) && !(name in seen))
}
