// What users have configured, as gates take it: beside the rules of their own, in every spelling, and nothing of
// it without a yes of the boot at hand.
import { describe, expect, it } from 'vitest'
import type { Message, Part, ToolCall } from '../../harnesses/kernel.ts'
import { part, type Tool } from '../../harnesses/kernel.ts'
import ask from '../../harnesses/parts/access/ask.ts'
import askedOnce from '../../harnesses/parts/access/asked-once.ts'
import denyFirst from '../../harnesses/parts/access/deny-first.ts'
import fifty from '../../harnesses/parts/access/fifty-subcommands.ts'
import lastMatch from '../../harnesses/parts/access/last-match.ts'
import none from '../../harnesses/parts/access/none.ts'
import planMode from '../../harnesses/parts/access/plan-mode.ts'
import restored from '../../harnesses/parts/access/restored-grants.ts'
import sensitive from '../../harnesses/parts/access/sensitive-paths.ts'
import type { Policy } from '../../sim/index.ts'
import { instanceWith, ofKind, type Play } from '../machine/rig.ts'
import { call, says, type Walked, walk } from './scripted.ts'

const bashTool: Tool = {
  name: 'bash',
  inputSchema: { type: 'object', properties: { command: { type: 'string' } } },
}

/** A shell that does nothing: what a gate lets through is what is asked of it. */
const shell = part({
  slot: 'tools',
  about: 'a shell beside the tools of the world, that does nothing',
  source: 'none',
  policy: {
    open(c) {
      c.tools = [...c.tools, bashTool]
    },
    run: (spoken, _, next) =>
      spoken.name === 'bash' ? Promise.resolve({ text: 'ran', isError: false }) : next(spoken),
  },
})

const under = (policy: Partial<Policy>) =>
  instanceWith({ policy: { deny: [], ask: [], ...policy } })

type Access = Part<'access'> | readonly Part<'access'>[]

const gated = (
  access: Access,
  policy: Partial<Policy>,
  calls: readonly ToolCall[],
  of: Partial<Play> = {},
) =>
  walk(
    { access, tools: shell },
    calls.map((one): Message => says('', one)),
    { instance: under(policy), ...of },
  )

const results = ({ conversation }: Walked): string[] =>
  conversation.transcript.filter(({ role }) => role === 'tool').map(({ content }) => content)

const questions = ({ trace }: Walked): string[] =>
  ofKind(trace, 'confirm').map(({ question }) => question)

const bash = (command: string) => call('b', 'bash', { command })
const write = (path: string) => call('w', 'write_file', { path, content: 'x' })
const pay = call('p', 'make_payment', { payee: 'acme', amount: '20.00', reference: 'i-1' })

/** Whether each call was carried out. */
const ran = (walked: Walked): boolean[] =>
  results(walked).map((text) => /^(?:Wrote|Paid|ran)/.test(text))

const NOBODY = { deny: ['Edit(live/*)', 'Bash(rm *)', 'make_payment(*acme*)'] }

describe.each([
  ['ask', ask],
  ['asked-once', askedOnce],
  ['deny-first', denyFirst],
  ['deny-first, bypassing', denyFirst.with({ mode: 'bypassPermissions' })],
  ['fifty-subcommands', fifty],
  ['last-match', lastMatch],
  ['plan-mode', planMode],
  ['restored-grants', restored],
  ['sensitive-paths', sensitive],
] as const)('%s', (id, access) => {
  it('keeps to what the users deny, asks nothing of it, and passes the rest', async () => {
    const calls = [write('live/a'), write('x/../live/a'), bash('ls; rm x'), pay, write('liver/a')]
    const walked = await gated(access, NOBODY, calls)
    const [a, b, c, d, e] = ran(walked)
    expect([a, b, c, d]).toEqual([false, false, false, false])
    expect(questions(walked).join()).not.toMatch(/live\/|rm x|acme/)
    const plans = id === 'plan-mode'
    expect(e).toBe(true)
    expect(questions(walked)).toHaveLength(id === 'ask' || plans ? 1 : 0)
  })

  it('denies what holds more than it looks at, where a rule could be about it', async () => {
    const pad = Array(10_001).fill('x')
    const hidden = call('b', 'bash', { pad, command: 'rm live/a' })
    for (const rule of ['Edit(live/*)', 'Bash(rm *)', 'bash(*live*)', 'b*(*live*)'])
      expect(ran(await gated(access, { deny: [rule] }, [hidden]))).toEqual([false])
  })

  const asks = id !== 'sensitive-paths' && id !== 'deny-first, bypassing'
  it.runIf(asks)('asks what the users want to be asked, and heeds a no', async () => {
    const wanted = { ask: ['Edit(www/*)'] }
    const isPlanning = id === 'plan-mode'
    const planned = isPlanning ? [call('e', 'exit_plan_mode', { plan: 'Write.' })] : []
    const yes = await gated(access, wanted, [...planned, write('www/a'), write('notes/a')])
    expect(ran(yes).slice(-2)).toEqual([true, true])
    expect(questions(yes).some((question) => question.includes('www/a'))).toBe(true)
    const no = { chance: { [`job-1/confirm#${isPlanning ? 2 : 1}/refuses`]: true } }
    const refused = await gated(access, wanted, [...planned, write('www/a')], no)
    expect(ran(refused).some(Boolean)).toBe(false)
    expect(refused.unreached).toEqual([])
  })
})

