// Turns English sentences of the server into those of a catalogue, whose keys they are.

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

const VALUE = /^(?:"(?:[^"\\]|\\.)*"|\[.*\]|\{.*\})$/s

function weight(form: string): number {
  return form.replaceAll('{}', '').length
}

type Sentence = (sentence: string) => string
type Shape = Record<string, unknown>
interface Item {
  path: string
  message: string
  hint?: string
}

/** Says a refusal in the words of the catalogue: its sentence, and each problem with its hint. */
export function speaker(catalogue: Record<string, string>): (shape: Shape) => Shape {
  const say = sentences(catalogue)
  return (shape) => {
    const items = (shape.errors ?? []) as Item[]
    const errors = items.map((item) => ({ ...item, message: say(item.message), ...(item.hint ? { hint: say(item.hint) } : {}) }))
    return { ...shape, errors, ...(typeof shape.error === 'string' ? { error: head(shape.error, items[0], say) } : {}) }
  }
}

/** The sentence above the problems: the first of them with its field, when that is what the server said. */
function head(sentence: string, first: Item | undefined, say: Sentence): string {
  const field = first?.path ? `${first.path}: ` : ''
  if (!first || !sentence.startsWith(field + first.message)) return say(sentence)
  const more = say(sentence.slice(field.length + first.message.length).trim())
  return `${field}${say(first.message)}${more ? ` ${more}` : ''}`
}

/** A sentence in the words of the catalogue; as it is where nobody knows it. */
export function sentences(catalogue: Record<string, string>): Sentence {
  const forms = Object.entries(catalogue)
    .filter(([key]) => key.includes('{}'))
    // The longest fits most narrowly; of two alike, parts behind a semicolon come before those behind a colon.
    .sort(([a], [b]) => weight(b) - weight(a) || (a < b ? 1 : -1))
    .map(([key, text]) => ({ form: new RegExp(`^${escaped(key).replaceAll('\\{\\}', '(.+?)')}$`, 's'), text }))
  function say(sentence: string): string {
    if (Object.hasOwn(catalogue, sentence)) return catalogue[sentence]
    for (const { form, text } of forms) {
      const found = form.exec(sentence)
      if (!found) continue
      // What was put into a sentence may be one itself: "cron: …"; in quotes, or as JSON, it is a value, and stays.
      return text.replace(/(“?)\{(\d)\}/g, (_all, quote: string, place: string) => {
        const value = found[Number(place) + 1] ?? ''
        return quote + (quote || VALUE.test(value) ? value : say(value))
      })
    }
    return sentence
  }
  return say
}
