// A profile as it is written: parameters by path, each with its origin, and the page that they make.
import { stringify } from 'yaml'

export interface Said {
  readonly value: number
  readonly origin: string
}

/** By path, e.g. `recall.literalHalf`. What comes later takes the place of what came before. */
export type Sheet = Readonly<Record<string, Said>>

/** Numbers of one origin. */
export const of = (origin: string, values: Readonly<Record<string, number>>): Sheet =>
  Object.fromEntries(
    Object.entries(values).map(([path, value]) => [path, { value: digits(value), origin }]),
  )

/** As many digits as mean something. */
const digits = (value: number): number => Number(value.toPrecision(4))

/** Numbers below one path. */
export const under = (
  path: string,
  origin: string,
  values: Readonly<Record<string, number>>,
): Sheet =>
  of(
    origin,
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${path}.${name}`, value])),
  )

export interface Page {
  readonly name: string
  readonly about: string
  readonly like: Readonly<Record<string, string>>
  readonly sheet: Sheet
}

type Tree = { [name: string]: Tree | Said }

function put(tree: Tree, [head = '', ...rest]: readonly string[], said: Said): void {
  if (rest.length === 0) tree[head] = said
  else {
    const inner = (tree[head] ?? {}) as Tree
    tree[head] = inner
    put(inner, rest, said)
  }
}

/** The groups in the order of every other profile. */
const ORDER = [
  ...['window', 'recall', 'summary', 'missing', 'injection', 'provokes', 'sampling', 'instance'],
  ...['pace', 'behaviours', 'faults'],
]

/** YAML: one line a parameter. */
export function pageText({ name, about, like, sheet }: Page): string {
  const tree: Tree = {}
  for (const [path, said] of Object.entries(sheet)) put(tree, path.split('.'), said)
  const lines: string[] = []
  const walk = (node: Tree, depth: number): void => {
    for (const [key, inner] of Object.entries(node)) {
      const pad = '  '.repeat(depth)
      if ('origin' in inner && typeof inner.value === 'number') {
        const origin = stringify(inner.origin, { lineWidth: 0 }).trimEnd()
        lines.push(`${pad}${key}: { value: ${inner.value}, origin: ${quoted(origin)} }`)
      } else {
        lines.push(`${pad}${key}:`)
        walk(inner as Tree, depth + 1)
      }
    }
  }
  walk(Object.fromEntries(ORDER.flatMap((group) => (tree[group] ? [[group, tree[group]]] : []))), 0)
  const models = Object.entries(like).map(([table, model]) => `  ${table}: ${quoted(model)}`)
  return [
    '# Written by `npm run fit` from testbed/published: do not edit. Probabilities hold in the median case.',
    `name: ${name}`,
    `about: ${quoted(about)}`,
    'extends: typical',
    'like:',
    ...models,
    ...lines,
    '',
  ].join('\n')
}

/** Quoted where a flow mapping or a colon would take it for something else. */
const quoted = (text: string): string => (/^[\w(][\w ().\-/+]*$/.test(text) ? text : `"${text}"`)
