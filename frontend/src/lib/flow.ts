/** Conditions, loops and needs of a step or case between the document and one line of text. */

import { parseJson, toJson } from './json'
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
