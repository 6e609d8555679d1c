import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/lib/csv'

describe('CSV', () => {
  it('quotes every text', () =>
    expect(toCsv([['a,b', 'say "hi"', 'two\nlines', 3]])).toBe('"a,b","say ""hi""","two\nlines",3\r\n'))

  it.each([';', '|', '\t', '\n', ';"'])('makes no formula where %j begins a cell elsewhere', (mark) =>
    expect(toCsv([[`a${mark}=1+1`]])).toBe(`"a${mark.replace('"', '""')}'=1+1"\r\n`))

  it.each(['=1+1', '+1', '-1', '@sum(a)', '\tx', '\nx', '＝1+1', '＋1', '－1', '＠a'])('makes no formula of %j', (text) =>
    expect(toCsv([[text]])).toBe(`"'${text}"\r\n`))

  it('leaves negative numbers alone', () => expect(toCsv([[-1]])).toBe('-1\r\n'))
})
