/** How the cases in sight ended lately: asked for in one go for what came into sight, each once. */

import { onScopeDispose, shallowRef } from 'vue'
import type { ReportSource } from '@/api/source'
import type { Outcome } from '@/api/types'

const PAUSE_MS = 150
const MOST = 200

export function useTrends(ask: ReportSource['trends']) {
  const trends = shallowRef<ReadonlyMap<number, readonly Outcome[]>>(new Map())
  const asked = new Set<number>()
  let sight: readonly number[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  /** These are in sight; while somebody scrolls nothing is asked. */
  function want(ids: readonly number[]): void {
    sight = ids
    clearTimeout(timer)
    if (ask && ids.some((id) => !asked.has(id))) timer = setTimeout(() => void load(), PAUSE_MS)
  }

  async function load(): Promise<void> {
    const ids = sight.filter((id) => !asked.has(id)).slice(0, MOST)
    for (const id of ids) asked.add(id)
    try {
      const found = (await ask?.(ids)) ?? []
      trends.value = new Map([...trends.value, ...found.map((one) => [one.case_run_id, one.outcomes] as const)])
    } catch {
      // The tree says what it has to without them; they are asked for when they come into sight again.
      for (const id of ids) asked.delete(id)
    }
  }

  onScopeDispose(() => clearTimeout(timer))
  return { trends, want }
}
