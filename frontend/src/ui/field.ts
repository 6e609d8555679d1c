// How a field tells the control inside it its id, its messages and whether it is wrong.
import { computed, inject, provide, useId, type ComputedRef, type InjectionKey } from 'vue'

export interface FieldContext {
  id: string
  describedBy: string | undefined
  invalid: boolean
  required: boolean
}

const key: InjectionKey<ComputedRef<FieldContext>> = Symbol('field')

export function provideField(context: ComputedRef<FieldContext>): void {
  provide(key, context)
}

/** The attributes for the control: those of the field around it, or a fresh id. */
export function useField() {
  const field = inject(key, null)
  const own = useId()
  return computed(() => ({
    id: field?.value.id ?? own,
    'aria-describedby': field?.value.describedBy,
    'aria-invalid': field?.value.invalid || undefined,
    'aria-required': field?.value.required || undefined,
  }))
}
