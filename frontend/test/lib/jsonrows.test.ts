import { describe, expect, it } from 'vitest'
import { bodyExpression, headerExpression, initiallyOpen, jsonRows, matchingRows, pathsBelow, pythonType, search, variableName } from '../../src/lib/jsonrows'
import { parseJson } from '../../src/lib/json'

const BODY = { data: { items: [{ id: 1 }, { id: 2 }], 'a-b': true, 中文: null } }

describe('a value as rows', () => {
  it('names each value by its JMESPath', () => {
    const paths = jsonRows(BODY, new Set(pathsBelow(BODY))).map((row) => bodyExpression(row.path))
    expect(paths).toEqual([
      'body', 'body.data', 'body.data.items', 'body.data.items[0]', 'body.data.items[0].id', 'body.data.items[1]',
      'body.data.items[1].id', 'body.data."a-b"', 'body.data."中文"',
    ])
  })

  it('shows only what is unfolded', () => {
    expect(jsonRows(BODY, new Set([''])).map((row) => row.label)).toEqual(['', 'data'])
    expect(jsonRows(BODY, new Set()).length).toBe(1)
  })

  it('opens a small value whole and a large one in part', () => {
    expect(initiallyOpen(BODY).size).toBe(5)
    const large = { list: Array.from({ length: 1000 }, (_, id) => ({ id })) }
    expect(jsonRows(large, initiallyOpen(large)).length).toBeLessThan(400)
  })

  it('knows list, map and leaf, and an exact number as a leaf', () => {
    const rows = jsonRows(parseJson('{"a":12345678901234567890,"b":[]}'), new Set(['']))
    expect(rows.map((row) => row.kind)).toEqual(['map', 'leaf', 'list'])
  })
})

describe('a search in a value', () => {
  const SHOP = parseJson('{"items":[{"id":1,"name":"Tea"},{"id":12345678901234567890,"name":"Cup"}],"owner":{"name":"Ann","tea":null}}')
  const shown = (words: string, ...more: string[]): string[] => {
    const found = search(SHOP, words)
    return matchingRows(jsonRows(SHOP, new Set([...found.around, ...more])), found).map((row) => bodyExpression(row.path))
  }

  it('finds keys and texts whatever their case, with what they are in', () => {
    expect(shown('TEA')).toEqual(['body', 'body.items', 'body.items[0]', 'body.items[0].name', 'body.owner', 'body.owner.tea'])
  })

  it('finds numbers by their digits and null by its word', () => {
    expect(shown('567890')).toEqual(['body', 'body.items', 'body.items[1]', 'body.items[1].id'])
    expect([...search(SHOP, 'null').matched]).toEqual(['.owner.tea'])
  })

  it('shows what is unfolded below a match', () => {
    expect(shown('owner')).toEqual(['body', 'body.owner'])
    expect(shown('owner', '.owner')).toEqual(['body', 'body.owner', 'body.owner.name', 'body.owner.tea'])
  })

  it('finds nothing', () => {
    expect(shown('coffee')).toEqual([])
  })
})

describe('names', () => {
  it.each([['.data.token', 'token'], ['.items[0].id', 'id'], ['.data.accessToken', 'access_token'], ['[0]', 'value'], ['', 'value']])(
    'for %j is %s', (path, name) => {
      expect(variableName(path)).toBe(name)
    })

  it('are not taken twice', () => {
    expect(variableName('.user.id', new Set(['id']))).toBe('user_id')
    expect(variableName('.id', new Set(['id']))).toBe('id_2')
  })

  it.each([[1, 'int'], [1.5, 'float'], ['a', 'str'], [true, 'bool'], [null, 'NoneType'], [[], 'list'], [{}, 'dict']])(
    'the Python type of %j is %s', (value, type) => {
      expect(pythonType(value)).toBe(type)
    })

  it('quotes header names with a dash', () => {
    expect(headerExpression('Content-Type')).toBe('headers."Content-Type"')
    expect(headerExpression('Server')).toBe('headers.Server')
  })
})
