/** Call a function of the project as a try of a case: a worker runs it in its sandbox, with its time limit. */

import { runs } from '@/api/cases'
import type { FunctionEntry } from '@/api/types'

export interface Called {
  value?: unknown
  problem?: string
  printed?: string
}

const PAUSE_MS = 150
const RESULT = 'result'

/** A call with the names of the arguments that have no usual value: `${sign($user, $key)}` is filled in by hand. */
export function usualCall(entry: FunctionEntry): string {
  const inside = entry.arguments.replace(/^\(|\)$/g, '')
  const needed = inside.split(',').map((one) => one.trim()).filter((one) => one && !/[=*/]/.test(one))
  return '${' + `${entry.name}(${needed.map((one) => one.replace(/:.*$/, '').trim()).join(', ')})` + '}'
}

/** The document whose one variable is the call; its step waits for nothing. */
export function callDocument(call: string): Record<string, unknown> {
  const text = call.startsWith('$') ? call : '${' + call + '}'
  const config = { name: text.slice(0, 200), variables: { [RESULT]: text }, export: [RESULT] }
  return { schema: 1, dialect: 'hat', config, teststeps: [{ id: 'call', name: 'call', wait: 0 }] }
}

export async function tryCall(project: number, call: string, signal: AbortSignal): Promise<Called> {
  const run = await runs.start(project, { document: callDocument(call) })
  signal.addEventListener('abort', () => void runs.cancel(run.id).catch(() => undefined), { once: true })
  for (;;) {
    const delta = await runs.delta(run.id, 0, signal)
    if (delta.run.status === 'finished' || delta.run.status === 'cancelled') {
      const row = delta.cases[0]
      if (!row) return { problem: delta.run.reason || delta.run.status }
      const detail = await runs.detail(run.id, row.id, signal)
      const fault = detail.error ?? detail.steps.find((step) => step.error)?.error
      const printed = detail.steps.map((step) => step.log ?? '').join('')
      return fault ? { problem: fault.message, printed } : { value: detail.exported[RESULT], printed }
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
  }
}
