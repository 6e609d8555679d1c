/** A sample case that teaches: a request, an extract, a second request that uses it, checks. */

import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRouter } from 'vue-router'
import { cases, modules as moduleCalls } from '@/api/cases'
import type { Module } from '@/api/types'
import { newStepId, type CaseDocument } from './document'
import { toast } from './toast'

export function useSampleCase(project: () => number, modules: () => readonly Module[]): { making: Ref<boolean>; make: () => Promise<void> } {
  const { t } = useI18n()
  const router = useRouter()
  const making = ref(false)

  function sample(): CaseDocument {
    return {
      schema: 1, dialect: 'hat', config: { name: t('cases.sampleCase.name'), variables: { user: 'ann' } },
      teststeps: [
        {
          id: newStepId(), name: t('cases.sampleCase.first'), request: { method: 'GET', url: `${location.origin}/api/v1/session`, params: { user: '$user' } },
          extract: { version: 'body.version' }, validate: [{ eq: ['status_code', 200] }, { type_match: ['body.version', 'str'] }],
        },
        {
          id: newStepId(), name: t('cases.sampleCase.second'), request: { method: 'GET', url: `${location.origin}/healthz`, headers: { 'X-Version': '$version' } },
          validate: [{ eq: ['status_code', 200] }],
        },
      ],
    }
  }

  async function make(): Promise<void> {
    if (making.value) return
    making.value = true
    try {
      const module = modules()[0] ?? (await moduleCalls.create(project(), t('cases.new.firstModule')))
      const made = await cases.create(project(), { module_id: module.id, name: t('cases.sampleCase.name'), document: sample() })
      await router.push({ name: 'case', params: { project: project(), case: made.id } })
    } catch (error) {
      toast.error(error)
    } finally {
      making.value = false
    }
  }

  return { making, make }
}
