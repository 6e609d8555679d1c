// Asks the server again and again, politely: slower in the background, backing off on errors.
import { onScopeDispose, ref, type Ref } from 'vue'

export interface PollOptions {
  /** Milliseconds between two answers while the page is visible. */
  every?: number
  /** Milliseconds between two answers while the page is hidden. */
  hidden?: number
  /** The longest pause after errors. */
  longest?: number
  /** Start at once; true by default. */
  immediate?: boolean
}

/** What an answer asks for next: wait the usual time, ask again at once, or stop. */
export type Next = 'wait' | 'now' | 'stop'

export interface Poll {
  /** The last call failed; the next try is on its way. */
  reconnecting: Ref<boolean>
  running: Ref<boolean>
  start(): void
  stop(): void
  /** Ask now, without waiting. */
  now(): void
}

/** Calls `ask` until it answers 'stop'. `ask` gets a signal that is aborted when polling stops. */
export function poll(ask: (signal: AbortSignal) => Promise<Next | void>, options: PollOptions = {}): Poll {
  const every = options.every ?? 500
  const hidden = options.hidden ?? 3000
  const longest = options.longest ?? 10_000
  const reconnecting = ref(false)
  const running = ref(false)
  let failures = 0
  let again = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let abort: AbortController | undefined

  function pause(): number {
    const usual = document.hidden ? hidden : every
    return failures ? Math.min(longest, Math.max(usual, every * 2 ** failures)) : usual
  }

  async function turn(): Promise<void> {
    timer = undefined
    const mine = (abort = new AbortController())
    let next: Next = 'wait'
    try {
      next = (await ask(mine.signal)) || 'wait'
      failures = 0
    } catch {
      if (mine.signal.aborted) return
      failures += 1
    }
    if (abort !== mine || mine.signal.aborted) return
    abort = undefined
    reconnecting.value = failures > 0
    const soon = next === 'now' || again
    again = false
    if (next === 'stop') stop()
    else if (running.value) timer = setTimeout(turn, soon ? 0 : pause())
  }

  function start(): void {
    if (running.value) return
    running.value = true
    failures = 0
    document.addEventListener('visibilitychange', onVisible)
    void turn()
  }

  function stop(): void {
    running.value = false
    clearTimeout(timer)
    timer = undefined
    abort?.abort()
    abort = undefined
    document.removeEventListener('visibilitychange', onVisible)
  }

  function now(): void {
    if (!running.value) return start()
    if (timer === undefined) {
      again = true
      return
    }
    clearTimeout(timer)
    void turn()
  }

  function onVisible(): void {
    if (!document.hidden) now()
  }

  onScopeDispose(stop, true)
  if (options.immediate !== false) start()
  return { reconnecting, running, start, stop, now }
}
