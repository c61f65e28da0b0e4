// Gates: which calls are permitted, by which rule, and what is told to the model and asked of the user.
import { describe, expect, it } from 'vitest'
import type { Message, Part, ToolCall } from '../../harnesses/kernel.ts'
import { part, type Tool } from '../../harnesses/kernel.ts'
import ask from '../../harnesses/parts/access/ask.ts'
import denyFirst from '../../harnesses/parts/access/deny-first.ts'
import fifty from '../../harnesses/parts/access/fifty-subcommands.ts'
import lastMatch from '../../harnesses/parts/access/last-match.ts'
import none from '../../harnesses/parts/access/none.ts'
import planMode, { PLANNING } from '../../harnesses/parts/access/plan-mode.ts'
import sensitive from '../../harnesses/parts/access/sensitive-paths.ts'
import { house, instanceWith, kernelNamed, ofKind, type Play, play } from '../machine/rig.ts'
import { call, says, type Walked, walk } from './scripted.ts'

/** A shell that does nothing: what a gate lets through is what is asked of it. */
const bashTool: Tool = {
  name: 'bash',
  inputSchema: { type: 'object', properties: { command: { type: 'string' } } },
}

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

type Access = Part<'access'> | readonly Part<'access'>[]

const gated = (access: Access, calls: readonly ToolCall[], of: Partial<Play> = {}) =>
  walk(
    { access, tools: shell },
    calls.map((one): Message => says('', one)),
    { instance: instanceWith(), ...of },
  )

const results = ({ conversation }: Walked): string[] =>
  conversation.transcript.filter(({ role }) => role === 'tool').map(({ content }) => content)

const questions = ({ trace }: Walked): string[] =>
  ofKind(trace, 'confirm').map(({ question }) => question)

const bash = (command: string) => call('b', 'bash', { command })
const write = (path: string, content = 'x') => call('w', 'write_file', { path, content })
const see = (path: string) => call('r', 'read_file', { path })
const pay = call('p', 'make_payment', { payee: 'acme', amount: '20.00', reference: 'i-1' })

/** The user says no to the n-th question. */
const refusing = (n = 1): Partial<Play> => ({ chance: { [`job-1/confirm#${n}/refuses`]: true } })

const offered = ({ requests }: Walked): string[] =>
  (requests[0]?.tools ?? []).map(({ name }) => name)

describe('no gate', () => {
  it('permits all', async () => {
    const walked = await gated(none, [bash('sudo rm -rf /'), write('.git/config')])
    expect(results(walked)).toEqual(['ran', 'Wrote 1 characters to .git/config.'])
    expect(questions(walked)).toEqual([])
  })
})

describe('asking', () => {
  it('is for every effect, and for none that only looks', async () => {
    const calls = [see('a.txt'), call('l', 'list_payments'), bash('cat a.txt'), pay, write('b')]
    const walked = await gated(ask, [...calls, bash('rm a.txt')])
    expect(questions(walked)).toEqual([
      'Allow make_payment {"payee":"acme","amount":"20.00","reference":"i-1"}?',
      'Allow write_file {"path":"b","content":"x"}?',
      'Allow bash {"command":"rm a.txt"}?',
    ])
    expect(walked.simulation.world.data().payments).toHaveLength(1)
  })

  it('is heeded', async () => {
    const walked = await gated(ask, [pay, pay], refusing())
    expect(results(walked)).toEqual([
      'The user did not permit this call. It was not run.',
      'Paid 20.00 to acme (i-1). Receipt 1.',
    ])
    expect(walked.unreached).toEqual([])
  })

  it('tells no more of a call than one reads', async () => {
    const [question = ''] = questions(await gated(ask, [write('b', 'x'.repeat(5000))]))
    expect(question).toMatch(/^Allow write_file .{500}\.\.\.\?$/)
  })
})

