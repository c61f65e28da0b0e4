// Toolbox: what a model knows of the tools that it is offered, beside the list: who is named like whom,
// which words names are made of, what a schema asks for. Schemas come from outside and may be odd: what
// cannot be read of one asks for nothing. Worked out once for an offer, when first asked for.
import type { Tool } from '../core/message.ts'
import { likeness, wordsOf } from './names.ts'
import { isPlain, type Kinds, kindsOf } from './schema.ts'

export interface Neighbour {
  readonly tool: Tool
  /** In [0, 1]. @see likeness */
  readonly likeness: number
}

/** The parameters of a tool. */
export interface Parameters {
  readonly required: readonly string[]
  /** What kinds of JSON each property admits; undefined where its schema does not tell. */
  readonly kinds: ReadonlyMap<string, Kinds | undefined>
}

export interface Vocabulary {
  /** First words of names. */
  readonly verbs: readonly string[]
  /** What stands after the first word, by its words. */
  readonly nouns: readonly (readonly string[])[]
  /** Names of parameters. */
  readonly parameters: readonly string[]
}

/** How many neighbours a name has at most: the nearest. */
const NEIGHBOURS = 8

function parametersOf(tool: Tool | undefined): Parameters {
  const schema: unknown = tool?.inputSchema
  const { properties, required }: Record<string, unknown> = isPlain(schema) ? schema : {}
  const entries = Object.entries(isPlain(properties) ? properties : {})
  const asked: unknown[] = Array.isArray(required) ? required : []
  return {
    required: asked.filter((name) => typeof name === 'string'),
    kinds: new Map(entries.map(([name, property]) => [name, kindsOf(property)])),
  }
}

export class Toolbox {
  readonly tools: readonly Tool[]
  readonly #byName = new Map<string, Tool>()
  readonly #parameters = new Map<string, Parameters>()
  readonly #neighbours = new Map<string, readonly Neighbour[]>()
  #vocabulary: Vocabulary | undefined

  constructor(tools: readonly Tool[]) {
    this.tools = tools
    for (const tool of tools) if (!this.#byName.has(tool.name)) this.#byName.set(tool.name, tool)
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  parameters(name: string): Parameters {
    return remembered(this.#parameters, name, () => parametersOf(this.#byName.get(name)))
  }

  /** Other tools by how alike their names are, the nearest first. */
  neighbours(name: string): readonly Neighbour[] {
    return remembered(this.#neighbours, name, () =>
      [...this.#byName.values()]
        .filter((tool) => tool.name !== name)
        .map((tool) => ({ tool, likeness: likeness(name, tool.name) }))
        .sort((a, b) => b.likeness - a.likeness)
        .slice(0, NEIGHBOURS),
    )
  }

  get vocabulary(): Vocabulary {
    this.#vocabulary ??= this.#words()
    return this.#vocabulary
  }

  #words(): Vocabulary {
    const verbs = new Set<string>()
    const nouns = new Map<string, readonly string[]>()
    const parameters = new Set<string>()
    for (const name of this.#byName.keys()) {
      const [verb, ...noun] = wordsOf(name)
      if (verb !== undefined) verbs.add(verb)
      if (noun.length > 0) nouns.set(noun.join(' '), noun)
      for (const parameter of this.parameters(name).kinds.keys()) parameters.add(parameter)
    }
    return { verbs: [...verbs], nouns: [...nouns.values()], parameters: [...parameters] }
  }
}

function remembered<V>(map: Map<string, V>, key: string, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
