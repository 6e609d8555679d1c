import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { useTyped } from '@/lib/typed'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function field(initial = '') {
  const scope = effectScope()
  const search = ref(initial)
  const page = ref(3)
  const typed = scope.run(() => useTyped(search, page)) ?? ref('')
  return { scope, search, page, typed }
}

test('the search follows what is typed after a pause, from the first page', async () => {
  const { search, page, typed } = field()

  typed.value = ' log in '
  await nextTick()
  expect(search.value).toBe('')
  vi.runAllTimers()

  expect([search.value, page.value]).toEqual(['log in', 1])
})

test('a search that is changed elsewhere is shown', async () => {
  const { search, typed } = field('log in')

  search.value = ''
  await nextTick()

  expect(typed.value).toBe('')
})

test('what was typed just before the page was left changes nothing', async () => {
  const { scope, search, page, typed } = field()

  typed.value = 'pay'
  await nextTick()
  scope.stop()
  vi.runAllTimers()

  expect([search.value, page.value]).toEqual(['', 3])
})
