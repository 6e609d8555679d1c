// What the server refuses with, in the language of the page.

type Shape = Record<string, unknown>

let inWords = (shape: Shape): Shape => shape

/** From now on refusals are said by it. */
export function setSpeaker(say: (shape: Shape) => Shape): void {
  inWords = say
}

/** A refusal of the server in the reader's language. */
export function translated(shape: Shape): Shape {
  return inWords(shape)
}
