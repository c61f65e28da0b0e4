// How the code should read, as far as a test can hold it (STYLE.md).
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { ENTRY_KINDS } from '../testbed/catalog.ts'
import { house } from './machine/rig.ts'
import { type Source, sources } from './sources.ts'

const HOUSE = ['sim', 'scenarios', 'harnesses', 'reports', 'testbed', 'cli', 'index.ts']
const all = sources(...HOUSE)
const tests = sources('test', 'bench', 'examples')

/** The longest prefix of a path that is a layer. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'sim/core': [],
  'sim/cpu': ['sim/core'],
  'sim/faults': ['sim/core'],
  'sim/world': ['sim/core'],
  // The contract of the machine is a page of types above them all.
  'sim/wire': ['sim/core', 'sim/cpu', 'sim/world', 'sim/index.ts'],
  'sim/index.ts': ['sim/core', 'sim/cpu', 'sim/world', 'sim'],
  sim: ['sim/core', 'sim/cpu', 'sim/faults', 'sim/world', 'sim/wire', 'sim/index.ts'],
  'sim/host': ['sim/core', 'sim/cpu', 'sim/faults', 'sim/world', 'sim/wire', 'sim/index.ts', 'sim'],
  scenarios: ['sim', 'sim/core', 'sim/cpu', 'sim/world', 'sim/index.ts'],
  harnesses: ['sim', 'sim/index.ts'],
  reports: ['sim', 'sim/core', 'sim/index.ts'],
}
const MIDDLE = ['scenarios', 'harnesses', 'reports']

function layerOf(path: string): string {
  const known = Object.keys(LAYERS).filter(
    (layer) => path === layer || path.startsWith(`${layer}/`),
  )
  return known.toSorted((a, b) => b.length - a.length)[0] ?? path.split('/')[0] ?? ''
}

function mayImport(from: string, to: string): boolean {
  if (from === to) return true
  const allowed = LAYERS[from]
  if (allowed !== undefined) return allowed.includes(to)
  if (from === 'testbed') return to.startsWith('sim') || MIDDLE.includes(to)
  return from === 'cli' || from === 'index.ts'
}

/** Where something stands that should not, as `path: what`. */
const found = (in_: readonly Source[], look: (source: Source) => Iterable<string>): string[] =>
  in_.flatMap((source) => [...look(source)].map((what) => `${source.path}: ${what}`))

const matches = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([match]) => match.trim())

describe('imports', () => {
  it('run one way', () => {
    const against = found(all, ({ path, imports }) =>
      imports
        .filter(({ isOwn, of }) => isOwn && !mayImport(layerOf(path), layerOf(of)))
        .map(({ of }) => of),
    )
    expect(against).toEqual([])
  })

  it('have no cycles', () => {
    const values = new Map(
      all.map(({ path, imports }) => [
        path,
        imports.filter(({ isType, isOwn }) => isOwn && !isType).map(({ of }) => of),
      ]),
    )
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' > '))
      else if (!done.has(path)) {
        for (const next of values.get(path) ?? []) walk(next, [...trail, path])
        done.add(path)
      }
    }
    for (const path of values.keys()) walk(path, [])
    expect(cycles).toEqual([])
  })

  it('never climb three folders, and name files that exist', () => {
    expect(found(all, ({ code }) => matches(code, /'\.\.\/\.\.\/\.\.[^']*'/g))).toEqual([])
    const missing = found([...all, ...tests], ({ imports }) =>
      imports.filter(({ isOwn, of }) => isOwn && !existsSync(of)).map(({ of }) => of),
    )
    expect(missing.filter((what) => !/fixtures/.test(what))).toEqual([])
  })

  it('take nothing whole', () => {
    expect(found(all, ({ bare }) => matches(bare, /^export \* .*/gm))).toEqual([])
  })
})

