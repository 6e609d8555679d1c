import { describe, expect, it } from 'vitest'
import { bracedIfNeeded, insertion, placeAt, segments, usedVariables } from '../../src/lib/complete'

describe('pieces of a text', () => {
  it.each([
    ['plain', [['plain', 'text']]],
    ['/u/$id/x', [['/u/', 'text'], ['$id', 'variable'], ['/x', 'text']]],
    ['${id}', [['${id}', 'variable']]],
    ['a ${f($x, 1)} b', [['a ', 'text'], ['${f($x, 1)}', 'function'], [' b', 'text']]],
    ['$$5 $5', [['$$', 'escape'], ['5 $5', 'text']]],
    ['${broken', [['${broken', 'text']]],
  ])('%s', (text, expected) => {
    expect(segments(text).map((piece) => [piece.text, piece.kind])).toEqual(expected)
  })

  it('finds variables inside arguments', () => {
    expect(usedVariables('${sign($token, ${n})} $$no $a')).toEqual(['token', 'n', 'a'])
  })
})

describe('completing', () => {
  it.each([
    ['$to', 3, { from: 0, to: 3, typed: 'to', braced: false }],
    ['a ${si}', 6, { from: 2, to: 7, typed: 'si', braced: true }],
    ['${', 2, { from: 0, to: 2, typed: '', braced: true }],
    ['$abc', 2, { from: 0, to: 4, typed: 'a', braced: false }],
    ['$$a', 3, undefined],
    ['abc', 3, undefined],
  ])('%j at %i', (text, at, place) => {
    expect(placeAt(text, at)).toEqual(place)
  })

  it('puts the caret between the parentheses of a function that takes something', () => {
    const name = { name: 'sign', kind: 'function' as const, origin: '', detail: '(user)' }
    expect(insertion(name)).toEqual({ text: '${sign()}', caret: 7 })
    expect(insertion({ ...name, detail: '()' }).caret).toBe(9)
  })

  it('braces a variable that would run into the next letter', () => {
    expect(bracedIfNeeded('$a', 'bc')).toBe('${a}')
    expect(bracedIfNeeded('$a', '/bc')).toBe('$a')
  })
})
