/** The places where two JSON values differ, by path, instead of two walls of text. */

import { isMap, sameScalar } from './json'
import { joinIndex, joinKey } from './jsonrows'

export interface Difference {
  path: string
  /** Left out: the value is missing on that side. */
  expected?: unknown
  actual?: unknown
}

/** True when the values are both maps or both lists, so that a difference by path says more than the values. */
export function isStructural(expected: unknown, actual: unknown): boolean {
  return (isMap(expected) && isMap(actual)) || (Array.isArray(expected) && Array.isArray(actual))
}

/** Every place where the values differ, deepest paths only; `limit` ends the walk. */
export function differences(expected: unknown, actual: unknown, path = '', limit = 200): Difference[] {
  if (isMap(expected) && isMap(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])]
    return collect(names.map((name) => [joinKey(path, name), pick(expected, name), pick(actual, name)]), limit)
  }
  if (Array.isArray(expected) && Array.isArray(actual)) {
    const length = Math.max(expected.length, actual.length)
    const places = Array.from({ length }, (_, index): Place => [
      joinIndex(path, index),
      index < expected.length ? { value: expected[index] } : {},
      index < actual.length ? { value: actual[index] } : {},
    ])
    return collect(places, limit)
  }
  return sameScalar(expected, actual) ? [] : [{ path, expected, actual }]
}

type Side = { value?: unknown }
type Place = [path: string, expected: Side, actual: Side]

function pick(map: Record<string, unknown>, name: string): Side {
  return Object.hasOwn(map, name) ? { value: map[name] } : {}
}

function collect(places: Place[], limit: number): Difference[] {
  const found: Difference[] = []
  for (const [path, expected, actual] of places) {
    if (found.length >= limit) break
    if ('value' in expected && 'value' in actual) found.push(...differences(expected.value, actual.value, path, limit - found.length))
    else found.push({ path, ...('value' in expected ? { expected: expected.value } : {}), ...('value' in actual ? { actual: actual.value } : {}) })
  }
  return found
}
