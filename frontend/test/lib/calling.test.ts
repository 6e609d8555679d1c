import { describe, expect, it } from 'vitest'
import { callDocument, usualCall } from '@/lib/calling'

const entry = (name: string, args: string) => ({ name, arguments: args, doc: '', line: 1 })

describe('trying a function', () => {
  it.each([
    ['', '${f()}'],
    ['user, key', '${f(user, key)}'],
    ["user: str, key='x', *rest, **more", '${f(user)}'],
  ])('begins with the arguments it needs: %s', (args, call) => expect(usualCall(entry('f', args))).toBe(call))

  it('makes a case of the call', () => {
    expect(callDocument('f(1)').config).toMatchObject({ variables: { result: '${f(1)}' }, export: ['result'] })
    expect(callDocument('${f(1)}').config).toMatchObject({ variables: { result: '${f(1)}' } })
  })
})
