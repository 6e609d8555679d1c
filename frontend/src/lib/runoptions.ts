/** How a run goes, as its form edits it and as the API takes it. */

export interface RunWish {
  concurrency: string
  retries: string
  shards: string
  label: string
  failFast: boolean
}

export interface RunOptions {
  concurrency?: number | null
  retries?: number
  shards?: number | null
  label?: string
  fail_fast?: boolean
}

export function noWish(): RunWish {
  return { concurrency: '', retries: '', shards: '', label: '', failFast: false }
}

/** Whether anything was chosen; the form is folded otherwise. */
export function isWished(wish: RunWish): boolean {
  return wish.failFast || Boolean(wish.concurrency || wish.retries || wish.shards || wish.label)
}

export function optionsOf(wish: RunWish): RunOptions {
  return {
    concurrency: Number(wish.concurrency) || null, retries: Number(wish.retries) || 0, shards: Number(wish.shards) || null,
    label: wish.label.trim(), fail_fast: wish.failFast,
  }
}

export function wishOf(options: RunOptions | undefined): RunWish {
  return {
    concurrency: String(options?.concurrency || ''), retries: String(options?.retries || ''), shards: String(options?.shards || ''),
    label: options?.label ?? '', failFast: options?.fail_fast ?? false,
  }
}
