// Loading and doing: what a page needs around a call to the API.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { ApiError } from '@/api/client'
import { toast } from './toast'

export interface Resource<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  reload(): Promise<void>
}

/** Loads now and whenever `sources` change; stale answers are dropped, the old data stays until the new is here. */
export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T>,
  sources: WatchSource | WatchSource[] = [],
): Resource<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const loading = ref(false)
  let abort: AbortController | undefined

  async function reload(): Promise<void> {
    abort?.abort()
    const mine = (abort = new AbortController())
    loading.value = true
    try {
      const value = await load(mine.signal)
      if (mine.signal.aborted) return
      data.value = value
      error.value = undefined
    } catch (problem) {
      if (mine.signal.aborted) return
      error.value = problem
    } finally {
      if (abort === mine) loading.value = false
    }
  }

  watch(sources, () => void reload())
  onScopeDispose(() => abort?.abort(), true)
  void reload()
  return { data, error, loading, reload }
}

export interface Action<A extends unknown[]> {
  busy: Ref<boolean>
  run(...args: A): Promise<boolean>
}

/** A thing the user does: one at a time, problems become a toast. Answers whether it worked. */
export function useAction<A extends unknown[]>(work: (...args: A) => Promise<unknown>): Action<A> {
  const busy = ref(false)
  async function run(...args: A): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    try {
      await work(...args)
      return true
    } catch (problem) {
      toast.error(problem)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, run }
}

export interface Form {
  busy: Ref<boolean>
  /** Messages by field name, from the server. */
  errors: Ref<Record<string, string>>
  submit(): Promise<boolean>
}

/** A form: server messages go to their fields, the rest becomes a toast; the first wrong field gets the focus. */
export function useForm(work: () => Promise<unknown>): Form {
  const busy = ref(false)
  const errors = ref<Record<string, string>>({})
  async function submit(): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    errors.value = {}
    try {
      await work()
      return true
    } catch (problem) {
      if (problem instanceof ApiError && problem.errors.some((item) => item.path)) errors.value = problem.fields
      else toast.error(problem)
      requestAnimationFrame(() => {
        const field = document.querySelector<HTMLElement>('[aria-invalid="true"]')
        if (field) field.focus()
        else if (Object.keys(errors.value).length) toast.error(problem) // what no field of the form shows
      })
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, errors, submit }
}
