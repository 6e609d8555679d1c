/** Where names in a report lead; a single-file report has no links. */

import type { InjectionKey } from 'vue'

export interface Links {
  caseEditor(caseId: number): string
  run(runId: number): string
  caseRun(runId: number, caseRunId: number): string
}

export const linksKey: InjectionKey<Links> = Symbol('links')
