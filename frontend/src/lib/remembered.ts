/** A choice of the reader that this browser keeps: columns, last environment, how an answer is shown. */

import { effectScope, ref, watch, type Ref } from 'vue'

const kept = new Map<string, Ref<unknown>>()
/** Lives as long as the page: the first component that asks for a choice may go before the others. */
const scope = effectScope(true)

function read<T>(name: string, usual: T): T {
  try {
    const text = localStorage.getItem('hat.' + name)
    return text === null ? usual : (JSON.parse(text) as T)
  } catch {
    return usual
  }
}

/** The same name is the same choice everywhere on the page. */
export function remembered<T>(name: string, usual: T): Ref<T> {
  const known = kept.get(name)
  if (known) return known as Ref<T>
  const choice = ref(read(name, usual)) as Ref<T>
  scope.run(() => watch(choice, (value) => {
    try {
      localStorage.setItem('hat.' + name, JSON.stringify(value))
    } catch {
      // A full or forbidden store: the choice then lasts until the page closes.
    }
  }, { deep: true }))
  kept.set(name, choice as Ref<unknown>)
  return choice
}