/** The one place, or the few, in which a package may be used; tools are used by their own names. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  '@modelcontextprotocol/sdk': ['sim/core/message.ts', 'sim/world/mcp.ts'],
  'cli-progress': ['cli/progress.ts'],
  commander: ['cli/main.ts'],
  'fastest-levenshtein': ['sim/cpu/names.ts'],
  'gpt-tokenizer': ['sim/core/tokens.ts'],
  jiti: ['sim/host/load.ts'],
  'just-bash': ['sim/host/shell.ts', 'sim/host/shell-realm.ts', 'sim/world'],
  'partial-json': ['harnesses/parts/recovery/repair-json.ts'],
  piscina: ['sim/host/pool.ts'],
  seedrandom: ['sim/core/draw.ts'],
  'simple-statistics': ['reports'],
  vega: ['reports/chart.ts'],
  xmlbuilder2: ['reports/writers'],
  yaml: ['testbed', 'cli/show.ts'],
  zod: ['sim/world', 'sim/wire', 'sim/host/install.ts', 'reports/record.ts', 'testbed'],
}
const TOOLS = ['@biomejs/biome', 'typescript', 'vitest']

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe('dependencies', () => {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest
  const packageOf = (name: string): string =>
    name
      .split('/')
      .slice(0, name.startsWith('@') ? 2 : 1)
      .join('/')
  const used = (of: readonly Source[]) =>
    of.flatMap(({ path, imports }) =>
      imports
        .filter(({ isOwn, of: name }) => !isOwn && !name.startsWith('node:'))
        .map(({ of: name }) => ({ path, name: packageOf(name) })),
    )

  it('are used, each from its home alone', () => {
    const strays = used(all).filter(
      ({ path, name }) =>
        !(HOMES[name] ?? []).some((home) => path === home || path.startsWith(`${home}/`)),
    )
    expect(strays).toEqual([])
    const names = [...new Set(used(all).map(({ name }) => name))]
    expect(names.toSorted()).toEqual(Object.keys(manifest.dependencies).toSorted())
    expect(Object.keys(HOMES).toSorted()).toEqual(names.toSorted())
  })

  it('for development are used by a test, a bench or a script', () => {
    const names = new Set(used(tests).map(({ name }) => name))
    const idle = Object.keys(manifest.devDependencies).filter(
      (name) => !names.has(name) && !TOOLS.includes(name) && !name.startsWith('@types/'),
    )
    expect(idle).toEqual([])
  })
})

describe('the code', () => {
  it('has time, randomness and the environment as arguments, but in the host and the commands', () => {
    const REAL =
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.now\b|\bset(?:Timeout|Interval)\(|\bcrypto\.random\w*|\brandomUUID\b|\bprocess\.env\b/g
    const inside = all.filter(({ path }) => !/^(sim\/host|cli)\//.test(path))
    expect(found(inside, ({ bare }) => matches(bare, REAL))).toEqual([])
  })

  it('computes the same on every machine, where a digest depends on it', () => {
    const UNSURE =
      /\blocaleCompare\b|\bIntl\.|\*\*|\bMath\.(?:pow|log10|log2|sin|cos|tan|cbrt|hypot)\b|\btoLocale\w+/g
    const inside = all.filter(({ path }) => /^(sim\/(?!host)|scenarios|harnesses)/.test(path))
    expect(found(inside, ({ bare }) => matches(bare, UNSURE))).toEqual([])
  })

  it('keeps no state at the top of a module, but for the seal', () => {
    const inside = all.filter(({ path }) => !/^sim\/host\/seal[./]/.test(path))
    expect(found(inside, ({ bare }) => matches(bare, /^(?:export )?(?:let|var) \w+/gm))).toEqual([])
  })

  it('has no any, no cast to silence, and no work left for later', () => {
    const LAZY = /\bas any\b|: any\b|\bas unknown as any\b/g
    const LATER = /@ts-(?:ignore|expect-error|nocheck)|\bTODO\b|\bFIXME\b|biome-ignore/g
    expect(found([...all, ...tests], ({ bare }) => matches(bare, LAZY))).toEqual([])
    expect(found(all, ({ text }) => matches(text, LATER))).toEqual([])
  })

  it('tells at the head of each file what it is', () => {
    const mute = all.filter(
      ({ path, text }) => !/^\/\/ \S/.test(text.replace(/^#!.*\n/, '')) && !path.endsWith('.d.ts'),
    )
    expect(mute.map(({ path }) => path)).toEqual([])
  })

  it('is in small files with short lines', () => {
    const lengths = all.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    expect(lengths.filter(({ lines }) => lines > 400)).toEqual([])
    const sorted = lengths.map(({ lines }) => lines).toSorted((a, b) => a - b)
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(100)
    expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThanOrEqual(250)
    // A text that cannot be broken is data: what counts is the code around it. Comments may run on a little.
    const wide = found(all, ({ text }) =>
      text.split('\n').filter((line) => {
        const isComment = /^\s*(?:\/\/|\/?\*)/.test(line)
        if (isComment) return line.length > 116
        return line.length > 100 && line.replace(/(['"`/]).*\1/, '').length > 60
      }),
    )
    expect(wide).toEqual([])
  })
})

describe('a design', () => {
  const lines = ({ text }: Source): number => text.split('\n').length - 1
  const under = (folder: string): Source[] => all.filter(({ path }) => path.startsWith(folder))

  it('is a short page, of short parts, over one short loop', () => {
    const long = [
      ...under('harnesses/kernels/').filter((source) => lines(source) > 80),
      ...under('harnesses/parts/').filter((source) => lines(source) > 150),
      ...under('harnesses/kernel.ts').filter((source) => lines(source) >= 250),
    ]
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('has no special case in the loop: it names no part and no kernel', async () => {
    const loop = ['kernel.ts', 'design.ts', 'turn.ts', 'policy.ts', 'part.ts']
    const names = (await house.catalog.ids('kernel')).filter((id) => !ORDINARY.includes(id))
    const own = all.filter(({ path }) => loop.includes(path.replace('harnesses/', '')))
    expect(own).toHaveLength(loop.length)
    const named = new RegExp(`\\b(?:${names.join('|')})\\b`, 'gi')
    expect(found(own, ({ code }) => matches(code, named))).toEqual([])
    expect(
      found(own, ({ imports }) =>
        imports.map(({ of }) => of).filter((of) => /parts\/|kernels\//.test(of)),
      ),
    ).toEqual([])
  })
})

describe('the registry', () => {
  it.each(ENTRY_KINDS)('finds every %s by its path, and each has an entry', async (kind) => {
    const ids = await house.catalog.ids(kind)
    expect(ids.length).toBeGreaterThan(0)
    for (const id of ids) {
      expect(id).toMatch(/^[a-z0-9.-]+(\/[a-z0-9-]+)?$/)
      const entry = await house.catalog.entry(kind, id)
      expect(entry).toBeTypeOf('object')
      const { name } = entry as { name?: unknown }
      if (kind === 'profile') expect(name).toBe(id)
    }
  })
})

describe('fairness', () => {
  const CONTROLS =
    /^harnesses\/(?:(?:control|ceiling)\.ts|kernels\/(?:clairvoyant|amnesiac|idle)\.ts)$/

  it('is that no harness but the controls knows of meaning', () => {
    const inside = all.filter(({ path }) => path.startsWith('harnesses/') && !CONTROLS.test(path))
    expect(
      found(inside, ({ code }) => matches(code, /\[\[|\batoms?\w*\b|\boracle\w*\b/gi)),
    ).toEqual([])
  })

  it('is that the machine knows no harness', async () => {
    const own = (await house.catalog.ids('kernel')).filter((id) => !ORDINARY.includes(id))
    const names = [...own, ...(await house.catalog.ids('adapter')), ...REAL_HARNESSES]
    const named = new RegExp(`\\b(?:${[...new Set(names)].join('|')})\\b`, 'gi')
    const inside = all.filter(({ path }) => /^sim\/(?!cpu\/dialects)/.test(path))
    expect(found(inside, ({ code }) => matches(code, named))).toEqual([])
    // A profile names the models that it is like, and where its numbers are from.
    const profiles = (await house.catalog.ids('profile')).map((id) => {
      const path = `sim/cpu/profiles/${id}.yaml`
      const { like: _, ...data } = parse(readFileSync(path, 'utf8')) as Record<string, unknown>
      const told = ['name', 'about', 'origin', 'extends']
      return { path, code: JSON.stringify(data, (key, v) => (told.includes(key) ? '' : v)) }
    })
    expect(
      profiles.flatMap(({ path, code }) => matches(code, named).map((n) => `${path}: ${n}`)),
    ).toEqual([])
  })
})

/** Kernels whose names are words that the machine needs for other things. */
const ORDINARY = ['best', 'idle', 'loop', 'reader', 'terminal']
const REAL_HARNESSES = [
  ...[
    'pi',
    'claude',
    'codex',
    'opencode',
    'openhands',
    'letta',
    'memgpt',
    'terminus',
    'aider',
    'cline',
  ],
  ...['goose', 'swe-agent', 'gemini-cli', 'qwen-code', 'crush', 'amp', 'copilot', 'windsurf'],
]
