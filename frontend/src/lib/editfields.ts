/** The fields of the form of an edit, and the change they mean. */

import { PARTS, type Change, type Part } from '@/api/edits'
import { readValue, type ValueType } from './values'

export interface EditFields {
  kind: Change['kind']
  find: string
  replacement: string
  regex: boolean
  matchCase: boolean
  parts: Part[]
  headerName: string
  headerValue: string
  overwrite: boolean
  expression: string
  comparator: string
  expected: string
  expectedType: ValueType
}

export function usualFields(kind: Change['kind'] = 'replace'): EditFields {
  return {
    kind, find: '', replacement: '', regex: false, matchCase: true, parts: [...PARTS], headerName: '', headerValue: '', overwrite: false,
    expression: 'status_code', comparator: 'eq', expected: '200', expectedType: 'integer',
  }
}

/** The change, or nothing while the form is not filled in. */
export function changeOf(fields: EditFields): Change | undefined {
  if (fields.kind === 'replace') {
    if (!fields.find || !fields.parts.length) return undefined
    return { kind: 'replace', find: fields.find, replacement: fields.replacement, regex: fields.regex, match_case: fields.matchCase, parts: fields.parts }
  }
  if (fields.kind === 'header') {
    if (!fields.headerName.trim()) return undefined
    return { kind: 'header', name: fields.headerName.trim(), value: fields.headerValue, overwrite: fields.overwrite }
  }
  const expected = readValue(fields.expected, fields.expectedType)
  if (!fields.expression.trim() || !fields.comparator.trim() || expected.problem) return undefined
  return { kind: 'check', expression: fields.expression.trim(), comparator: fields.comparator.trim(), expected: expected.value }
}
