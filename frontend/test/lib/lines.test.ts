import { describe, expect, it } from 'vitest'
import { lineRows } from '@/lib/lines'

const shown = (before: string, after: string, around?: number) =>
  lineRows(before, after, around).map((row) => (row.kind === 'gap' ? `… ${row.skipped}` : `${{ same: ' ', removed: '-', added: '+' }[row.kind]}${row.old ?? ''}/${row.now ?? ''} ${row.text}`))

describe('two versions line by line', () => {
  it('says nothing of equal texts', () => {
    expect(shown('a\nb\n', 'a\nb\n')).toEqual([])
  })

  it('shows a changed line with its neighbours and folds the rest', () => {
    const lines = Array.from({ length: 9 }, (_, at) => `l${at + 1}`)
    const after = lines.with(4, 'new')

    expect(shown(lines.join('\n'), after.join('\n'), 1)).toEqual(['… 3', ' 4/4 l4', '-5/ l5', '+/5 new', ' 6/6 l6', '… 3'])
  })

  it('keeps what is common between changes', () => {
    expect(shown('a\nb\nc\nd', 'a\nx\nc\nd\ne', 0)).toEqual(['… 1', '-2/ b', '+/2 x', '… 2', '+/5 e'])
  })

  it('begins from nothing', () => {
    expect(shown('', 'a\n')).toEqual(['+/1 a'])
    expect(shown('a\n', '')).toEqual(['-1/ a'])
  })

  it('takes a stretch too long to compare as replaced', () => {
    const [old, now] = ['a', 'b'].map((letter) => Array.from({ length: 2_100 }, (_, at) => `${letter}${at}`).join('\n'))

    expect(lineRows(old!, now!).map((row) => row.kind).filter((kind, at, all) => kind !== all[at - 1])).toEqual(['removed', 'added'])
  })
})
