/** What changed in a step since another run of it: request as sent, response, extracted values, by path. */

import type { CaseDetail, Exchange, Step } from '../api/result'
import { lastExchange, stepAt } from '../api/result'
import type { Difference } from './difference'
import { differences } from './difference'
import { parseJson } from './json'

export interface Section {
  key: 'response' | 'request' | 'extracted'
  places: Difference[]
}

/** Headers that differ in every answer and say nothing about a change. */
const NOISE = /^(date|content-length|x-request-id|hrun-request-id)$/i

/** The same step in another result of the case: by its id, else by its place. */
export function counterpart(detail: CaseDetail, step: Step, path: string): Step | undefined {
  return (step.id ? find(detail.steps, step.id) : undefined) ?? stepAt(detail, path)
}

function find(steps: readonly Step[], id: string): Step | undefined {
  for (const step of steps) {
    const found = step.id === id ? step : find(step.steps, id)
    if (found) return found
  }
  return undefined
}

function body(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text === '') return null
  try {
    return parseJson(text)
  } catch {
    return text
  }
}

function headers(of: Exchange['request']['headers']): Record<string, unknown> {
  return Object.fromEntries(Object.entries(of).filter(([name]) => !NOISE.test(name)).map(([name, value]) => [name.toLowerCase(), value]))
}

function request(exchange: Exchange | undefined): unknown {
  if (!exchange) return null
  return { method: exchange.request.method, url: exchange.request.url, headers: headers(exchange.request.headers), body: body(exchange.request.body) }
}

function response(exchange: Exchange | undefined): unknown {
  const answer = exchange?.response
  if (!answer) return null
  return { status_code: answer.status_code, body: body(answer.body), headers: headers(answer.headers) }
}

/** Sections with at least one difference; `before` is what was expected, `now` what is found. */
export function changesSince(before: Step, now: Step): Section[] {
  const then = lastExchange(before)
  const here = lastExchange(now)
  const sections: Section[] = [
    { key: 'response', places: differences(response(then), response(here)) },
    { key: 'request', places: differences(request(then), request(here)) },
    { key: 'extracted', places: differences(before.extracted, now.extracted) },
  ]
  return sections.filter((section) => section.places.length > 0).map((section) => ({
    ...section, places: section.places.map((place) => ({ ...place, path: place.path.replace(/^\./, '') })),
  }))
}
