/** What the pieces of the case page share: names to complete, the value menu, sending, saving with its dialogs. */

import { Braces, CheckCheck, ClipboardCopy, Equal, FileOutput, Hash, Regex, Ruler, ScanSearch } from '@lucide/vue'
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { cases as caseCalls, environments as environmentCalls, functions as functionCalls, modules as moduleCalls } from '@/api/cases'
import type { Environment, FunctionEntry, Module, UserBrief } from '@/api/types'
import type { MenuItem } from '@/ui/UiMenu.vue'
import { copyText } from '@/lib/clipboard'
import type { KnownName } from '@/lib/complete'
import { checksOf, rowsOf } from '@/lib/document'
import { lineage } from '@/lib/inheritance'
import type { CaseEditor } from '@/lib/editor'
import { toJson } from '@/lib/json'
import { pythonType, variableName } from '@/lib/jsonrows'
import { knownNames } from '@/lib/names'
import { patternOf } from '@/lib/pattern'
import { remembered } from '@/lib/remembered'
import { addCheck, addExtract, literalText } from '@/lib/suggest'
import { toast } from '@/lib/toast'
import type { Trying } from '@/lib/trying'
import { valueText } from '@/lib/values'

/** Modules, environments and functions of the project, loaded once for the page. */
export function useSurroundings(project: () => number) {
  const modules = shallowRef<Module[]>([])
  const environments = shallowRef<Environment[]>([])
  const functions = shallowRef<FunctionEntry[]>([])
  const people = shallowRef<UserBrief[]>([])
  const kept = remembered<Record<string, number | null>>('editor.environment', {})
  const environment = computed<number | null>({
    get: () => {
      const chosen = kept.value[project()]
      if (chosen === null || environments.value.some((one) => one.id === chosen)) return chosen ?? null
      return environments.value.find((one) => one.is_default)?.id ?? null
    },
    set: (id) => (kept.value = { ...kept.value, [project()]: id }),
  })
  const current = computed(() => environments.value.find((one) => one.id === environment.value))

  const bases = computed(() => (current.value ? lineage(current.value, environments.value) : []))

  async function load(): Promise<void> {
    const [moduleList, environmentList, functionList, peopleList] = await Promise.all([
      moduleCalls.list(project()), environmentCalls.list(project()), functionCalls.get(project()).catch(() => undefined), caseCalls.people(project()),
    ])
    modules.value = moduleList
    environments.value = environmentList
    functions.value = functionList?.functions ?? []
    people.value = peopleList
  }

  /** A module or a person by name, where a part of a case holds only the number. */
  function partWords(part: string, value: unknown): string | undefined {
    if (part === 'module_id') return modules.value.find((one) => one.id === value)?.name
    const person = part === 'owner_id' ? people.value.find((one) => one.id === value) : undefined
    return person && (person.name || person.username)
  }

  watch(project, () => void load().catch(toast.error), { immediate: true })
  return { modules, environments, functions, people, environment, lineage: bases, partWords }
}

export function useNames(editor: CaseEditor, around: ReturnType<typeof useSurroundings>, trying: Trying): ComputedRef<KnownName[]> {
  const { t } = useI18n()
  return computed(() => knownNames({
    document: editor.content.document, step: editor.step.value?.id ?? '', environments: around.lineage.value, functions: around.functions.value, seen: trying.seen.value,
    origins: {
      config: t('editor.origins.config'), environment: (name) => t('editor.origins.environment', { name }), step: t('editor.origins.step'), group: (group) => t('editor.origins.group', { group }), loop: t('editor.origins.loop'),
      extracted: (step) => t('editor.origins.extracted', { step }), parameters: t('editor.origins.parameters'), project: t('editor.origins.project'), builtin: t('editor.origins.builtin'),
    },
  }))
}

/** What one can do with a value of an answer. */
export function useValueMenu(editor: CaseEditor, show: (tab: string) => void): (expression: string, value: unknown) => MenuItem[] {
  const { t } = useI18n()

  function check(expression: string, comparator: string, expected: unknown): void {
    const step = editor.step.value
    if (!step) return
    const added = addCheck(step, expression, comparator, expected)
    show('checks')
    toast.success(added ? t('editor.value.checkAdded', { expression }) : t('editor.value.checkThere', { expression }))
  }

  function extract(expression: string, path: string): void {
    const step = editor.step.value
    if (!step) return
    const taken = new Set(rowsOf(step.extract).map((row) => row.name))
    const name = variableName(path, taken)
    addExtract(step, name, expression)
    show('extract')
    toast.success(t('editor.value.extracted', { name }))
  }

  return (expression, value) => {
    const sized = typeof value === 'string' || Array.isArray(value) || (typeof value === 'object' && value !== null && pythonType(value) === 'dict')
    const length = typeof value === 'string' ? [...value].length : Object.keys((value ?? {}) as object).length
    return [
      { heading: expression },
      { label: t('editor.value.extract'), icon: FileOutput, run: () => extract(expression, expression.replace(/^(body|headers|cookies)/, '')) },
      { label: t('editor.value.equals'), icon: Equal, run: () => check(expression, 'eq', literalText(value)) },
      { label: t('editor.value.exists'), icon: CheckCheck, run: () => (editor.content.document.dialect === 'hat' ? check(expression, 'exists', true) : check(expression, 'ne', null)) },
      { label: t('editor.value.type'), icon: Hash, hint: pythonType(value), run: () => check(expression, 'type_match', pythonType(value)) },
      ...(sized ? [{ label: t('editor.value.length'), icon: Ruler, hint: String(length), run: () => check(expression, 'len_eq', length) }] : []),
      ...(typeof value === 'string' ? [
        { label: t('editor.value.matches'), icon: Regex, run: () => check(expression, 'regex_match', patternOf(value)) },
        { label: t('editor.value.contains'), icon: ScanSearch, run: () => check(expression, 'contains', literalText(value)) },
      ] : []),
      { separator: true },
      { label: t('editor.value.copyPath'), icon: Braces, run: () => void copyText(expression).then(() => toast.success(t('app.copied'))) },
      { label: t('editor.value.copyValue'), icon: ClipboardCopy, run: () => void copyText(typeof value === 'object' && value !== null ? toJson(value, 2) : valueText(value)).then(() => toast.success(t('app.copied'))) },
    ]
  }
}

/** Expressions the step already extracts or checks, to mark them in the tree. */
export function markedExpressions(editor: CaseEditor): ComputedRef<Set<string>> {
  return computed(() => {
    const step = editor.step.value
    if (!step) return new Set<string>()
    return new Set([...checksOf(step.validate).map((row) => row.expression), ...rowsOf(step.extract).map((row) => valueText(row.value))])
  })
}
