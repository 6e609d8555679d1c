import { describe, expect, it } from 'vitest'
import type { EditedCase, EditPlace } from '@/api/types'
import { keyOf, picksOf, rowsOf, stateOf, ticked } from '@/lib/edit'

function place(at: string): EditPlace {
  return { at, part: 'urls', step: 0, step_name: 'a', path: at, head: '', old: 'x', new: 'y', tail: '', count: 1 }
}
const item = (id: number, places: string[], problem = ''): EditedCase => ({
  id, name: `Case ${id}`, module: { id: 1, name: 'M' }, version: 3, places: places.map(place), problem,
})
const two = [item(1, ['/a', '/b']), item(2, ['/a'])]

describe('the preview of an edit', () => {
  it('lists each case before its places', () =>
    expect(rowsOf(two).map((row) => `${row.kind} ${row.key}`)).toEqual(['case 1', 'place 1/a', 'place 1/b', 'case 2', 'place 2/a']))

  it('sends what is ticked, at the version that was seen', () => {
    const off = new Set([keyOf(two[0]!, two[0]!.places[0]!), '2/a'])
    expect(picksOf(two, off)).toEqual([{ id: 1, version: 3, places: ['/b'] }])
  })

  it('leaves out a case that could not be saved', () => expect(picksOf([item(1, ['/a'], 'too large')], new Set())).toEqual([]))

  it('knows whether all, some or none is ticked', () => {
    expect(stateOf(two, new Set())).toBe('all')
    expect(stateOf(two, new Set(['1/a']))).toBe('some')
    expect(stateOf(two, ticked(two, new Set(), false))).toBe('none')
  })

  it('ticks a case again without the others', () => {
    const none = ticked(two, new Set(), false)
    expect([...ticked([two[0]!], none, true)]).toEqual(['2/a'])
  })
})
