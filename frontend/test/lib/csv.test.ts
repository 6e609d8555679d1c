import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/lib/csv'

describe('CSV', () => {
  it('quotes what has commas, quotes or line ends', () =>
    expect(toCsv([['a,b', 'say "hi"', 'two\nlines', 3]])).toBe('"a,b","say ""hi""","two\nlines",3\r\n'))

  it.each(['=1+1', '+1', '-1', '@sum(a)', '\tx'])('makes no formula of %j', (text) => expect(toCsv([[text]])).toBe(`'${text}\r\n`))

  it('leaves negative numbers alone', () => expect(toCsv([[-1]])).toBe('-1\r\n'))
})
