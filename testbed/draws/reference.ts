// The reference kernel `loop` under the conditions of an experiment: fewer tools, or a part in a slot.
import { type KernelPage, kernel, type PagedKernel, part } from '../../harnesses/kernel.ts'
import loop from '../../harnesses/kernels/loop.ts'
import world from '../../harnesses/parts/tools/world.ts'

export interface Loop {
  /** The tools that are offered; all of the world's where nothing is said. */
  readonly offered?: readonly string[] | undefined
  readonly slots?: Partial<KernelPage['slots']>
  /** What the system prompt says beside its own. */
  readonly rule?: string
}

const only = (names: readonly string[]) =>
  part({
    slot: 'tools',
    about: `the world's own tools, ${names.length} of them`,
    source: world.source,
    policy: {
      open(c) {
        c.tools = c.tools.filter(({ name }) => names.includes(name))
      },
    },
  })

export function looping({ offered, slots = {}, rule = '' }: Loop): PagedKernel {
  const { page } = loop
  const tools = offered === undefined ? world : only(offered)
  const system = rule === '' ? page.system : `${page.system} ${rule}`
  return kernel({ ...page, system, slots: { ...page.slots, tools, ...slots } })
}
