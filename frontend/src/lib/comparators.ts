/** The comparators a check may name: one canonical name for each meaning, with the aliases of all dialects. */

export interface Comparator {
  name: string
  /** A sign or word for dense places. */
  sign: string
  aliases: readonly string[]
  /** Only in dialect hat. */
  own?: boolean
}

export const COMPARATORS: readonly Comparator[] = [
  { name: 'eq', sign: '=', aliases: ['equals', 'equal', '==', 'is'] },
  { name: 'ne', sign: '≠', aliases: ['not_equals', 'not_equal', '!='] },
  { name: 'lt', sign: '<', aliases: ['less_than'] },
  { name: 'le', sign: '≤', aliases: ['less_than_or_equals', 'less_or_equals'] },
  { name: 'gt', sign: '>', aliases: ['greater_than'] },
  { name: 'ge', sign: '≥', aliases: ['greater_than_or_equals', 'greater_or_equals'] },
  { name: 'str_eq', sign: 'str =', aliases: ['string_equals'] },
  { name: 'len_eq', sign: 'len =', aliases: ['length_equals', 'length_equal', 'count_eq'] },
  { name: 'len_gt', sign: 'len >', aliases: ['count_gt', 'length_greater_than', 'count_greater_than'] },
  {
    name: 'len_ge', sign: 'len ≥',
    aliases: ['count_ge', 'length_greater_than_or_equals', 'count_greater_than_or_equals', 'length_greater_or_equals'],
  },
  { name: 'len_lt', sign: 'len <', aliases: ['count_lt', 'length_less_than', 'count_less_than'] },
  {
    name: 'len_le', sign: 'len ≤',
    aliases: ['count_le', 'length_less_than_or_equals', 'count_less_than_or_equals', 'length_less_or_equals'],
  },
  { name: 'contains', sign: '∋', aliases: [] },
  { name: 'contained_by', sign: '∈', aliases: [] },
  { name: 'type_match', sign: 'type', aliases: [] },
  { name: 'regex_match', sign: '~', aliases: [] },
  { name: 'startswith', sign: 'a…', aliases: [] },
  { name: 'endswith', sign: '…z', aliases: [] },
  { name: 'not_contains', sign: '∌', aliases: [], own: true },
  { name: 'one_of', sign: '∈ […]', aliases: [], own: true },
  { name: 'not_one_of', sign: '∉ […]', aliases: [], own: true },
  { name: 'exists', sign: '∃', aliases: [], own: true },
  { name: 'not_exists', sign: '∄', aliases: [], own: true },
  { name: 'json_schema', sign: '{}', aliases: ['matches_schema'], own: true },
  { name: 'approx', sign: '≈', aliases: [], own: true },
  { name: 'unordered_eq', sign: '{=}', aliases: [], own: true },
  { name: 'regex_search', sign: '…~…', aliases: [], own: true },
  { name: 'equal_fold', sign: 'a=A', aliases: [], own: true },
]

/** Those a case of the dialect may use. */
export function comparatorsOf(dialect: string): readonly Comparator[] {
  return dialect === 'hat' ? COMPARATORS : COMPARATORS.filter((one) => !one.own)
}

const BY_NAME = new Map(COMPARATORS.flatMap((one) => [one.name, ...one.aliases].map((name) => [name, one] as const)))

export function comparatorOf(name: string): Comparator | undefined {
  return BY_NAME.get(name)
}
