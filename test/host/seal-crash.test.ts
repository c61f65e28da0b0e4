// A crash takes what a harness of one's own left in the process, as it takes the process: globals, and what hangs
// on them. What packages left there as they were loaded stays, as they are not loaded again.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Additions, keysOf } from '../../sim/host/seal/additions.ts'
import { run } from '../../testbed/run.ts'
import { house, ofKind } from '../machine/rig.ts'
import { scratch } from './harness.ts'

/** Says at each boot what it finds, and leaves it there for the next one. */
const HARNESS = `
  import 'once'
  globalThis.atLoading ??= { boots: 0 }
  let inModule = 0
  const ON = { globalThis, process, console, Array, Promise }
  export default {
    users: 'one',
    async boot(machine) {
      const found = Object.keys(ON).filter((name) => ON[name].left !== undefined)
      if (globalThis.__left !== undefined) found.push('__left')
      if (++globalThis.atLoading.boots > 1) found.push('atLoading')
      if (++inModule > 1) found.push('inModule')
      if (globalThis[Symbol.for('once')] !== undefined) found.push('once')
      for (const thing of Object.values(ON)) thing.left = 'here'
      globalThis.__left = 'here'
      for await (const job of machine.jobs) {
        const session = machine.open({ job: job.id })
        await session.tools.callTool({ name: 'list_files' })
        machine.reply(job.id, found.join(' '))
      }
    },
  }`

const PACKAGE = `globalThis[Symbol.for('once')] = {}`

function written(): string {
  const folder = scratch()
  const own = join(folder, 'node_modules', 'once')
  mkdirSync(own, { recursive: true })
  const manifest = { name: 'once', version: '1.0.0', type: 'module', exports: './index.js' }
  writeFileSync(join(own, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(own, 'index.js'), PACKAGE)
  writeFileSync(join(folder, 'harness.mjs'), HARNESS)
  return join(folder, 'harness.mjs')
}

const spec = {
  ...{ scenario: 'crash-resume/crash-anywhere', instance: 0, trial: 0, profile: 'hijacked' },
  ...{ seed: 1, params: { at: 2 } },
}

describe('a boot after a crash', () => {
  it('finds nothing of the boot before, in the first run of a thread and in later ones', async () => {
    const harness = written()
    for (let times = 0; times < 3; times++) {
      const { trace } = await run({ ...spec, harness }, 'sampled', house)
      expect(ofKind(trace, 'crash')).toHaveLength(1)
      expect(ofKind(trace, 'reply').map(({ text }) => text)).toEqual(['once'])
    }
  })
})

describe('what is added to a thing', () => {
  const thing = (): Record<string, unknown> => ({ old: 1, _events: {} })

  it('is taken away, but for what was there, and what begins as what Node keeps there', () => {
    const additions = new Additions()
    const of = thing()
    const since = keysOf([of])
    Object.assign(of, { old: 2, fresh: 3, _handlers: 4 })
    additions.note(since, false)
    additions.takeAway()()
    expect(of).toEqual({ old: 2, _events: {}, _handlers: 4 })
  })

  it('comes back where it came with a module that did not bring it again', () => {
    const additions = new Additions()
    const of = thing()
    const since = keysOf([of])
    Object.assign(of, { once: 'package', again: 'module' })
    additions.note(since, true)
    of.later = 'boot'
    additions.note(since, false)
    const putBack = additions.takeAway()
    expect(of).toEqual(thing())
    of.again = 'module, afresh'
    putBack()
    expect(of).toEqual({ ...thing(), once: 'package', again: 'module, afresh' })
  })
})
