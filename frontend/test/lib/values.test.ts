import { describe, expect, it } from 'vitest'
import { parseJson, toJson } from '../../src/lib/json'
import { convertValue, readValue, typeOfValue, valueText } from '../../src/lib/values'

describe('typed values', () => {
  it.each([
    ['abc', 'text'], ['', 'text'], [1, 'integer'], [1.5, 'number'], [true, 'boolean'], [null, 'null'], [[1], 'list'], [{ a: 1 }, 'map'],
  ] as const)('knows the type of %j', (value, type) => {
    expect(typeOfValue(value)).toBe(type)
  })

  it('shows lists and maps as JSON on one line', () => {
    expect(valueText([1, 'a', { b: null }])).toBe('[1, "a", {"b": null}]')
  })

  it('reads an integer above 2^53 exactly', () => {
    expect(toJson(readValue('9007199254740993', 'integer').value)).toBe('9007199254740993')
    expect(typeOfValue(parseJson('9007199254740993'))).toBe('integer')
  })

  it.each([['007', 'integer', '7'], ['+5', 'integer', '5'], ['.5', 'number', '0.5'], ['1.', 'number', '1.0']] as const)(
    'reads %s as %s', (text, type, json) => {
      expect(toJson(readValue(text, type).value)).toBe(json)
    })

  it.each([['abc', 'integer'], ['1.5', 'integer'], ['yes', 'boolean'], ['{"a"', 'map'], ['{}', 'list']] as const)(
    'says that %j is no %s', (text, type) => {
      expect(readValue(text, type).problem).toBe(type)
    })

  it('makes the nearest value of another type', () => {
    expect(convertValue('12', 'integer')).toBe(12)
    expect(convertValue('x', 'integer')).toBe(0)
    expect(convertValue('1', 'boolean')).toBe(true)
    expect(convertValue({ a: 1 }, 'text')).toBe('{"a": 1}')
    expect(convertValue('a', 'list')).toEqual(['a'])
    expect(convertValue('[1, 2]', 'list')).toEqual([1, 2])
    expect(convertValue('x', 'null')).toBeNull()
  })
})
