/** Checks and extracts made from an answer: what is suggested, and what a clicked value becomes. */

import { mediaType, type Answer } from '@/api/result'
import { checksOf, mapOf, nextKey, rowsOf, validateOf, blankRow, type Step } from './document'
import { isMap, parseJson } from './json'
import { bodyExpression, headerExpression, joinKey, pythonType } from './jsonrows'

export interface SuggestedCheck {
  expression: string
  comparator: string
  expected: unknown
  /** Ticked at first. */
  usual: boolean
}

const MOST = 40

export function suggestedChecks(answer: Answer): SuggestedCheck[] {
  const found: SuggestedCheck[] = [{ expression: 'status_code', comparator: 'eq', expected: answer.status_code, usual: true }]
  const type = mediaType(answer.headers)
  if (type) found.push({ expression: headerExpression('Content-Type'), comparator: 'contains', expected: type, usual: true })
  return [...found, ...bodyChecks(answer.body)].slice(0, MOST)
}

function bodyChecks(body: string | null): SuggestedCheck[] {
  let value: unknown
  try {
    value = parseJson(body ?? '')
  } catch {
    return []
  }
  if (Array.isArray(value)) return [{ expression: 'body', comparator: 'len_gt', expected: 0, usual: value.length > 0 }]
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const expression = bodyExpression(joinKey('', key))
    const type = { expression, comparator: 'type_match', expected: pythonType(item), usual: item !== null && typeof item === 'object' }
    const simple = ['string', 'number', 'boolean'].includes(typeof item)
    return simple ? [{ expression, comparator: 'eq', expected: item, usual: /^(code|status|ok|success|error|msg|message)$/i.test(key) }, type] : [type]
  })
}

/** Add a check, unless the same one is there. Answers whether it was added. */
export function addCheck(step: Step, expression: string, comparator: string, expected: unknown): boolean {
  const rows = checksOf(step.validate)
  if (rows.some((row) => row.expression === expression && row.comparator === comparator && row.expected === expected)) return false
  step.validate = validateOf([...rows, { key: nextKey(), expression, comparator, expected, message: '', enabled: true }])
  return true
}

export function addExtract(step: Step, name: string, expression: string): void {
  step.extract = mapOf([...rowsOf(step.extract), blankRow(name, expression)])
}

/** Bodies hold dollars that are no variables: an expected text is written so that it means itself. */
export function literalText(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\$/g, '$$$$') : value
}
