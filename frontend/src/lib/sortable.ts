/** Drag to order: SortableJS moves the node, we put it back and change the list, and Vue draws the result. */

import type Sortable from 'sortablejs'
import { onBeforeUnmount, watch, type Ref } from 'vue'

export interface SortableOptions {
  /** CSS selector of the part of a row one may drag it by. */
  handle?: string
  /** CSS selector of the rows. */
  draggable?: string
  group?: string
  onMove: (from: number, to: number) => void
}

export function moveItem<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list]
  const [item] = copy.splice(from, 1)
  if (item !== undefined) copy.splice(to, 0, item)
  return copy
}

/** Put the dragged node back to where Vue believes it is. */
function putBack(event: Sortable.SortableEvent): void {
  const { item, from, oldIndex } = event
  const siblings = [...from.children].filter((node) => node !== item)
  from.insertBefore(item, siblings[childIndex(event, oldIndex ?? 0)] ?? null)
}

/** `oldIndex` counts all children. */
function childIndex(event: Sortable.SortableEvent, fallback: number): number {
  return event.oldIndex ?? fallback
}

export function useSortable(host: Ref<HTMLElement | null>, options: SortableOptions): void {
  let sortable: Sortable | undefined
  let wanted: HTMLElement | null = null
  const stop = (): void => {
    wanted = null
    sortable?.destroy()
    sortable = undefined
  }
  watch(host, async (element) => {
    stop()
    wanted = element
    // Loaded when there is something to sort: a list is there before its rows can be dragged.
    const { default: library } = await import('sortablejs')
    if (!element || wanted !== element) return
    element.dataset.sortable = 'ready'
    sortable = library.create(element, {
      animation: 120,
      ghostClass: 'is-dragged',
      ...(options.handle ? { handle: options.handle } : {}),
      ...(options.draggable ? { draggable: options.draggable } : {}),
      ...(options.group ? { group: options.group } : {}),
      onEnd: (event) => {
        const from = event.oldDraggableIndex
        const to = event.newDraggableIndex
        putBack(event)
        if (from !== undefined && to !== undefined && from !== to) options.onMove(from, to)
      },
    })
  }, { immediate: true, flush: 'post' })
  onBeforeUnmount(stop)
}
