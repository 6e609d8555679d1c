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
  return !native.rawJSON || String(value) === source ? value : native.rawJSON(source)
}

/** Whether two JSON values are the same; 1.10 is 1.1, and 1e2 is 100. */
export function sameScalar(left: unknown, right: unknown): boolean {
  const [one, other] = [toJson(left), toJson(right)]
  return one === other || (canonical(one) !== undefined && canonical(one) === canonical(other))
}

/** Digits without zeros at their ends, and where the point stands; undefined for what is no number. */
function canonical(json: string): string | undefined {
  const [, sign, whole, fraction = '', exponent = '0'] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/.exec(json) ?? []
  if (whole === undefined) return undefined
  const digits = (whole + fraction).replace(/^0+/, '')
  const short = digits.replace(/0+$/, '')
  return short === '' ? '0' : `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
const STEP = '  '

/** JSON text laid out over lines, every token as it was written, and the names that an object has twice. */
export function layOut(text: string): { text: string; repeated: string[] } {
  JSON.parse(text)
  const lines: string[] = []
  const names: Set<string>[] = []
  const repeated = new Set<string>()
  let line = ''
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    const closes = token === '}' || token === ']'
    const breaks = closes ? last !== '{' && last !== '[' : last === '{' || last === '[' || last === ','
    if (closes) names.pop()
    if (breaks) {
      lines.push(line)
      line = STEP.repeat(names.length)
    }
    if (token === ':') {
      const name = JSON.parse(last) as string
      if (names.at(-1)?.has(name)) repeated.add(name)
      names.at(-1)?.add(name)
    }
    line += token === ':' ? ': ' : token
    if (token === '{' || token === '[') names.push(new Set())
    last = token
  }
  return { text: [...lines, line].join('\n'), repeated: [...repeated] }
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
