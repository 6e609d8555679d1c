/** Which rows of a long list of equal heights are in the page: those in sight, some around them, and one that is held. */

import { computed, onBeforeUnmount, ref, watch, type Ref } from 'vue'

const AROUND = 10

export interface RowWindowOptions {
  height: number
  count: () => number
  /** A row that stays wherever one scrolls, such as the one with the focus; -1 for none. */
  held: () => number
}

export function useRowWindow(box: Ref<HTMLElement | null>, { height, count, held }: RowWindowOptions) {
  const top = ref(0)
  const size = ref(0)
  const shown = computed(() => rowsInSight(top.value, size.value, height, count(), held()))
  const look = (): void => {
    top.value = box.value?.scrollTop ?? 0
    size.value = box.value?.clientHeight ?? 0
  }
  const sizes = new ResizeObserver(look)
  watch(box, (now, before) => {
    before?.removeEventListener('scroll', look)
    now?.addEventListener('scroll', look, { passive: true })
    sizes.disconnect()
    if (now) sizes.observe(now)
    look()
  }, { immediate: true, flush: 'post' })
  onBeforeUnmount(() => {
    box.value?.removeEventListener('scroll', look)
    sizes.disconnect()
  })

  /** As little as brings the row into sight. */
  function scrollTo(at: number): void {
    const { value: element } = box
    if (!element || at < 0) return
    const start = at * height
    if (start < element.scrollTop) element.scrollTop = start
    else if (start + height > element.scrollTop + element.clientHeight) element.scrollTop = start + height - element.clientHeight
    look()
  }

  return { shown, scrollTo }
}

export function rowsInSight(top: number, size: number, height: number, count: number, held: number): number[] {
  const from = Math.max(Math.floor(top / height) - AROUND, 0)
  const to = Math.min(Math.ceil((top + size) / height) + AROUND, count)
  const found = Array.from({ length: Math.max(to - from, 0) }, (_row, at) => from + at)
  if (held < 0 || held >= count || (held >= from && held < to)) return found
  return held < from ? [held, ...found] : [...found, held]
}
