// What is true as a run goes on. A fact that changes does so where the world can know of what it follows: once
// a file was written for all to see, which on a branch is its commit.
import type { TraceEvent } from './core/trace.ts'
import type { Instance } from './instance.ts'

export class Truths {
  readonly #truths: Instance['truths']
  /** Files that all could see written. */
  readonly #shown = new Set<string>()

  constructor({ truths }: Pick<Instance, 'truths'>) {
    this.#truths = truths
  }

  /** Events in their order. */
  add(event: TraceEvent): void {
    if (event.kind === 'branch' && event.move === 'commit' && event.from === undefined)
      for (const path of event.paths) this.#shown.add(path)
    if (event.kind === 'effect' && event.op.startsWith('files.') && event.branch === undefined)
      this.#shown.add(event.key)
  }

  /** The true value now; undefined of what nothing but the model settles. */
  now(fact: string): string | undefined {
    const values = this.#truths[fact]?.values ?? []
    return values.findLast(({ afterWriteOf: path }) => path === undefined || this.#shown.has(path))
      ?.value
  }

  /** Of every fact that has a true value, by name. */
  all(): ReadonlyMap<string, string> {
    return new Map(Object.keys(this.#truths).map((fact) => [fact, this.now(fact) ?? '']))
  }
}
