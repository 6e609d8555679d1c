import { describe, expect, it } from 'vitest'
import {
  checksOf, copyStep, countOf, hookListOf, hooksOf, keepIds, mapOf, newStepId, normalise, rowsOf, setField, validateOf,
} from '../../src/lib/document'
import { rowsOfDocument } from '../../src/lib/steptree'

describe('maps and rows', () => {
  it.each([
    ['an object', { a: 1, b: 'x', c: null }],
    ['rows with a disabled one', [{ name: 'a', value: 1 }, { name: 'b', value: 2, enabled: false }]],
    ['rows with a description', [{ name: 'a', value: 1, description: 'why' }]],
    ['two rows of one name', [{ name: 'a', value: 1 }, { name: 'a', value: 2 }]],
    ['names that are numbers, in their order', [{ name: 'b', value: 1 }, { name: '1', value: 2 }]],
    ['a text with a call is no map', {}],
  ])('keeps %s', (_what, map) => {
    expect(mapOf(rowsOf(map))).toEqual(map)
  })

  it('writes an object when nothing is lost', () => {
    expect(mapOf(rowsOf([{ name: 'a', value: 1, enabled: true, description: '' }]))).toEqual({ a: 1 })
    expect(mapOf(rowsOf([{ a: 1 }, { b: 2 }]))).toEqual({ a: 1, b: 2 })
  })

  it('ignores a blank row', () => {
    expect(mapOf([...rowsOf({ a: 1 }), ...rowsOf([{ name: '', value: '' }])])).toEqual({ a: 1 })
  })

  it('counts what is enabled', () => {
    expect(countOf([{ name: 'a' }, { name: 'b', enabled: false }])).toBe(1)
    expect(countOf({ a: 1, b: 2 })).toBe(2)
    expect(countOf(undefined)).toBe(0)
  })
})

describe('checks', () => {
  it.each([
    ['the short form', { eq: ['status_code', 200] }],
    ['the long form of a disabled check', { check: 'body.a', comparator: 'eq', expect: 1, enabled: false }],
    ['a message', { check: 'body.a', comparator: 'lt', expect: 1, message: 'too many' }],
    ['a shape nobody knows', { eq: 'nonsense' }],
    ['unknown keys', { check: 'a', expect: 1, mystery: true }],
    ['a text', 'status_code == 200'],
  ])('keeps %s', (_what, check) => {
    expect(validateOf(checksOf([check]))).toEqual([check])
  })

  it('shortens a long form that says nothing more', () => {
    expect(validateOf(checksOf([{ check: 'a', assert: 'eq', expect: 1 }]))).toEqual([{ eq: ['a', 1] }])
    expect(validateOf(checksOf([{ eq: ['a', 1, 'words'] }]))).toEqual([{ check: 'a', comparator: 'eq', expect: 1, message: 'words' }])
  })
})

describe('hooks', () => {
  it('keeps calls and named results', () => {
    const list = ['${sign($request)}', { token: '${login()}' }]
    expect(hookListOf(hooksOf(list))).toEqual(list)
  })
})

describe('documents', () => {
  it('gives a step an id of its own when it has none or shares one', () => {
    const { teststeps } = normalise({ teststeps: [{ name: 'a', id: 's1' }, { name: 'b', id: 's1' }, { name: 'c' }] })
    expect(new Set(teststeps.map((step) => step.id)).size).toBe(3)
    expect(teststeps[0]!.id).toBe('s1')
    expect(newStepId()).toMatch(/^s[a-z2-7]{6}$/)
  })

  it('gives the steps of setup and of groups ids too', () => {
    const document = normalise({ setup: [{ name: 'a' }], teststeps: [{ id: 's1', name: 'b', steps: [{ id: 's1', name: 'c' }] }] })
    const ids = rowsOfDocument(document).map((row) => row.step.id)
    expect(new Set(ids).size).toBe(3)
    expect(ids[1]).toBe('s1')
  })

  it('keeps the ids of steps in groups when the text is parsed again', () => {
    const before = normalise({ teststeps: [{ id: 'g', name: 'g', steps: [{ id: 's1', name: 'a' }, { id: 's2', name: 'b' }] }] })
    const after = normalise({ setup: [{ name: 'b' }], teststeps: [{ name: 'g', steps: [{ name: 'a' }] }] })
    expect(rowsOfDocument(keepIds(after, before)).map((row) => row.step.id)).toEqual(['s2', 'g', 's1'])
  })

  it('keeps unknown keys', () => {
    const document = normalise({ schema: 1, dialect: 'hat', config: { name: 'x', odd: 1 }, teststeps: [], note: 'kept' })
    expect(document).toMatchObject({ note: 'kept', config: { odd: 1 } })
  })

  it('copies a step with a new id', () => {
    const step = { id: 's1', name: 'a', request: { url: '/a' } }
    const copy = copyStep(step, 'a copy')
    expect(copy).toMatchObject({ name: 'a copy', request: { url: '/a' } })
    expect(copy.id).not.toBe('s1')
    expect(copy.request).not.toBe(step.request)
  })

  it('takes an empty field away', () => {
    const target: Record<string, unknown> = { a: 1, b: 2, c: 3, d: 4 }
    setField(target, 'a', '')
    setField(target, 'b', {})
    setField(target, 'c', [])
    setField(target, 'd', false)
    expect(target).toEqual({ d: false })
  })

  it('gives the steps of parsed text their old ids back', () => {
    const before = normalise({ teststeps: [{ id: 's1', name: 'a' }, { id: 's2', name: 'b' }, { id: 's3', name: 'a' }] })
    const after = normalise({ teststeps: [{ name: 'b' }, { name: 'a' }, { name: 'new' }, { name: 'a' }] })
    expect(keepIds(after, before).teststeps.map((step) => step.id).slice(0, 2)).toEqual(['s2', 's1'])
    expect(keepIds(after, before).teststeps[3]!.id).toBe('s3')
  })
})
