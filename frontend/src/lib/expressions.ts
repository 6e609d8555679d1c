/** Expressions offered for checks and extracts: the usual words, and the paths of the last answer. */

import type { Step as StepResult } from '@/api/result'
import { bodyExpression, headerExpression, jsonRows, pathsBelow } from './jsonrows'
import { parseJson } from './json'

export const USUAL = ['status_code', 'body', 'headers."Content-Type"', 'cookies', 'elapsed_ms', 'text', 'reason', 'url']
const MOST = 300

export function expressionsOf(result: StepResult | undefined): readonly string[] {
  const response = result?.exchanges.at(-1)?.response
  if (!response) return USUAL
  const headers = Object.keys(response.headers).map(headerExpression)
  return [...new Set([...USUAL, ...bodyPaths(response.body), ...headers])]
}

function bodyPaths(body: string | null): string[] {
  if (!body || !/^\s*[[{]/.test(body)) return []
  try {
    const value = parseJson(body)
    return jsonRows(value, new Set(pathsBelow(value, '', 100))).slice(0, MOST).map((row) => bodyExpression(row.path))
  } catch {
    return []
  }
}
