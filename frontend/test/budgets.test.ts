// What the built pages may weigh, and that they ask no other host.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../..')
const ASSETS = join(ROOT, 'hat/web/dist/app/assets')
const REPORT = join(ROOT, 'hat/reports/dist/report.html')
const KB = 1000
const names = existsSync(ASSETS) ? readdirSync(ASSETS).filter((name) => /\.(js|css)$/.test(name)) : []
const text = (name: string) => readFileSync(join(ASSETS, name), 'utf-8')
const zipped = (content: string) => gzipSync(content, { level: 9 }).length

/** A chunk and everything it imports before it runs. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name) || !names.includes(name)) return seen
  seen.add(name)
  for (const [, found] of text(name).matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) closure(found, seen)
  return seen
}
const chunk = (start: string) => names.find((name) => name.replace(/-[\w-]{8}\.js$/, '') === start) ?? ''
function weight(...starts: string[]): number {
  const all = new Set(starts.flatMap((start) => [...closure(chunk(start))]))
  return [...all].reduce((sum, name) => sum + zipped(text(name)), 0) / KB
}

// Addresses that are names, never asked: XML namespaces, links in messages of libraries, licences.
const NAMES = /^https?:\/\/(www\.w3\.org|vuejs\.org|vue-i18n\.intlify\.dev|router\.vuejs\.org|reka-ui\.com|(www\.)?radix-vue\.com|echarts\.apache\.org|github\.com|zrender|www\.apache\.org|opensource\.org|tailwindcss\.com)/
const OURS = /^https?:\/\/(127\.0\.0\.1|localhost|host|([\w-]+\.)?example\.(com|org|test)|[.$…])/
function strangers(content: string): string[] {
  const found = [...content.matchAll(/https?:\/\/[\w.$…-][^\s"'`<>)\\]*/g)].map((match) => match[0])
  return [...new Set(found)].filter((address) => !NAMES.test(address) && !OURS.test(address))
}

describe.skipIf(!names.length)('the built application', () => {
  // The dashboard; its chart comes after it.
  it('has a first page of at most 130 KB', () => expect(weight('index', 'en', 'DashboardPage')).toBeLessThan(130))
  it('has a case list of at most 140 KB', () => expect(weight('index', 'en', 'CasesPage')).toBeLessThan(140))
  it('has an editor of at most 320 KB', () => expect(weight('index', 'en', 'en-work', 'CasePage')).toBeLessThan(320))
  it('has a report of at most 350 KB', () => expect(weight('index', 'en', 'en-work', 'RunPage')).toBeLessThan(350))
  it('has at most 20 KB of style', () => {
    const styles = names.filter((name) => name.endsWith('.css')).map(text)
    expect(zipped(styles.join('\n')) / KB).toBeLessThan(20)
  })
  it('asks no other host', () => expect(names.flatMap((name) => strangers(text(name)))).toEqual([]))
})

describe.skipIf(!existsSync(REPORT))('the single-file report', () => {
  const page = existsSync(REPORT) ? readFileSync(REPORT, 'utf-8') : ''
  it('weighs at most 350 KB', () => expect(zipped(page) / KB).toBeLessThan(350))
  it('asks no other host', () => expect(strangers(page)).toEqual([]))
  it('carries everything inside', () => expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="(?!data:)/))
})
