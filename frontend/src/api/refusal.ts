// What the server refuses with, in the language of the page.

type Shape = Record<string, unknown>
type Say = (shape: Shape) => Shape | Promise<Shape>

let inWords: Say = (shape) => shape

/** From now on refusals are said by it. */
export function setSpeaker(say: Say): void {
  inWords = say
}

/** A refusal of the server in the reader's language; in its own words where those cannot be had. */
export async function translated(shape: Shape): Promise<Shape> {
  try {
    return await inWords(shape)
  } catch {
    return shape
  }
}

/** Problems of files and cases in the reader's language. */
export async function translatedProblems<T extends object>(problems: T[]): Promise<T[]> {
  return (await translated({ errors: problems })).errors as T[]
}
