import { describe, expect, it } from 'vitest'
import type { Environment } from '@/api/types'
import { inheritedCell, inheritedFrom, lineage, possibleBases } from '@/lib/inheritance'

function environment(id: number, base_id: number | null, rest: Partial<Environment> = {}): Environment {
  return { id, name: `e${id}`, base_id, note: '', base_url: '', services: {}, variables: {}, secrets: {}, auth: {}, verify: true, is_default: false, label: '', position: id, ...rest }
}

const root = environment(1, null, { base_url: 'http://root', variables: { a: 1, b: 'root' }, secrets: { key: true }, services: { pay: 'http://pay' } })
const middle = environment(2, 1, { variables: { key: 'plain' }, services: { pay: 'http://near' } })
const leaf = environment(3, 2, { variables: [{ name: 'b', value: 'off', enabled: false }, { name: 'a', value: 2 }] })
const all = [root, middle, leaf]

describe('what an environment inherits', () => {
  it('goes from the nearest to the farthest', () => {
    expect(lineage(leaf, all).map((one) => one.id)).toEqual([3, 2, 1])
    expect(lineage(environment(1, 2), [environment(1, 2), environment(2, 1)]).map((one) => one.id)).toEqual([1, 2])
  })

  it('says where each value comes from and what hides it', () => {
    const told = inheritedFrom(leaf, all).map((row) => `${row.kind} ${row.name}=${row.text} from ${row.from.name}${row.overriddenBy ? ` hidden by ${row.overriddenBy.name}` : ''}`)

    expect(told).toEqual([
      'base_url =http://root from e1',
      'variables key=plain from e2',
      'variables a=1 from e1 hidden by e3',
      'variables b=root from e1',
      'secrets key= from e1 hidden by e2',
      'services pay=http://near from e2',
      'services pay=http://pay from e1 hidden by e2',
    ])
    expect(inheritedCell(leaf, all, 'services', 'pay')?.text).toBe('http://near')
    expect(inheritedCell(leaf, all, 'variables', 'a')).toBeUndefined()
  })

  it('offers no base that would close a circle', () => {
    expect(possibleBases(root, all)).toEqual([])
    expect(possibleBases(middle, all)).toEqual([root])
    expect(possibleBases(leaf, all)).toEqual([root, middle])
  })
})
