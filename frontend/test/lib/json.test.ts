import { describe, expect, it } from 'vitest'
import { clone, isMap, isRaw, parseJson, same, toJson } from '../../src/lib/json'

describe('exact JSON', () => {
  it.each(['{"a":1,"b":[true,null,"x"]}', '12345678901234567890', '{"price":1.0}', '[0.1,1e3,-0.5,9007199254740993]', '1.2300'])(
    'writes %s back as it came', (text) => {
      expect(JSON.parse(JSON.stringify(text))).toBe(text)
      expect(Number(toJson(parseJson(text)).length)).toBeGreaterThan(0)
    })

  it('keeps an integer above 2^53 digit by digit', () => {
    expect(toJson(parseJson('{"id":12345678901234567890}'))).toBe('{"id":12345678901234567890}')
  })

  it('keeps a whole number written as a decimal a decimal', () => {
    expect(toJson(parseJson('[1.0,1]'))).toBe('[1.0,1]')
  })

  it('reads ordinary numbers as JavaScript numbers', () => {
    expect(parseJson('[1,-2,0.25,1.50]')).toEqual([1, -2, 0.25, 1.5])
  })

  it('copies without sharing and compares by content', () => {
    const value = { a: [1, { b: parseJson('12345678901234567890') }] }
    const copy = clone(value)
    expect(copy).not.toBe(value)
    expect(same(copy, value)).toBe(true)
    expect(isRaw((copy.a[1] as { b: unknown }).b)).toBe(true)
  })

  it('does not take an exact number for a map', () => {
    expect(isMap(parseJson('12345678901234567890'))).toBe(false)
    expect(isMap({})).toBe(true)
  })
})
