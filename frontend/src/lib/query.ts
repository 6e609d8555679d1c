// A value kept in the address, so that a link shows a colleague the same view.
import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw } from 'vue-router'

let pending: LocationQueryRaw | null = null

interface QueryOptions {
  /** Each change becomes a step of the browser's history. */
  push?: boolean
}

/** A ref bound to `?name=`; the default leaves no trace. Several changes in one tick become one navigation. */
export function useQuery(name: string, initial: string, options?: QueryOptions): WritableComputedRef<string>
export function useQuery(name: string, initial: number, options?: QueryOptions): WritableComputedRef<number>
export function useQuery<T extends string | number>(
  name: string,
  initial: T,
  options: QueryOptions = {},
): WritableComputedRef<T> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const raw = route.query[name]
      const text = Array.isArray(raw) ? raw[0] : raw
      if (text === undefined || text === null) return initial
      if (typeof initial !== 'number') return text as T
      const number = Number(text)
      return (Number.isFinite(number) ? number : initial) as T
    },
    set: (value) => {
      const first = !pending
      pending ??= { ...route.query }
      if (value === initial) delete pending[name]
      else pending[name] = String(value)
      if (!first) return
      const path = route.path
      queueMicrotask(() => {
        const query = pending ?? {}
        pending = null
        if (route.path !== path) return
        void router[options.push ? 'push' : 'replace']({ query, hash: route.hash })
      })
    },
  })
}
