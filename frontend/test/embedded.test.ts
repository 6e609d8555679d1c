import { describe, expect, it } from 'vitest'
import type { CaseDetail, Step } from '../src/api/result'
import { stepAt } from '../src/api/result'
import type { EmbeddedRun } from '../src/lib/embedded'
import { embeddedSource, unpack } from '../src/lib/embedded'
import { toJson } from '../src/lib/json'
import { readSteps } from '../src/lib/report'
import { markdown } from '../src/lib/share'

function step(name: string, extra: Partial<Step> = {}): Step {
  return {
    name, outcome: 'passed', error: null, skip_reason: '', elapsed_ms: 3, attempts: 1, exchanges: [], extracted: {},
    checks: [], origins: [], steps: [], ...extra,
  }
}

const CHARGE = step('Charge', {
  outcome: 'failed',
  exchanges: [{
    request: { method: 'POST', url: 'http://127.0.0.1/charge', headers: {}, body: '{"a":1}' },
    response: { status_code: 500, reason: 'Oops', headers: {}, body: 'a ``` b </script>', size: 17 },
    timing_ms: { dns: 0, connect: 0, tls: 0, first_byte: 1, total: 2 },
  }],
  checks: [{ expression: 'status_code', comparator: 'eq', expected: 200, actual: 500, outcome: 'failed', message: 'status_code: expected 200, got 500' }],
})

const CASE: CaseDetail = {
  name: 'Pay 支付', module: 'Orders', row: null, outcome: 'failed', elapsed_ms: 5, exported: {},
  steps: [step('Log in'), step('Pay', { outcome: 'failed', steps: [step('Open'), CHARGE] })],
}

const RUN: EmbeddedRun = { outcome: 'failed', started_at: '2026-01-01T00:00:00Z', elapsed_ms: 9, environment: 'staging', cases: [CASE] }

describe('a report with its data inside', () => {
  it('unpacks base64 of gzip of JSON, Chinese included', async () => {
    const zipped = new Blob([JSON.stringify(RUN)]).stream().pipeThrough(new CompressionStream('gzip'))
    const bytes = new Uint8Array(await new Response(zipped).arrayBuffer())
    const packed = btoa(String.fromCharCode(...bytes))
    expect(await unpack(`\n${packed}\n`)).toMatchObject(RUN)
  })

  it('keeps the digits of the numbers it shows', async () => {
    const text = '{"outcome":"passed","started_at":"","elapsed_ms":2.0,"cases":[\n{"name":"a","elapsed_ms":1.0,"exported":{"price":1.10},"steps":[]},\n{"name":"b","elapsed_ms":1.0,"exported":{"id":12345678901234567890},"steps":[]}\n]}'
    const bytes = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer())
    const source = embeddedSource(await unpack(btoa(String.fromCharCode(...bytes))))

    expect(toJson((await source.detail(1)).exported)).toBe('{"price":1.10}')
    expect(toJson((await source.detail(2)).exported)).toBe('{"id":12345678901234567890}')
    expect((await source.detail(1)).elapsed_ms).toBe(1)
  })

  it('serves its cases and steps as one page', async () => {
    const page = await embeddedSource(RUN).page(0)
    const rows = readSteps(page.steps)
    expect(rows.map((row) => [row.path, row.depth, row.outcome])).toEqual([['0', 0, 'passed'], ['1', 0, 'failed'], ['1.0', 1, 'passed'], ['1.1', 1, 'failed']])
    expect(rows.at(-1)?.statusCode).toBe(500)
    expect(page.cases[0]?.reason).toBe('status_code: expected 200, got 500')
    expect(page.run.environment?.name).toBe('staging')
  })

  it('finds a step by its path', () => {
    expect(stepAt(CASE, '1.1')?.name).toBe('Charge')
    expect(stepAt(CASE, '1.7')).toBeUndefined()
    expect(stepAt(CASE, '')).toBeUndefined()
  })

  it('writes a step as Markdown, with a fence the body cannot close', () => {
    const text = markdown(CASE, CHARGE)
    expect(text).toContain('- status_code: expected 200, got 500')
    expect(text).toContain('````\na ``` b </script>\n````')
  })
})
