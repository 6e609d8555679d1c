// The two languages say the same things, and no word of either is in the code.
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = resolve(import.meta.dirname, '../src')

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? files(path) : [path]
  })
}

function flat(value: unknown, prefix: string): [string, string][] {
  if (typeof value === 'string') return [[prefix, value]]
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) => flat(inner, `${prefix}.${key}`))
}

function catalogue(language: string): Map<string, string> {
  const folder = join(SRC, 'i18n', language)
  const areas = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf-8')) as unknown
  return new Map(areas.flatMap((name) => flat(read(name), name.replace('.json', ''))))
}

const en = catalogue('en')
const zh = catalogue('zh')
const code = files(SRC).filter((path) => /\.(vue|ts)$/.test(path) && !path.endsWith('schema.d.ts'))
const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('the catalogues', () => {
  it('have the same keys', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  })

  it('take the same values', () => {
    const different = [...en].filter(([key, text]) => `${placeholders(text)}` !== `${placeholders(zh.get(key) ?? '')}`)

    // A plural says "one thing | {n} things" in English and has one form in Chinese.
    expect(different.filter(([, text]) => !text.includes(' | ')).map(([key]) => key)).toEqual([])
  })

  it('have no empty text', () => {
    expect([...en, ...zh].filter(([, text]) => !text.trim()).map(([key]) => key)).toEqual([])
  })

  it('escape what is syntax', () => {
    const wrong = [...en, ...zh].filter(([, text]) => /@(?!'\})|(?<!\s)\||\|(?!\s)/.test(text.replaceAll(/\{'[^']*'\}/g, '')))

    expect(wrong.map(([key]) => key)).toEqual([])
  })

  it('know every key that the code names', () => {
    const named = code.flatMap((path) =>
      [...readFileSync(path, 'utf-8').matchAll(/(?<![\w.])\$?t\(\s*'([\w.]+)'/g)].map((match) => match[1]),
    )

    expect([...new Set(named)].filter((key) => !en.has(key)).sort()).toEqual([])
  })

  it('speak Chinese in Chinese', () => {
    const same = [...en].filter(([key, text]) => zh.get(key) === text && /[a-z]{4,}\s+[a-z]{4,}/.test(text))

    expect(same.map(([key]) => key)).toEqual([])
  })
})

describe('the code', () => {
  it('has no Chinese in it', () => {
    expect(code.filter((path) => /\p{Script=Han}/u.test(readFileSync(path, 'utf-8')))).toEqual([])
  })
})
