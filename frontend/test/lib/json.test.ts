import { describe, expect, it } from 'vitest'
import { clone, isMap, isRaw, layOut, parseJson, same, sameScalar, toJson } from '../../src/lib/json'

describe('exact JSON', () => {
  it.each(['{"a":1,"b":[true,null,"x"]}', '12345678901234567890', '{"price":1.0}', '[0.1,1e3,-0.5,9007199254740993]', '1.2300'])(
    'writes %s back as it came', (text) => {
      expect(toJson(parseJson(text))).toBe(text)
    })

  it('keeps an integer above 2^53 digit by digit', () => {
    expect(toJson(parseJson('{"id":12345678901234567890}'))).toBe('{"id":12345678901234567890}')
  })

  it('keeps a whole number written as a decimal a decimal', () => {
    expect(toJson(parseJson('[1.0,1]'))).toBe('[1.0,1]')
  })

  it('reads ordinary numbers as JavaScript numbers', () => {
    expect(parseJson('[1,-2,0.25]')).toEqual([1, -2, 0.25])
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

describe('JSON laid out', () => {
  it('has its tokens as they were written, and tells names that come twice', () => {
    const text = '{"a":1.10,"b":{},"a":[1e5,"\\u00e9",{"c":[]}],"d":{"a":12345678901234567890}}'

    expect(layOut(text)).toEqual({
      text: '{\n  "a": 1.10,\n  "b": {},\n  "a": [\n    1e5,\n    "\\u00e9",\n    {\n      "c": []\n    }\n  ],\n  "d": {\n    "a": 12345678901234567890\n  }\n}',
      repeated: ['a'],
    })
  })

  it.each(['[]', '"a"', '{"x":[{"y":null},true]}', '[[],{},[1,2]]'])('lays %s out as JavaScript does', (text) => {
    expect(layOut(text).text).toBe(JSON.stringify(JSON.parse(text), null, 2))
  })

  it('refuses what is no JSON', () => {
    expect(() => layOut('{a:1}')).toThrow()
  })
})

describe('two numbers', () => {
  it.each([['1.10', '1.1', true], ['1e2', '100', true], ['0.0', '-0', true], ['12345678901234567890', '12345678901234567891', false],
    ['0.1', '0.10000000000000000001', false], ['"1"', '1', false]])('%s and %s are the same: %s', (left, right, found) => {
    expect(sameScalar(parseJson(left), parseJson(right))).toBe(found)
  })
})
