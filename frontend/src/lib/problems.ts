/** Problems of a case as the server words them, and the step, tab and field each belongs to. */

export interface Problem {
  path: string
  message: string
  hint?: string
  line?: number | null
}

export const STEP_TABS = ['params', 'headers', 'body', 'auth', 'variables', 'extract', 'checks', 'hooks', 'options'] as const
export type StepTab = (typeof STEP_TABS)[number]

export const CONFIG_PLACE = 'config'

export interface Spot {
  /** The step, such as `teststeps[2]` or `setup[0].steps[1]`; `config` is that of the case. */
  place: string
  tab: string
  /** The rest of the path, such as `[1]` or `.token`. */
  rest: string
}

const TAB_OF: Record<string, StepTab> = {
  variables: 'variables', extract: 'extract', export: 'extract', validate: 'checks', validators: 'checks', setup_hooks: 'hooks',
  teardown_hooks: 'hooks', skip: 'options', skipIf: 'options', skipUnless: 'options', times: 'options', retry: 'options',
  if: 'options', for_each: 'options', while: 'options', max_iterations: 'options', parameters: 'options',
  'request.params': 'params', 'request.headers': 'headers', 'request.cookies': 'headers', 'request.auth': 'auth', auth: 'auth',
  'request.json': 'body', 'request.data': 'body', 'request.files': 'body', 'request.upload': 'body',
  'request.timeout': 'options', 'request.verify': 'options', 'request.allow_redirects': 'options',
}

const CONFIG_TAB: Record<string, string> = {
  auth: 'auth', variables: 'variables', parameters: 'parameters', setup_hooks: 'hooks', teardown_hooks: 'hooks',
}

/** Where in the editor the path `teststeps[0].steps[1].validate[1]` is; undefined for the case as a whole. */
export function spotOf(path: string): Spot | undefined {
  const step = /^((?:teststeps|setup|teardown)(?:\[\d+\]|\.steps(?=\[))+)(.*)$/.exec(path)
  if (step) {
    const rest = step[2]!.replace(/^\./, '')
    const words = /^(request\.\w+|\w+)(.*)$/.exec(rest)
    return { place: step[1]!, tab: TAB_OF[words?.[1] ?? ''] ?? '', rest: words?.[2] ?? '' }
  }
  const config = /^config(?:\.(\w+)(.*))?$/.exec(path)
  if (!config) return undefined
  return { place: CONFIG_PLACE, tab: CONFIG_TAB[config[1] ?? ''] ?? 'general', rest: config[2] ?? '' }
}

/** The index a rest such as `[1].expect` begins with, or -1. */
export function indexOf(rest: string): number {
  const found = /^\[(\d+)\]/.exec(rest)
  return found ? Number(found[1]) : -1
}

/** The key a rest such as `.token` or `["X-Id"]` names, or an empty text. */
export function keyOf(rest: string): string {
  return /^\.([^.[\]]+)/.exec(rest)?.[1] ?? /^\["([^"]+)"\]/.exec(rest)?.[1] ?? /^\['([^']+)'\]/.exec(rest)?.[1] ?? ''
}

export function problemsAt(problems: readonly Problem[], place: string, tab?: string): Problem[] {
  return problems.filter((problem) => {
    const spot = spotOf(problem.path)
    return spot !== undefined && spot.place === place && (tab === undefined || spot.tab === tab)
  })
}
