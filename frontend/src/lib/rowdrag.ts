/** Dragging a row of a list of which only the rows in sight are in the page: a line shows where it would go. */

import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { Side } from './steprows'

export interface Drag {
  key: string
  /** Over which row, and on which side of it; undefined outside of the list. */
  over: { at: number; side: Side } | undefined
}

export interface RowDragOptions {
  height: number
  count: () => number
  /** Whether something can be dropped into the row. */
  holds: (at: number) => boolean
  onDrop: (key: string, at: number, side: Side) => void
}

const EDGE = 28
const SPEED = 10

export function useRowDrag(box: Ref<HTMLElement | null>, options: RowDragOptions) {
  const drag = shallowRef<Drag>()
  let pointer = { x: 0, y: 0 }
  let frame = 0

  function start(event: PointerEvent, key: string): void {
    if (event.button !== 0) return
    event.preventDefault()
    drag.value = { key, over: undefined }
    window.addEventListener('pointermove', move)
    window.addEventListener('pointerup', drop)
    window.addEventListener('pointercancel', stop)
    window.addEventListener('keydown', escape, true)
  }

  function move(event: PointerEvent): void {
    pointer = { x: event.clientX, y: event.clientY }
    look()
    frame ||= requestAnimationFrame(scroll)
  }

  function look(): void {
    const { value: element } = box
    if (!drag.value || !element) return
    const area = element.getBoundingClientRect()
    const inside = pointer.x >= area.left && pointer.x <= area.right && pointer.y >= area.top - EDGE && pointer.y <= area.bottom + EDGE
    const y = (pointer.y - area.top + element.scrollTop) / options.height
    const at = Math.min(Math.max(Math.floor(y), 0), options.count() - 1)
    drag.value = { ...drag.value, over: inside && at >= 0 ? { at, side: sideOf(y - at, options.holds(at)) } : undefined }
  }

  /** Near an edge the list goes on by itself. */
  function scroll(): void {
    frame = 0
    const { value: element } = box
    if (!drag.value || !element) return
    const area = element.getBoundingClientRect()
    const by = pointer.y < area.top + EDGE ? -SPEED : pointer.y > area.bottom - EDGE ? SPEED : 0
    const before = element.scrollTop
    element.scrollTop += by
    if (element.scrollTop === before) return
    look()
    frame = requestAnimationFrame(scroll)
  }

  function drop(): void {
    const done = drag.value
    stop()
    if (done?.over) options.onDrop(done.key, done.over.at, done.over.side)
  }

  function escape(event: KeyboardEvent): void {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    stop()
  }

  function stop(): void {
    drag.value = undefined
    cancelAnimationFrame(frame)
    frame = 0
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', drop)
    window.removeEventListener('pointercancel', stop)
    window.removeEventListener('keydown', escape, true)
  }

  onScopeDispose(stop)
  return { drag, start }
}

/** The part of the row the pointer is over; the middle of a row that holds others means into it. */
export function sideOf(part: number, holds: boolean): Side {
  if (holds && part > 0.3 && part < 0.7) return 'into'
  return part < 0.5 ? 'before' : 'after'
}
