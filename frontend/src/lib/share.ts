/** Texts a person copies out of a report: a step as Markdown for an issue. */

import type { CaseDetail, Step } from '../api/result'
import { lastExchange } from '../api/result'

const EXCERPT = 2000

function fence(text: string, language: string): string {
  const mark = text.includes('```') ? '````' : '```'
  return `${mark}${language}\n${text}\n${mark}`
}

function cut(text: string): string {
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT)}\n…` : text
}

function requestLine(step: Step): string {
  const exchange = lastExchange(step)
  return exchange ? `\`${exchange.request.method} ${exchange.request.url}\`` : ''
}

/** A step with what was sent, what came back and what was wrong, ready for a tracker. */
export function markdown(item: CaseDetail, step: Step): string {
  const exchange = lastExchange(step)
  const response = exchange?.response
  const bad = step.checks.filter((check) => check.outcome === 'failed' || check.outcome === 'error')
  const parts = [`**${item.name} › ${step.name}**: ${step.outcome}`, requestLine(step)]
  if (step.error) parts.push(`${step.error.message}${step.error.place ? ` (${step.error.place})` : ''}`)
  if (bad.length > 0) parts.push(bad.map((check) => `- ${check.message}`).join('\n'))
  if (exchange?.request.body) parts.push(`Request`, fence(cut(exchange.request.body), 'json'))
  if (response) parts.push(`Response ${response.status_code} ${response.reason}`.trim())
  if (response?.body) parts.push(fence(cut(response.body), ''))
  return parts.filter((part) => part !== '').join('\n\n')
}
