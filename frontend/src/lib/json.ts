/** JSON that keeps numbers exact: a number JavaScript would change stays as its own digits (a raw JSON value). */

export interface RawNumber {
  readonly rawJSON: string
}

type Reviver = (this: unknown, key: string, value: unknown, context?: { source?: string }) => unknown

interface RawJson {
  parse(text: string, reviver: Reviver): unknown
  rawJSON?: (text: string) => RawNumber
  isRawJSON?: (value: unknown) => boolean
}

const native = JSON as unknown as RawJson

export function isRaw(value: unknown): value is RawNumber {
  return native.isRawJSON?.(value) ?? false
}

/** The number written as `source`: a JavaScript number where it is the same number of the same type, else its digits. */
export function exactNumber(source: string): number | RawNumber {
  const value = Number(source)
  if (!native.rawJSON || String(value) === source) return value
  const float = /[.eE]/.test(source)
  if (!float && Number.isSafeInteger(value)) return value
  if (float && !Number.isInteger(value) && significant(source).length <= 15) return value
  return native.rawJSON(source)
}

function significant(source: string): string {
  return (source.split(/[eE]/)[0] ?? '').replace(/[-+.]/g, '').replace(/^0+/, '')
}

export function parseJson(text: string): unknown {
  return native.parse(text, function (_key, value, context) {
    return typeof value === 'number' && context?.source !== undefined ? exactNumber(context.source) : value
  })
}

export function toJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent) ?? ''
}

/** A copy that shares nothing with the original. */
export function clone<T>(value: T): T {
  return value === undefined ? value : (parseJson(toJson(value)) as T)
}

export function same(left: unknown, right: unknown): boolean {
  return left === right || toJson(left) === toJson(right)
}

/** A plain JSON object: not null, not a list, not an exact number. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRaw(value)
}
