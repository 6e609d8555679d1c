/** The filter language of reports: `status:failed method:POST module:Users ms:>500 -tag:slow text`. */

import type { ReportCase, StepRow } from './report'
import { visibleSteps } from './report'

export interface Term {
  field: string
  value: string
  negated: boolean
}

export const FIELDS = ['status', 'module', 'tag', 'case', 'step', 'method', 'url', 'code', 'ms', 'reason', 'cause', 'change'] as const

const TERM = /(-?)(?:([a-z]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/g

/** Reads a filter; a word before a colon that is no field is part of the text searched for. */
export function parseFilter(text: string): Term[] {
  return [...text.matchAll(TERM)].map((match) => {
    const [, minus, field, quoted, plain] = match
    const known = field !== undefined && (FIELDS as readonly string[]).includes(field)
    const value = quoted === undefined ? (plain ?? '') : quoted.replace(/\\(.)/g, '$1')
    return {
      field: known ? field : '',
      value: known || field === undefined ? value : `${field}:${value}`,
      negated: minus === '-',
    }
  })
}

function quote(value: string): string {
  return /^[^\s"]+$/.test(value) ? value : `"${value.replace(/(["\\])/g, '\\$1')}"`
}

export function writeFilter(terms: readonly Term[]): string {
  return terms.map((term) => `${term.negated ? '-' : ''}${term.field ? `${term.field}:` : ''}${quote(term.value)}`).join(' ')
}

/** Adds the term, or takes it away when it is there: what a click on a counter or a bar does. */
export function toggleTerm(text: string, field: string, value: string): string {
  const terms = parseFilter(text)
  const others = terms.filter((term) => !(term.field === field && term.value === value && !term.negated))
  if (others.length < terms.length) return writeFilter(others)
  const single = field !== 'status' && field !== 'change'
  const kept = single ? terms.filter((term) => term.field !== field || term.negated) : terms
  return writeFilter([...kept, { field, value, negated: false }])
}

export function hasTerm(text: string, field: string, value: string): boolean {
  return parseFilter(text).some((term) => term.field === field && term.value === value && !term.negated)
}

function contains(text: string, part: string): boolean {
  return text.toLowerCase().includes(part.toLowerCase())
}

/** `>500`, `<20`, `100..200` (upper end open) or a number that must be equal. */
export function matchesNumber(actual: number, pattern: string): boolean {
  const range = /^(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)?$/.exec(pattern)
  if (range) return actual >= Number(range[1]) && (range[2] === undefined || actual < Number(range[2]))
  const compare = /^([<>]=?)(\d+(?:\.\d+)?)$/.exec(pattern)
  if (!compare) return actual === Number(pattern)
  const limit = Number(compare[2])
  if (compare[1] === '>') return actual > limit
  if (compare[1] === '>=') return actual >= limit
  return compare[1] === '<' ? actual < limit : actual <= limit
}

const CASE_FIELDS: Record<string, (item: ReportCase, value: string) => boolean> = {
  status: (item, value) => (value === 'flaky' ? item.flaky : item.outcome === value),
  module: (item, value) => item.module.toLowerCase() === value.toLowerCase(),
  tag: (item, value) => (item.tags ?? []).some((tag) => tag.toLowerCase() === value.toLowerCase()),
  case: (item, value) => contains(item.name, value),
  reason: (item, value) => contains(item.reason, value),
  cause: (item, value) => item.fingerprint === value,
  change: (item, value) => item.change?.change === value,
}

const STEP_FIELDS: Record<string, (step: StepRow, value: string) => boolean> = {
  step: (step, value) => contains(step.name, value),
  method: (step, value) => step.method.toLowerCase() === value.toLowerCase(),
  url: (step, value) => contains(step.url, value),
  code: (step, value) => matchesNumber(step.statusCode ?? 0, value),
  ms: (step, value) => matchesNumber(step.elapsedMs, value),
}

function caseMatches(item: ReportCase, terms: readonly Term[]): boolean {
  const byField = new Map<string, Term[]>()
  for (const term of terms) {
    if (!(term.field in CASE_FIELDS)) continue
    if (!term.negated) byField.set(term.field, [...(byField.get(term.field) ?? []), term])
    else if (CASE_FIELDS[term.field]?.(item, term.value)) return false
  }
  return [...byField].every(([field, same]) => same.some((term) => CASE_FIELDS[field]?.(item, term.value)))
}

function stepMatches(item: ReportCase, step: StepRow, terms: readonly Term[]): boolean {
  return terms.every((term) => {
    const test = STEP_FIELDS[term.field]
    const found = test
      ? test(step, term.value)
      : [item.name, item.module, step.name, step.url, step.reason].some((text) => contains(text, term.value))
    return found !== term.negated
  })
}

export interface Match {
  item: ReportCase
  steps: StepRow[]
}

/** The cases that match with those of their steps that do; several values of one case field mean "any of them". */
export function filterCases(cases: readonly ReportCase[], text: string): Match[] {
  const terms = parseFilter(text)
  const stepTerms = terms.filter((term) => !(term.field in CASE_FIELDS))
  const found: Match[] = []
  for (const item of cases) {
    if (!caseMatches(item, terms)) continue
    const all = visibleSteps(item)
    const steps = stepTerms.length === 0 ? all : all.filter((step) => stepMatches(item, step, stepTerms))
    if (steps.length > 0) found.push({ item, steps })
  }
  return found
}
