import { beforeEach, describe, expect, it } from 'vitest'
import { dropDraft, readDraft, sweepDrafts, writeDraft } from '../../src/lib/draft'

class MemoryStorage {
  [name: string]: unknown
  getItem(name: string): string | null {
    return typeof this[name] === 'string' ? this[name] : null
  }

  setItem(name: string, value: string): void {
    if (value.length > 10_000) throw new Error('full')
    this[name] = value
  }

  removeItem(name: string): void {
    delete this[name]
  }
}

describe('drafts', () => {
  let store: Storage

  beforeEach(() => {
    store = new MemoryStorage() as unknown as Storage
  })

  it('come back as they were written', () => {
    expect(writeDraft('case.1', 3, { a: 1 }, store)).toBe(true)
    expect(readDraft('case.1', store)).toMatchObject({ version: 3, content: { a: 1 } })
  })

  it('are gone after they were dropped', () => {
    writeDraft('case.1', 3, {}, store)
    dropDraft('case.1', store)
    expect(readDraft('case.1', store)).toBeUndefined()
  })

  it('never stop the work when the store is full', () => {
    expect(writeDraft('case.1', 1, 'x'.repeat(20_000), store)).toBe(false)
  })

  it('are forgotten after two weeks', () => {
    writeDraft('case.1', 1, {}, store)
    sweepDrafts(Date.now() + 13 * 24 * 3600 * 1000, store)
    expect(readDraft('case.1', store)).toBeDefined()
    sweepDrafts(Date.now() + 15 * 24 * 3600 * 1000, store)
    expect(readDraft('case.1', store)).toBeUndefined()
  })

  it('ignore what is not a draft', () => {
    store.setItem('hat.draft.case.1', '{broken')
    expect(readDraft('case.1', store)).toBeUndefined()
  })
})
