// Documents that tell facts, with prose around them: the files, the facts and their truths, the places as a
// prompt names them, and the steps that read them.
import { atom, type Draw, type Fact, type Step, type Truth } from '../../sim/index.ts'
import { prose, sentence } from '../../sim/world/prose.ts'
import { reading, stable } from './steps.ts'

export interface Document {
  readonly path: string
  /** By name; the first one is what the file is read for. */
  readonly tells: Readonly<Record<string, string>>
}

export interface Filed {
  readonly files: Readonly<Record<string, string>>
  readonly facts: Readonly<Record<string, Fact>>
  readonly truths: Readonly<Record<string, Truth>>
  /** Atoms, in the order of the documents. */
  readonly places: readonly string[]
  readonly reads: readonly Step[]
}

/** Each document has about so many tokens of prose. */
export function filed(draw: Draw, documents: readonly Document[], tokens: number): Filed {
  const files: Record<string, string> = {}
  const places: string[] = []
  const reads: Step[] = []
  for (const { path, tells } of documents) {
    const names = Object.keys(tells)
    const lines = Object.entries(tells).map(
      ([name, value]) =>
        `${sentence(draw)} ${name.replaceAll('-', ' ')}: ${atom('fact', name, value)}`,
    )
    files[path] =
      `${prose(draw, tokens / 2)}\n\n${lines.join('\n')}\n\n${prose(draw, tokens / 2)}\n`
    for (const name of names) places.push(atom('place', name, path))
    reads.push(reading(names[0] ?? '', names))
  }
  const known = Object.assign({}, ...documents.map(({ tells }) => tells)) as Record<string, string>
  return { files, places, reads, ...stable(known) }
}

/** Each document is read, and acted upon before the next one. */
export const inTurn = (reads: readonly Step[], deeds: readonly Step[]): Step[] =>
  reads.flatMap((read, i) => [read, ...deeds.slice(i, i + 1)])
