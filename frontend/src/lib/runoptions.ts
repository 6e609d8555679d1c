/** How a run goes, as its form edits it and as the API takes it. */

/** Whether channels are told how a run went. */
export type Alerting = 'usual' | 'always' | 'never'

export interface RunWish {
  concurrency: string
  retries: string
  shards: string
  label: string
  failFast: boolean
  alerts: Alerting
  rows: string
}

export interface RunOptions {
  concurrency?: number | null
  retries?: number
  shards?: number | null
  label?: string
  fail_fast?: boolean
  alerts?: Alerting
  rows?: string
}

export function noWish(): RunWish {
  return { concurrency: '', retries: '', shards: '', label: '', failFast: false, alerts: 'usual', rows: '' }
}

/** Whether anything was chosen; the form is folded otherwise. */
export function isWished(wish: RunWish): boolean {
  return wish.failFast || wish.alerts !== 'usual' || Boolean(wish.concurrency || wish.retries || wish.shards || wish.label || wish.rows)
}

export function optionsOf(wish: RunWish): RunOptions {
  return {
    concurrency: Number(wish.concurrency) || null, retries: Number(wish.retries) || 0, shards: Number(wish.shards) || null,
    label: wish.label.trim(), fail_fast: wish.failFast, alerts: wish.alerts, rows: wish.rows.trim(),
  }
}

export function wishOf(options: RunOptions | undefined): RunWish {
  return {
    concurrency: String(options?.concurrency || ''), retries: String(options?.retries || ''), shards: String(options?.shards || ''),
    label: options?.label ?? '', failFast: options?.fail_fast ?? false, alerts: options?.alerts ?? 'usual', rows: options?.rows ?? '',
  }
}