describe('rules that deny first', () => {
  const strict = denyFirst.with({
    mode: 'default',
    deny: ['Edit(prod/*)', 'Bash(rm *)', 'Read(secret/*)', 'make_payment(mallory)'],
    ask: ['Edit(docs/*)'],
    allow: ['Edit(*)', 'Bash(ls *)', 'Bash(rm tmp)', 'make_payment'],
  })
  const DENIED = 'Permission to use write_file has been denied.'

  it('let a broad denial go before a narrow permission', async () => {
    const walked = await gated(strict, [bash('rm tmp'), bash('ls -la && rm x'), write('prod/a')])
    expect(results(walked)).toEqual([
      'Permission to use bash with command rm tmp has been denied.',
      'Permission to use bash with command rm x has been denied.',
      DENIED,
    ])
    expect(questions(walked)).toEqual([])
  })

  it.each([
    'prod/a',
    './prod/a',
    'x/../prod/a',
    'prod//a',
    '../prod/a',
    '/prod/a',
    '/workspace/prod/a',
  ])('deny %s, however it is spelt', async (path) => {
    expect(results(await gated(strict, [write(path)]))).toEqual([DENIED])
  })

  it.each(['rm prod/a', 'tee prod/a', 'echo x > prod/a', 'cp a ./prod/b', `bash -c 'mv a prod/a'`])(
    'deny %s by the paths in it',
    async (command) => {
      const asked = strict.with({ deny: ['Edit(prod/*)'], allow: ['Bash(*)'] })
      const [told] = results(await gated(asked, [bash(command)]))
      expect(told).toMatch(/has been denied\.$/)
    },
  )

  it('deny a value that is named, and pass over the others', async () => {
    const thief = call('p', 'make_payment', { payee: 'mallory', amount: '9', reference: 'r' })
    const walked = await gated(strict, [thief, pay])
    expect(results(walked)).toEqual([
      'Permission to use make_payment has been denied.',
      'Paid 20.00 to acme (i-1). Receipt 1.',
    ])
  })

  it('know a tool of the world that is called as a program', async () => {
    const typed = (payee: string) => bash(`make_payment {"payee": "${payee}"}`)
    const rules = strict.with({ deny: ['make_payment(*mallory*)'] })
    const walked = await gated(rules, [typed('mallory'), typed('acme'), bash('list_payments')])
    expect(results(walked)).toEqual(['Permission to use bash has been denied.', 'ran', 'ran'])
    expect(questions(walked)).toEqual([])
  })

  it('ask before they allow, and ask about what none is about', async () => {
    const walked = await gated(strict, [write('docs/a'), write('a'), bash('ls -la'), bash('make')])
    expect(questions(walked)).toEqual([
      'Allow write_file {"path":"docs/a","content":"x"}?',
      'Allow bash {"command":"make"}?',
    ])
  })

  it('do not take a path for one that they allow before it is resolved', async () => {
    const source = strict.with({ allow: ['Edit(src/*)'], deny: [], ask: [] })
    const walked = await gated(source, [write('src/a'), write('src/../a'), write('src/../../a')])
    expect(questions(walked)).toHaveLength(2)
  })

  it('tell the model when the user refuses', async () => {
    const walked = await gated(strict, [write('docs/a')], refusing())
    expect(results(walked)).toEqual([
      "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file). STOP what you are doing and wait for the user to tell you how to proceed.",
    ])
    expect(walked.simulation.world.data().files).toEqual({ 'a.txt': 'alpha' })
  })

  it('take away what they deny without a pattern', async () => {
    const walked = await gated(strict.with({ deny: ['Bash', 'make_*', 'Edit'] }), [bash('ls')])
    expect(offered(walked)).toEqual(['read_file', 'list_files', 'search_files', 'list_payments'])
    expect(results(walked)).toEqual(['Unknown tool: bash'])
  })

  it.each([
    ['default', ['ask', 'ask', 'ask']],
    ['acceptEdits', ['ran', 'ask', 'ask']],
    ['plan', [PLANNING, PLANNING, PLANNING]],
    ['dontAsk', [DENIED, DENIED, 'Permission to use bash with command make has been denied.']],
    ['bypassPermissions', ['ran', 'ran', 'ran']],
  ] as const)('go by the mode %s where none is about it', async (mode, wanted) => {
    const free = denyFirst.with({ mode, deny: ['Edit(prod/*)'], ask: [], allow: [] })
    const walked = await gated(free, [
      see('a.txt'),
      write('b'),
      write('/outside/b'),
      bash('make'),
      write('prod/a'),
    ])
    const asked = questions(walked)
    const told = results(walked).slice(1, 4)
    const outcomes = [write('b'), write('/outside/b'), bash('make')].map(({ name, args }, i) => {
      if (asked.includes(`Allow ${name} ${args}?`)) return 'ask'
      return /^(Wrote|ran)/.test(told[i] ?? '') ? 'ran' : told[i]
    })
    expect(outcomes).toEqual(wanted)
    expect(results(walked)[0]).toBe('alpha')
    expect(results(walked)[4]).toBe(DENIED)
  })

  it.each(['time sudo rm -rf x', 'env A=1 sudo rm x', 'if true; then sudo rm x; fi'])(
    'deny a word before the command, whatever stands before that: %s',
    async (command) => {
      const walked = await gated(denyFirst.with({ mode: 'bypassPermissions' }), [bash(command)])
      expect(results(walked)[0]).toMatch(/has been denied\.$/)
    },
  )

  it('do not let pass what holds more than is looked at', async () => {
    const pad = Array(10_001).fill('x')
    const one = call('w', 'write_file', { pad, path: 'b', content: 'x' })
    const free = denyFirst.with({ deny: [] })
    const walked = await gated(free, [one, write('b')], refusing())
    expect(results(walked)[0]).toMatch(/^The user doesn't want/)
    expect(results(walked)[1]).toBe('Wrote 1 characters to b.')
    expect(results(await gated(free.with({ mode: 'plan' }), [one]))).toEqual([PLANNING])
    for (const mode of ['acceptEdits', 'bypassPermissions'])
      expect(results(await gated(denyFirst.with({ mode }), [one]))).toEqual([DENIED])
  })

  it('know their modes', () => {
    expect(() => denyFirst.with({ mode: 'yolo' })).toThrow(
      "mode: 'yolo' is none of default, acceptEdits, plan, dontAsk, bypassPermissions",
    )
  })
})

describe('more than fifty commands', () => {
  const long = (count: number) => bash(`${'true; '.repeat(count)}sudo rm -rf prod`)

  it('are not checked: who says yes to the one question says yes to what is denied', async () => {
    const walked = await gated(fifty, [long(49), long(50)])
    expect(results(walked)).toEqual([
      'Permission to use bash with command rm -rf prod has been denied.',
      'ran',
    ])
    expect(questions(walked)).toEqual(['Allow this long bash command?'])
    expect(results(await gated(fifty, [long(50)], refusing()))).toEqual([
      'The user did not permit this command. It was not run.',
    ])
  })

  it('are checked where the rules deny first', async () => {
    expect(results(await gated(denyFirst, [long(50)]))).toEqual([
      'Permission to use bash with command rm -rf prod has been denied.',
    ])
  })

  it('are no lines of a document', async () => {
    const document = bash(`cat > b <<'EOF'\n${'rm x\n'.repeat(200)}EOF`)
    const walked = await gated(fifty, [document])
    expect(questions(walked)).not.toContain('Allow this long bash command?')
  })
})

describe('the last rule that matches', () => {
  const ruled = (...rules: string[]) => lastMatch.with({ rules })

  it('decides, however narrow it is', async () => {
    const walked = await gated(ruled('allow * *', 'deny edit prod/*', 'allow edit prod/a'), [
      write('prod/a'),
      write('prod/b'),
    ])
    expect(results(walked)).toEqual([
      'Wrote 1 characters to prod/a.',
      'The user has specified a rule which prevents you from using this specific tool call. Here are some of the relevant rules [{"permission":"*","pattern":"*","action":"allow"},{"permission":"edit","pattern":"prod/*","action":"deny"},{"permission":"edit","pattern":"prod/a","action":"allow"}]',
    ])
    const broad = await gated(ruled('deny edit prod/*', 'allow * *'), [write('prod/b')])
    expect(results(broad)).toEqual(['Wrote 1 characters to prod/b.'])
  })

  it('is asked for where there is none, and a no ends the job', async () => {
    const walked = await gated(ruled(), [write('b'), write('c')], refusing(2))
    expect(questions(walked)).toHaveLength(2)
    expect(walked.reply).toBe('The user rejected permission to use this specific tool call.')
    expect(Object.keys(walked.simulation.world.data().files)).toEqual(['a.txt', 'b'])
    const on = lastMatch.with({ rules: [], onReject: 'go on' })
    expect((await gated(on, [write('b')], refusing())).reply).toBe('Done.')
  })

  it('is looked for command by command', async () => {
    const rules = ruled('allow * *', 'deny bash rm *', 'allow bash rm tmp')
    const walked = await gated(rules, [bash('ls; rm tmp'), bash('ls; rm x')])
    expect(results(walked)[0]).toBe('ran')
    expect(results(walked)[1]).toMatch(/^The user has specified a rule/)
  })

  it('asks what leads out of the workspace, and for secrets', async () => {
    const calls = [see('../x'), bash('cat /etc/passwd'), see('.env'), see('.env.example')]
    const walked = await gated(lastMatch, calls)
    expect(questions(walked)).toEqual([
      'Allow read_file {"path":"../x"}?',
      'Allow bash {"command":"cat /etc/passwd"}?',
      'Allow read_file {"path":".env"}?',
    ])
  })

  it('takes away a tool that it denies whatever it is for', async () => {
    expect(offered(await gated(ruled('allow * *', 'deny make_payment'), []))).not.toContain(
      'make_payment',
    )
    expect(offered(await gated(ruled('deny make_payment', 'allow * *'), []))).toContain(
      'make_payment',
    )
  })

  it('begins with what is to be done', () => {
    expect(() => ruled('edit prod/* deny')).toThrow(
      "'edit prod/* deny': a rule begins with one of allow, ask, deny",
    )
  })
})

describe('sensitive paths', () => {
  it.each([
    [see('.ssh/id_rsa'), '/workspace/.ssh/id_rsa', '*/.ssh/*'],
    [see('~/.ssh'), '/home/user/.ssh', '*/.ssh/*'],
    [see('x/../.aws/./config'), '/workspace/.aws/config', '*/.aws/config'],
    [write('.env'), '/workspace/.env', '*/.env'],
    [bash('true && cat < ~/.kube/config'), '/home/user/.kube/config', '*/.kube/config'],
    [bash('cp ~/.docker/config.json x'), '/home/user/.docker/config.json', '*/.docker/config.json'],
  ])('are out of reach: %j', async (one, path, pattern) => {
    const walked = await gated([sensitive, denyFirst.with({ mode: 'bypassPermissions' })], [one])
    expect(results(walked)).toEqual([
      `Access denied: ${path} is a sensitive credential path (matched built-in pattern '${pattern}')`,
    ])
  })

  it('are no others', async () => {
    const walked = await gated(sensitive, [see('a.txt'), write('ssh/x'), bash('cat environment')])
    expect(results(walked)).toEqual(['alpha', 'Wrote 1 characters to ssh/x.', 'ran'])
    expect(questions(walked)).toEqual([])
  })

  it('are not seen behind a glob', async () => {
    expect(results(await gated(sensitive, [bash('cat ~/.s*h/id')]))).toEqual(['ran'])
  })
})

describe('plan mode', () => {
  const exit = call('e', 'exit_plan_mode', { plan: 'Write b.' })

  it('looks only, until a plan is told and confirmed', async () => {
    const walked = await gated(planMode, [see('a.txt'), exit, write('b'), pay])
    expect(questions(walked)).toEqual(['Would you like to proceed?\n\nWrite b.'])
    expect(results(walked)).toEqual([
      'alpha',
      'User has approved your plan. You can now start coding.',
      'Wrote 1 characters to b.',
      'Paid 20.00 to acme (i-1). Receipt 1.',
    ])
    const systems = walked.requests.map(({ messages }) => messages[0]?.content)
    expect(systems).toEqual([
      `Work.\n\n${PLANNING}`,
      `Work.\n\n${PLANNING}`,
      'Work.',
      'Work.',
      'Work.',
    ])
  })

  it('goes on where the user refuses the plan', async () => {
    const walked = await gated(planMode, [exit, see('a.txt'), exit, write('b')], refusing())
    expect(results(walked)).toEqual([
      'The user did not approve the plan. Plan mode is still active.',
      'alpha',
      'User has approved your plan. You can now start coding.',
      'Wrote 1 characters to b.',
    ])
  })

  it('asks for a plan where an effect is tried without one', async () => {
    const answers = [says('', write('b')), says('I write b, then c.'), says('', write('c'))]
    const walked = await walk({ access: planMode }, answers, { instance: instanceWith() })
    expect(questions(walked)).toEqual(['Would you like to proceed?\n\nI write b, then c.'])
    expect(walked.requests[1]?.messages.at(-1)?.role).toBe('user')
    expect(walked.requests[1]?.tools).toBeUndefined()
    expect(results(walked)).toEqual(['Wrote 1 characters to b.', 'Wrote 1 characters to c.'])
    // The plan is no part of the conversation.
    expect(walked.conversation.transcript.some(({ content }) => content.includes('then c'))).toBe(
      false,
    )
    const refused = await walk({ access: planMode }, answers.slice(0, 2), {
      instance: instanceWith(),
      ...refusing(),
    })
    expect(results(refused)).toEqual([
      'The user did not approve the plan. Plan mode is still active.',
    ])
    expect(refused.simulation.world.data().files).toEqual({ 'a.txt': 'alpha' })
  })
})

describe('every gate', () => {
  const gates: readonly (readonly [string, Access])[] = [
    ['none', none],
    ['ask', ask],
    ['deny-first', denyFirst],
    ['fifty-subcommands', fifty],
    ['last-match', lastMatch],
    ['sensitive-paths', sensitive],
    ['plan-mode', planMode],
    [
      'deny-first of odd rules',
      denyFirst.with({ deny: ['(((', 'Edit(((a+)+)+$)', '', '[x', '\\'] }),
    ],
    ['last-match of odd rules', lastMatch.with({ rules: ['allow', 'deny ((( [x', 'ask \\ a'] })],
  ]
  const odd = [
    'null',
    '7',
    '"x"',
    '[[]]',
    {},
    { path: null, content: [] },
    { path: { path: ['a', 7] }, content: 'x' },
    { path: '\u0000', content: '\ud800' },
    { path: '(a+)+$', content: 'x' },
    { path: 'x/'.repeat(20_000), content: 'y'.repeat(20_000) },
    { command: ['bash', '-lc', 'rm x'] },
    { command: { command: 'rm x' } },
    { command: '$('.repeat(10_000) },
    { commands: [{ keystrokes: 'rm x\n', duration: 1 }] },
  ]

  it.each(gates)(
    '%s comes to an end whatever is called',
    async (_, access) => {
      const calls = odd.flatMap((args) => [call('w', 'write_file', args), call('b', 'bash', args)])
      const { ending } = await gated(access, calls)
      expect(ending).toEqual({ kind: 'done' })
    },
    20_000,
  )
})

describe('a user who refuses', () => {
  it('is heard by a model: nothing is done behind his back', async () => {
    const flawless = await house.profile('flawless')
    const profile = { ...flawless, user: { ...flawless.user, refuses: 1 } }
    const instance = instanceWith({
      users: [
        { id: 'ana', jobs: [{ id: 'job-1', prompt: '[[task:go=job-1]] Go.', arrivesMs: 0 }] },
      ],
      programs: [
        {
          name: 'go',
          facts: {},
          steps: [
            {
              id: 'pay',
              needs: [],
              call: { op: 'payments.pay', args: { payee: 'a', amount: '1', reference: 'r' } },
              effect: 'once',
            },
          ],
          answer: 'Gone.',
        },
      ],
    })
    for (const id of ['ask', 'plan-mode', 'deny-first']) {
      const kernel = await kernelNamed(`loop+access=${id}`)
      const { simulation, trace } = await play({ kernel, instance, profile, chance: '1' })
      const isFree = id === 'deny-first'
      expect(simulation.world.data().payments).toHaveLength(isFree ? 1 : 0)
      expect(ofKind(trace, 'confirm').length > 0).toBe(!isFree)
    }
  })
})
