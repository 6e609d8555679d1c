import { afterEach, expect, test } from 'vitest'
import chinese from '@/i18n/refusals.zh.json'
import { setSpeaker, translated } from '@/api/refusal'
import { speaker } from '@/api/speaker'

function setRefusals(catalogue: Record<string, string>): void {
  setSpeaker(speaker(catalogue))
}

function inWords(error: string): unknown {
  return translated({ error }).error
}

afterEach(() => setRefusals({}))

test('without a catalogue a sentence stays as it is', () => {
  expect(inWords('this name is taken')).toBe('this name is taken')
})

test('a sentence of the catalogue is said in its words', () => {
  setRefusals({ 'this name is taken': 'A', "there is a file '{}' already": 'B {0}' })
  expect(inWords('this name is taken')).toBe('A')
  expect(inWords("there is a file 'a.csv' already")).toBe('B a.csv')
  expect(inWords('something nobody translated')).toBe('something nobody translated')
})

test('values may change places, and a sentence may hold another', () => {
  setRefusals({ '{} of {}': '{1}/{0}', 'cron: {}': 'C {0}', 'not a day': 'D' })
  expect(inWords('2 of 5')).toBe('5/2')
  expect(inWords('cron: not a day')).toBe('C D')
})

test('the narrowest form wins', () => {
  setRefusals({ 'there is no {}': 'X {0}', 'there is no case {} here': 'Y {0}' })
  expect(inWords('there is no case 7 here')).toBe('Y 7')
})

test('problems keep their fields, and the head says the first of them', () => {
  setRefusals(chinese)
  const items = [{ path: 'username', message: 'this name is taken' }, { path: 'x', message: 'is missing', hint: 'ask for a new one' }]
  const said = translated({ error: 'username: this name is taken (and 1 more)', errors: items, code: 'invalid' })
  expect(said.errors).toMatchObject([{ path: 'username', message: chinese['this name is taken'] }, { path: 'x' }])
  const head = String(said.error)
  expect(head.startsWith(`username: ${chinese['this name is taken']}`)).toBe(true)
  expect(head).not.toContain('more')
})
