/** Conditions, loops and needs of a step or case between the document and one line of text. */

import { comparatorOf } from './comparators'
import { isMap, parseJson, toJson } from './json'
import { valueText } from './values'

/** A text as it is, a structure as JSON. */
export function flowText(value: unknown): string {
  return typeof value === 'object' && value !== null ? toJson(value) : valueText(value)
}

/** What was typed: JSON where it is a list or an object, else the text; nothing for a blank line. */
export function flowValue(text: string): unknown {
  const typed = text.trim()
  if (typed === '') return undefined
  if (!/^[[{]/.test(typed)) return typed
  try {
    return parseJson(typed)
  } catch {
    return typed
  }
}

/** Cases that are needed as one line: names and ids, separated by commas. */
export function needsText(value: unknown): string {
  return (Array.isArray(value) ? value : [value]).map(valueText).filter(Boolean).join(', ')
}

export function needsValue(text: string): unknown {
  const found = text.split(/[,，]/).map((one) => one.trim()).filter(Boolean).map((one) => (/^\d+$/.test(one) ? Number(one) : one))
  return found.length > 1 ? found : found[0]
}

export type StepKind = 'request' | 'call' | 'group' | 'function' | 'wait'

export function kindOf(step: Readonly<Record<string, unknown>>): StepKind {
  if (step.testcase !== undefined) return 'call'
  if (step.request !== undefined) return 'request'
  if (Array.isArray(step.steps)) return 'group'
  if (step.function !== undefined) return 'function'
  return step.wait === undefined ? 'request' : 'wait'
}

/** Whether a step may run any other number of times than once. */
export function repeats(step: Readonly<Record<string, unknown>>): boolean {
  return ['for_each', 'while', 'parameters'].some((field) => step[field] !== undefined)
}

/** The names a loop gives to its steps: those it takes each item apart into, and the count. */
export function loopNames(step: Readonly<Record<string, unknown>>): string[] {
  const { for_each: each } = step
  const names = isMap(each) ? Object.keys(each).flatMap((name) => name.split('-')) : each === undefined ? [] : ['item']
  return names.length || step.while !== undefined ? [...names, 'iteration'] : []
}

/** A check as one reads it, any other condition as it is. */
export function conditionText(value: unknown): string {
  const condition = conditionOf(value)
  if (condition.kind !== 'check') return flowText(value)
  const { actual, comparator, expected } = condition
  return [flowText(actual), comparatorOf(comparator)?.sign ?? comparator, expected === '' ? "''" : flowText(expected)].join(' ')
}

/** Whether and how often a step runs, in the words of the file. */
export function flowSummary(step: Readonly<Record<string, unknown>>): string {
  const { for_each: each } = step
  const [pair] = isMap(each) ? Object.entries(each) : []
  return [
    step.if !== undefined && `if ${conditionText(step.if)}`,
    each !== undefined && (pair ? `for ${pair[0]} in ${flowText(pair[1])}` : `for item in ${flowText(each)}`),
    step.while !== undefined && `while ${conditionText(step.while)}`,
  ].filter(Boolean).join(' · ')
}

export type Condition = { kind: 'none' } | { kind: 'value'; value: unknown } | { kind: 'check'; comparator: string; actual: unknown; expected: unknown }

/** A condition taken apart for a form; what is no check of two sides is one value. */
export function conditionOf(value: unknown): Condition {
  if (value === undefined) return { kind: 'none' }
  const [entry, ...more] = isMap(value) ? Object.entries(value) : []
  if (!entry || more.length || !Array.isArray(entry[1]) || entry[1].length !== 2) return { kind: 'value', value }
  return { kind: 'check', comparator: entry[0], actual: entry[1][0], expected: entry[1][1] }
}

export function writeCondition({ comparator, actual, expected }: Extract<Condition, { kind: 'check' }>): unknown {
  return { [comparator]: [actual, expected] }
}

/** The names and the list of `for_each`; a list without a name is walked as `item`. */
export function eachOf(value: unknown): { names: string; items: unknown } {
  const [entry, ...more] = isMap(value) ? Object.entries(value) : []
  return entry && more.length === 0 ? { names: entry[0], items: entry[1] } : { names: '', items: value }
}

export function writeEach(names: string, items: unknown): unknown {
  if (items === undefined || items === '') return undefined
  return names.trim() ? { [names.trim()]: items } : items
}
