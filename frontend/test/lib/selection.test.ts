import { describe, expect, it } from 'vitest'
import { selectionRegex } from '../../src/lib/selection'

function marked(text: string, part: string, nth = 0): [number, number] {
  let at = -1
  for (let n = 0; n <= nth; n += 1) at = text.indexOf(part, at + 1)
  return [at, at + part.length]
}
const found = (text: string, part: string, nth = 0) => {
  const pattern = selectionRegex(text, ...marked(text, part, nth))
  return pattern === undefined ? undefined : new RegExp(pattern).exec(text)?.[1]
}

describe('a regular expression for what is marked', () => {
  it.each([
    ['token=abc123&user=ann', 'abc123'],
    ['<input name="csrf" value="a+b/c==">', 'a+b/c=='],
    ['order 4711 was paid', '4711'],
    ['price: $5.00 (net)', '5.00'],
  ])('finds it in %j', (text, part) => expect(found(text, part)).toBe(part))

  it('takes more context until the first match is the marked one', () =>
    expect(found('first name is ann, second name is bob', 'bob')).toBe('bob'))

  it('tells the second of two equal lines apart only when it can', () => {
    expect(selectionRegex('id: 1\nid: 2', ...marked('id: 1\nid: 2', '2'))).toBeUndefined()
    expect(found('a id: 1\nb id: 2', '2')).toBe('2')
  })

  it('has none for a mark over several lines', () => expect(selectionRegex('a\nb', 0, 3)).toBeUndefined())
})
