import { afterEach, expect, test } from 'vitest'
import problems from '../../hat/cli/problems.zh.json'
import chinese from '@/i18n/refusals.zh.json'
import { setSpeaker, translated, translatedProblems } from '@/api/refusal'
import { speaker } from '@/api/speaker'

function setRefusals(catalogue: Record<string, string>): void {
  setSpeaker(speaker(catalogue))
}

async function inWords(error: string): Promise<unknown> {
  return (await translated({ error })).error
}

afterEach(() => setRefusals({}))

test('without a catalogue a sentence stays as it is', async () => {
  expect(await inWords('this name is taken')).toBe('this name is taken')
})

test('a sentence of the catalogue is said in its words', async () => {
  setRefusals({ 'this name is taken': 'A', "there is a file '{}' already": 'B {0}' })
  expect(await inWords('this name is taken')).toBe('A')
  expect(await inWords("there is a file 'a.csv' already")).toBe('B a.csv')
  expect(await inWords('something nobody translated')).toBe('something nobody translated')
})

test('values may change places, and a sentence may hold another', async () => {
  setRefusals({ '{} of {}': '{1}/{0}', 'cron: {}': 'C {0}', 'not a day': 'D' })
  expect(await inWords('2 of 5')).toBe('5/2')
  expect(await inWords('cron: not a day')).toBe('C D')
})

test('the narrowest form wins', async () => {
  setRefusals({ 'there is no {}': 'X {0}', 'there is no case {} here': 'Y {0}' })
  expect(await inWords('there is no case 7 here')).toBe('Y 7')
})

test('problems keep their fields, and the head says the first of them', async () => {
  setRefusals(chinese)
  const items = [{ path: 'username', message: 'this name is taken' }, { path: 'x', message: 'is missing', hint: 'ask for a new one' }]
  const said = await translated({ error: 'username: this name is taken (and 1 more)', errors: items, code: 'invalid' })
  expect(said.errors).toMatchObject([{ path: 'username', message: chinese['this name is taken'] }, { path: 'x' }])
  const head = String(said.error)
  expect(head.startsWith(`username: ${chinese['this name is taken']}`)).toBe(true)
  expect(head).not.toContain('more')
})

test('what stands in quotes is a value and stays as it is', async () => {
  setRefusals(problems)
  expect(await inWords("unknown word 'text' in a step")).toBe('不认识的字段“text”（步骤）')
  expect(await inWords('expected a list of steps, got text')).toBe('应为步骤的列表，实际是文本')
})

test('problems of files are said with their places kept', async () => {
  setRefusals(problems)
  const [said] = await translatedProblems([{ file: 'a.yml', line: 3, path: 'teststeps', message: 'file is empty', hint: 'put it in quotes' }])
  expect(said).toEqual({ file: 'a.yml', line: 3, path: 'teststeps', message: '文件为空', hint: '请加引号' })
})

test('without the words a refusal is still told', async () => {
  setSpeaker(() => Promise.reject(new Error('not there')))
  expect(await inWords('file is empty')).toBe('file is empty')
})
