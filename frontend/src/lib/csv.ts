/** Tables as CSV that a spreadsheet opens as text: what looks like a formula gets an apostrophe before it. */

import type { ReportCase } from './report'

/**
 * What a spreadsheet takes for a formula, in Chinese and Japanese settings also in wide letters: at the beginning
 * of a cell, and where one that splits elsewhere than at commas sees another cell begin.
 */
const FORMULA = /(^(?=[\t\r\n])|(?:^|[;|\t\r\n]"*)(?=[=+\-@＝＋－＠]))/g

function cell(value: string | number): string {
  return typeof value === 'number' ? String(value) : `"${value.replace(FORMULA, "$1'").replaceAll('"', '""')}"`
}

export function toCsv(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

const COLUMNS = ['outcome', 'change', 'module', 'case', 'row', 'duration_ms', 'reason'] as const

/** The cases of a report, one a line. */
export function casesCsv(cases: readonly ReportCase[]): string {
  const rows = cases.map((item) => [
    item.outcome, item.change?.change ?? '', item.module, item.name, item.row ? JSON.stringify(item.row) : '', Math.round(item.elapsed_ms), item.reason,
  ])
  return toCsv([COLUMNS, ...rows])
}
