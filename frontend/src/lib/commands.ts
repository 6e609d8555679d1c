// What the command palette offers: pages register commands while they are shown.
import { computed, onScopeDispose, shallowReactive, toValue, type Component, type MaybeRefOrGetter } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export interface Command {
  id: string
  label: string
  group: string
  icon?: Component
  hint?: string
  keys?: string
  /** More words it is found by. */
  words?: string
  to?: RouteLocationRaw
  run?: () => unknown
}

/** Finds commands for what was typed, such as cases by name. */
export type CommandSearch = (text: string, signal: AbortSignal) => Promise<Command[]>

const sources = shallowReactive(new Set<MaybeRefOrGetter<Command[]>>())
const searches = shallowReactive(new Set<CommandSearch>())

export function useCommands(source: MaybeRefOrGetter<Command[]>): void {
  sources.add(source)
  onScopeDispose(() => sources.delete(source))
}

export function useCommandSearch(search: CommandSearch): void {
  searches.add(search)
  onScopeDispose(() => searches.delete(search))
}

export const allCommands = computed(() => [...sources].flatMap((source) => toValue(source)))

export async function searchCommands(text: string, signal: AbortSignal): Promise<Command[]> {
  const found = await Promise.allSettled([...searches].map((search) => search(text, signal)))
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []))
}
