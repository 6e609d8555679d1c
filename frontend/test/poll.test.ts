import { page } from './browser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { poll, type Next, type Poll } from '../src/lib/poll'

let asked: AbortSignal[]
let answers: (Next | Error)[]
let polling: Poll | undefined

async function ask(signal: AbortSignal): Promise<Next> {
  asked.push(signal)
  const answer = answers.shift() ?? 'wait'
  if (answer instanceof Error) throw answer
  return answer
}
function start(options = {}): Poll {
  return (polling = poll(ask, options))
}

beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  answers = []
  page.hidden = false
})
afterEach(() => {
  polling?.stop()
  vi.useRealTimers()
})

describe('poll', () => {
  it('asks at once, then every half second', async () => {
    start()
    await vi.advanceTimersByTimeAsync(1600)

    expect(asked.length).toBe(4)
  })

  it('asks again at once after a full page', async () => {
    answers = ['now', 'now', 'wait']
    start()
    await vi.advanceTimersByTimeAsync(10)

    expect(asked.length).toBe(3)
  })

  it('stops when the answer is final', async () => {
    answers = ['stop']
    const { running } = start()
    await vi.advanceTimersByTimeAsync(60_000)

    expect([asked.length, running.value]).toEqual([1, false])
  })

  it('is slower while the page is hidden, and asks at once when it is back', async () => {
    page.hidden = true
    start()
    await vi.advanceTimersByTimeAsync(2900)
    expect(asked.length).toBe(1)

    page.hidden = false
    page.dispatchEvent(new Event('visibilitychange'))
    await vi.advanceTimersByTimeAsync(1)

    expect(asked.length).toBe(2)
  })

  it('backs off on errors up to ten seconds, says so, and recovers', async () => {
    answers = Array.from({ length: 8 }, () => new Error('no network'))
    const { reconnecting } = start()
    await vi.advanceTimersByTimeAsync(20_000)
    expect(reconnecting.value).toBe(true)
    expect(asked.length).toBeLessThan(8)

    await vi.advanceTimersByTimeAsync(60_000)

    expect(reconnecting.value).toBe(false)
  })

  it('asks once more when it is asked to while an answer is on its way', async () => {
    const { now } = start({ every: 60_000 })
    now()
    now()
    await vi.advanceTimersByTimeAsync(100)

    expect(asked.length).toBe(2)
  })

  it('aborts the call on its way when it stops', () => {
    const { stop } = start()
    stop()

    expect(asked[0].aborted).toBe(true)
  })
})
