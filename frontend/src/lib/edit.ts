/** What a preview of an edit shows: cases and their places as rows, and which of them are ticked. */

import type { Pick } from '@/api/edits'
import type { EditedCase, EditPlace } from '@/api/types'

export type EditRow =
  | { kind: 'case'; key: string; item: EditedCase }
  | { kind: 'place'; key: string; item: EditedCase; place: EditPlace }

export function keyOf(item: EditedCase, place: EditPlace): string {
  return `${item.id}${place.at}`
}

/** Every case with its places below it; the places of a case that cannot be saved are left out. */
export function rowsOf(cases: readonly EditedCase[]): EditRow[] {
  return cases.flatMap((item): EditRow[] => [
    { kind: 'case', key: String(item.id), item },
    ...item.places.map((place): EditRow => ({ kind: 'place', key: keyOf(item, place), item, place })),
  ])
}

/** The ticked places of each case that has any; `off` holds the keys of the others. */
export function picksOf(cases: readonly EditedCase[], off: ReadonlySet<string>): Pick[] {
  return cases
    .filter((item) => !item.problem)
    .map((item) => ({ id: item.id, version: item.version, places: item.places.filter((place) => !off.has(keyOf(item, place))).map((place) => place.at) }))
    .filter((pick) => pick.places.length > 0)
}

/** Whether all, some or none of the places are ticked. */
export function stateOf(items: readonly EditedCase[], off: ReadonlySet<string>): 'all' | 'some' | 'none' {
  const keys = items.filter((item) => !item.problem).flatMap((item) => item.places.map((place) => keyOf(item, place)))
  const on = keys.filter((key) => !off.has(key)).length
  if (!on) return 'none'
  return on === keys.length ? 'all' : 'some'
}

/** The set with these places ticked or not. */
export function ticked(items: readonly EditedCase[], off: ReadonlySet<string>, on: boolean): Set<string> {
  const next = new Set(off)
  for (const item of items) {
    for (const place of item.places) {
      if (on) next.delete(keyOf(item, place))
      else next.add(keyOf(item, place))
    }
  }
  return next
}
