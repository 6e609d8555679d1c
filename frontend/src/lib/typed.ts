// The text of a search field: the address follows after a pause, and leads it when something else changes it.
import { onScopeDispose, ref, watch, type Ref } from 'vue'

const WAIT_MS = 250

/** What is typed for a list; its first page is shown whenever the search changes. */
export function useTyped(search: Ref<string>, page: Ref<number>): Ref<string> {
  const typed = ref(search.value)
  let timer: ReturnType<typeof setTimeout> | undefined

  watch(typed, (text) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      search.value = text.trim()
      page.value = 1
    }, WAIT_MS)
  })
  watch(search, (text) => {
    if (text !== typed.value.trim()) typed.value = text
  })
  // The next page must not find in its address what was typed here last.
  onScopeDispose(() => clearTimeout(timer))
  return typed
}
