import { describe, expect, it } from 'vitest'
import { bulkRows, bulkText, isManyRows, switchLines } from '../../src/lib/bulk'
import { blankRow, mapOf, rowsOf } from '../../src/lib/document'

describe('rows as text', () => {
  it('keeps types, disabled rows and descriptions both ways', () => {
    const map = [
      { name: 'user', value: 'ann' }, { name: 'age', value: 7 }, { name: 'digits', value: '7' }, { name: 'ok', value: true },
      { name: 'nothing', value: null }, { name: 'list', value: [1, 'a'] }, { name: 'url', value: 'http://x/y?a=b', description: 'where' },
      { name: 'off', value: 'x: y', enabled: false }, { name: 'lines', value: 'a\nb' }, { name: 'empty', value: '' },
    ]
    const rows = rowsOf(map)
    expect(mapOf(bulkRows(bulkText(rows)))).toEqual(map)
  })

  it.each([
    ['a: 1', { a: 1 }], ['a=1', { a: 1 }], ['a\t1', { a: 1 }], ['a:b', { a: 'b' }], ['flag', [{ name: 'flag', value: '' }]],
    ['X-Id: ${uid()}', { 'X-Id': '${uid()}' }], ['time: 10:30', { time: '10:30' }], ['', {}], [':authority: x', { ':authority': 'x' }],
  ])('reads %j', (text, map) => {
    expect(mapOf(bulkRows(text))).toEqual(Array.isArray(map) ? { flag: '' } : map)
  })

  it('keeps texts as texts where a grid holds texts, and the type of an untouched value', () => {
    const before = rowsOf({ page: 1, id: '0012' })
    expect(mapOf(bulkRows(bulkText(before, 'texts'), before, 'texts'))).toEqual({ page: 1, id: '0012' })
    expect(mapOf(bulkRows('page: 2', before, 'texts'))).toEqual({ page: '2' })
  })

  it('keeps the description and the key of a row whose line lost them', () => {
    const before = [{ ...blankRow('a', 'x'), description: 'kept' }]
    expect(bulkRows('a: y', before)[0]).toMatchObject({ key: before[0]!.key, value: 'y', description: 'kept' })
  })

  it('disables with a hash', () => {
    expect(bulkRows('# a: 1')[0]).toMatchObject({ name: 'a', value: 1, enabled: false })
  })

  it.each([['a: 1\nb: 2', true], ['a\t1', true], ['just a text', false], ['{"a": 1,\n"b": 2}', false], ['line one\nline two', false]])(
    'sees whether %j is many rows', (text, many) => {
      expect(isManyRows(text)).toBe(many)
    })
})

describe('marked lines', () => {
  it('are switched off together, and on again when all of them are off', () => {
    const off = switchLines(['a: 1', '', '# b: 2'])
    expect(off).toEqual(['# a: 1', '', '# b: 2'])
    expect(switchLines(off)).toEqual(['a: 1', '', 'b: 2'])
  })
})
