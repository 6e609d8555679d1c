// What the engine says about a failure, in the reader's language: it says it in English, the catalogue knows the rest.
import { shallowRef } from 'vue'

type Say = (sentence: string) => string

const say = shallowRef<Say>()
let load: (() => Promise<Say>) | undefined
let known = new Map<string, string>()

/** From now on failures are said so; nothing is loaded before the first of them is shown. */
export function setFailures(loader?: () => Promise<Say>): void {
  load = loader
  say.value = undefined
  known = new Map()
}

/** A message of the engine in the language of the page, line by line. */
export function failureText(message: string): string {
  if (!load || !message) return message
  const speaking = say.value
  if (!speaking) {
    const mine = load
    void mine().then((loaded) => {
      if (load === mine) say.value = loaded
    })
    return message
  }
  const text = known.get(message) ?? message.split('\n').map((line) => /^ */.exec(line)![0] + speaking(line.trimStart())).join('\n')
  known.set(message, text)
  return text
}
