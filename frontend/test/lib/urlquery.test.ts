import { describe, expect, it } from 'vitest'
import { movedQuery, queryOf } from '../../src/lib/urlquery'

describe('the query of a URL', () => {
  it.each<[string, [string, string][]]>([
    ['/users', []],
    ['/users?', []],
    ['/users?page=1&size=20', [['page', '1'], ['size', '20']]],
    ['/users?name=%E7%8E%8B+%E8%8A%B3&flag', [['name', '王 芳'], ['flag', '']]],
    ['/users?sign=${md5($a&b=?)}&t=$now#top', [['sign', '${md5($a&b=?)}'], ['t', '$now']]],
    ['/${path(a?b)}/users', []],
    ['/users#a?b=1', []],
    ['/users?bad=%E7%', [['bad', '%E7%']]],
  ])('of %j', (url, pairs) => {
    expect(queryOf(url)).toEqual(pairs)
  })

  it('moves behind the parameters there are', () => {
    expect(movedQuery('/users?page=2#top', { size: '20' })).toEqual({ url: '/users#top', params: { size: '20', page: '2' } })
  })

  it('keeps a name that comes twice as two rows', () => {
    expect(movedQuery('/users?id=1&id=2', undefined).params).toEqual([{ name: 'id', value: '1' }, { name: 'id', value: '2' }])
  })
})
