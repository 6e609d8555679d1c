/** The menus of the step list: what can be added at a place, and what can be done with a step. */

import { CopyPlus, CornerDownRight, FileInput, FolderInput, Globe, Layers, Pencil, Power, SquareFunction, Terminal, Timer, Trash2, Ungroup, Workflow } from '@lucide/vue'
import { useI18n } from 'vue-i18n'
import type { MenuItem } from '@/ui/UiMenu.vue'
import { newRequestStep, type Step } from '@/lib/document'
import type { CaseEditor } from '@/lib/editor'
import type { StepLine } from '@/lib/steprows'
import { listIn, PARTS, placeBeside, treeOf, type Place } from '@/lib/steptree'

export interface StepMenuActions {
  pick: (place: Place) => void
  curl: (place: Place) => void
  rename: (step: Step) => void
  duplicate: (step: Step) => void
  remove: (step: Step) => void
}

export function useStepMenu(editor: CaseEditor, act: StepMenuActions) {
  const { t } = useI18n()
  const own = (): boolean => editor.content.document.dialect === 'hat'
  const newName = (): string => t('editor.steps.newName', { n: editor.rows.value.length + 1 })
  const end = (part: (typeof PARTS)[number]): Place => ({ list: part, at: treeOf(editor.content.document)[part].length })

  function addItems(place: Place): MenuItem[] {
    return [
      { label: t('editor.steps.addRequest'), icon: Globe, run: () => editor.steps.addRequest(newName(), place) },
      { label: t('editor.steps.addCall'), icon: Workflow, run: () => act.pick(place) },
      { label: t('editor.steps.addCurl'), icon: Terminal, run: () => act.curl(place) },
      ...(own() ? [
        { label: t('editor.flow.kind.wait'), icon: Timer, run: () => editor.steps.addOther(t('editor.flow.kind.wait'), { wait: 1 }, place) },
        { label: t('editor.flow.kind.function'), icon: SquareFunction, run: () => editor.steps.addOther(t('editor.flow.kind.function'), { function: '' }, place) },
        { label: t('editor.flow.kind.group'), icon: Layers, run: () => editor.steps.addOther(t('editor.flow.kind.group'), { steps: [newRequestStep(newName())] }, place) },
      ] : []),
    ]
  }

  /** At the end of the steps, or before and after all of them. */
  function addAnywhere(): MenuItem[] {
    return [
      ...addItems(end('teststeps')),
      ...(own() ? [
        { separator: true } as const,
        ...(['setup', 'teardown'] as const).map((part) => ({ label: t(`editor.flow.part.${part}`), icon: FolderInput, items: addItems(end(part)) })),
      ] : []),
    ]
  }

  /** Out of its group, into the group before it, to another part of the case. */
  function moveItems({ row }: StepLine): MenuItem[] {
    const { step, around, part } = row
    const tree = treeOf(editor.content.document)
    const move = (to: Place) => () => editor.steps.move(step.id, to)
    const [out, into] = [placeBeside(tree, step.id, 'out'), placeBeside(tree, step.id, 'in')]
    const group = into && editor.rows.value.find((one) => listIn(one.step) === into.list)?.step
    return [
      ...(out ? [{ label: t('editor.flow.out', { name: around.at(-1)!.name }), keys: 'alt+arrowleft', run: move(out) }] : []),
      ...(into && group ? [{ label: t('editor.flow.into', { name: group.name }), keys: 'alt+arrowright', run: move(into) }] : []),
      ...PARTS.filter((one) => one !== part || around.length).map((one) => ({ label: t('editor.flow.to', { part: t(`editor.flow.part.${one}`) }), run: move(end(one)) })),
    ]
  }

  function itemsOf(line: StepLine): MenuItem[] {
    const { step, list, at } = line.row
    return [
      { label: t('editor.steps.rename'), icon: Pencil, keys: 'f2', run: () => act.rename(step) },
      { label: t('editor.steps.duplicate'), icon: CopyPlus, keys: 'mod+d', run: () => act.duplicate(step) },
      { label: step.enabled === false ? t('editor.steps.enable') : t('editor.steps.disable'), icon: Power, run: () => editor.steps.toggle(step.id) },
      { separator: true },
      { label: t('editor.steps.above'), icon: FileInput, items: addItems({ list, at }) },
      { label: t('editor.steps.below'), icon: FileInput, items: addItems({ list, at: at + 1 }) },
      ...(line.inner ? [{ label: t('editor.flow.inside'), icon: CornerDownRight, items: addItems({ list: listIn(step), at: line.inner.length }) }] : []),
      ...(own() ? [
        { separator: true } as const,
        { label: t('editor.flow.move'), icon: FolderInput, items: moveItems(line) },
        line.inner
          ? { label: t('editor.flow.ungroup'), icon: Ungroup, run: () => void editor.steps.ungroup(step.id) }
          : { label: t('editor.flow.makeGroup'), icon: Layers, run: () => void editor.steps.group(new Set([step.id]), t('editor.flow.kind.group')) },
      ] : []),
      { separator: true },
      { label: t('editor.steps.delete'), icon: Trash2, danger: true, keys: 'delete', run: () => act.remove(step) },
    ]
  }

  return { addItems, addAnywhere, itemsOf, end }
}
