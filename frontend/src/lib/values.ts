/** Typed values in a text cell: which type a value has, how it is written, and how it is read back. */

import { exactNumber, isMap, isRaw, parseJson, toJson } from './json'

export const VALUE_TYPES = ['text', 'integer', 'number', 'boolean', 'null', 'list', 'map'] as const
export type ValueType = (typeof VALUE_TYPES)[number]

export interface ReadValue {
  value: unknown
  /** Key of the reason why the text is not a value of the type; empty when it is. */
  problem: '' | 'integer' | 'number' | 'boolean' | 'list' | 'map'
}

const INTEGER = /^[-+]?\d+$/
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/

export function typeOfValue(value: unknown): ValueType {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (isRaw(value)) return INTEGER.test(value.rawJSON) ? 'integer' : 'number'
  if (Array.isArray(value)) return 'list'
  return isMap(value) ? 'map' : 'text'
}

/** The value as a person types it: texts bare, numbers as digits, lists and maps as JSON on one line. */
export function valueText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return value
  if (isRaw(value)) return value.rawJSON
  if (Array.isArray(value) || isMap(value)) return spaced(value)
  return String(value)
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return '[' + value.map(spaced).join(', ') + ']'
  if (isMap(value)) {
    const inner = Object.entries(value).map(([key, item]) => JSON.stringify(key) + ': ' + spaced(item))
    return '{' + inner.join(', ') + '}'
  }
  return toJson(value)
}

export function readValue(text: string, type: ValueType): ReadValue {
  const trimmed = text.trim()
  switch (type) {
    case 'text':
      return { value: text, problem: '' }
    case 'null':
      return { value: null, problem: '' }
    case 'boolean':
      return readBoolean(trimmed)
    case 'integer':
      return INTEGER.test(trimmed)
        ? { value: exactNumber(canonical(trimmed)), problem: '' }
        : { value: text, problem: 'integer' }
    case 'number':
      return NUMBER.test(trimmed)
        ? { value: exactNumber(canonical(trimmed)), problem: '' }
        : { value: text, problem: 'number' }
    default:
      return readContainer(trimmed, type)
  }
}

/** JSON has no leading plus, no leading zeros, and wants digits on both sides of the point. */
function canonical(text: string): string {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/.exec(text) ?? []
  const digits = rest.replace(/^0+(?=\d)/, '').replace(/^\./, '0.').replace(/\.(?=$|[eE])/, '.0')
  return (sign === '-' ? '-' : '') + digits
}

function readBoolean(text: string): ReadValue {
  const word = text.toLowerCase()
  if (word === 'true' || word === 'false') return { value: word === 'true', problem: '' }
  return { value: text, problem: 'boolean' }
}

function readContainer(text: string, type: 'list' | 'map'): ReadValue {
  try {
    const value = parseJson(text || (type === 'list' ? '[]' : '{}'))
    const fits = type === 'list' ? Array.isArray(value) : isMap(value)
    return fits ? { value, problem: '' } : { value: text, problem: type }
  } catch {
    return { value: text, problem: type }
  }
}

/** The nearest value of another type: what the type menu makes of the present value. */
export function convertValue(value: unknown, type: ValueType): unknown {
  const text = valueText(value)
  if (type === 'text') return text
  const read = readValue(text, type)
  if (!read.problem) return read.value
  switch (type) {
    case 'integer':
      return Math.trunc(Number(text)) || 0
    case 'number':
      return Number(text) || 0
    case 'boolean':
      return text !== '' && text !== '0'
    case 'list':
      return text === '' ? [] : [value]
    default:
      return {}
  }
}