describe('without a gate', () => {
  it('nothing that is configured is kept to', async () => {
    const walked = await gated(none, NOBODY, [write('live/a'), bash('rm x'), pay])
    expect(ran(walked)).toEqual([true, true, true])
  })
})

describe('a call that holds more than is looked at', () => {
  const hidden = call('b', 'bash', { pad: Array(10_001).fill('x'), command: 'cat .ssh/id' })

  it('may be of keys, for all that one knows', async () => {
    expect(results(await gated(sensitive, {}, [hidden]))).toEqual([
      'Access denied: the call holds more values than are looked at',
    ])
  })

  it('is let through where no rule could be about it', async () => {
    const free = denyFirst.with({ mode: 'bypassPermissions', deny: [] })
    for (const access of [free, lastMatch])
      expect(ran(await gated(access, { deny: ['make_payment(*acme*)'] }, [hidden]))).toEqual([true])
  })
})

describe('rules of the users', () => {
  it('go before what a design allows', async () => {
    const allowing = denyFirst.with({ allow: ['make_payment', 'Edit(*)', 'Bash(*)'] })
    const walked = await gated(allowing, { ask: ['make_payment'] }, [pay, bash('make')])
    expect(questions(walked)).toEqual([
      'Allow make_payment {"payee":"acme","amount":"20.00","reference":"i-1"}?',
    ])
    const last = lastMatch.with({ rules: ['allow * *', 'allow edit live/*'] })
    expect(ran(await gated(last, { deny: ['Edit(live/*)'] }, [write('live/a')]))).toEqual([false])
  })

  it('take away a tool that they deny whole', async () => {
    for (const access of [denyFirst, lastMatch]) {
      const { requests } = await gated(access, { deny: ['make_payment'] }, [])
      expect(requests[0]?.tools?.map(({ name }) => name)).not.toContain('make_payment')
    }
  })

  it('that deny go before those that ask', async () => {
    const both = { deny: ['Edit(www/a)'], ask: ['Edit(www/*)'] }
    for (const access of [ask, askedOnce, denyFirst, lastMatch, planMode])
      expect(ran(await gated(access, both, [write('www/a')]))).toEqual([false])
  })

  it('are passed over in a long line, by a known fault', async () => {
    const line = bash(`${'true; '.repeat(50)}rm x`)
    expect(ran(await gated(fifty, NOBODY, [line]))).toEqual([true])
    expect(ran(await gated(denyFirst, NOBODY, [line]))).toEqual([false])
  })

  it('on paths are not seen by opencode in commands', async () => {
    const line = bash('echo x > live/a')
    expect(ran(await gated(lastMatch, NOBODY, [line]))).toEqual([true])
    expect(ran(await gated(denyFirst, NOBODY, [line]))).toEqual([false])
  })
})

describe('asked once', () => {
  const twice = [write('www/a'), write('www/b'), write('site/c')]

  it('asks for each rule once, and shows what it is asked for first', async () => {
    const walked = await gated(askedOnce, { ask: ['Edit(www/*)', 'Edit(site/*)'] }, twice)
    expect(questions(walked)).toEqual([
      'Allow write_file {"path":"www/a","content":"x"}? And all that is Edit(www/*) from now on.',
      'Allow write_file {"path":"site/c","content":"x"}? And all that is Edit(site/*) from now on.',
    ])
    expect(ran(walked)).toEqual([true, true, true])
  })

  it('asks again after a no', async () => {
    const no = { chance: { 'job-1/confirm#1/refuses': true } }
    const walked = await gated(askedOnce, { ask: ['Edit(www/*)'] }, twice, no)
    expect(ran(walked)).toEqual([false, true, true])
    expect(questions(walked)).toHaveLength(2)
  })

  it('leaves nothing on disk, but where it is restored by a known fault', async () => {
    const disk = async (access: Access) => {
      const { simulation } = await gated(access, { ask: ['Edit(www/*)'] }, twice)
      return Object.fromEntries(simulation.disk)
    }
    expect(await disk(askedOnce)).toEqual({})
    expect(await disk(restored)).toEqual({ 'grants-job-1.json': '["Edit(www/*)"]' })
  })

  it('begins anew from a file that a crash tore', async () => {
    const ask = ['Edit(www/*)']
    // The write of the grant is struck: what stands on disk is a piece of it.
    const at = 'ana/write#1'
    const chance = { [`${at}/crash`]: true, [`${at}/landed`]: true, [`${at}/torn`]: true }
    const walked = await gated(restored, { ask }, twice, { chance })
    expect(ofKind(walked.trace, 'boot')).toHaveLength(2)
    expect(questions(walked)).toHaveLength(2)
    expect(walked.ending).toEqual({ kind: 'done' })
  })
})
