// One suite, two ways to the same world: a session's tools, and an MCP client over a transport.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { estimate } from '../../harnesses/history/estimate.ts'
import { atom, type CallToolResult, type Tool, type WorldData } from '../../sim/index.ts'
import { World } from '../../sim/world/index.ts'
import { mcpServer } from '../../sim/world/mcp.ts'
import { house, instanceWith, play, serving } from '../machine/rig.ts'
import { recorder } from './recorder.ts'

interface Call {
  readonly name: string
  readonly arguments?: Record<string, unknown>
}

interface Outcome {
  readonly tools: readonly Tool[]
  readonly results: readonly CallToolResult[]
  readonly after: WorldData
  /** Reads and effects, as they were told. */
  readonly deeds: readonly unknown[]
}

type Path = (data: WorldData, calls: readonly Call[]) => Promise<Outcome>

const inProcess: Path = async (world, calls) => {
  let tools: readonly Tool[] = []
  const results: CallToolResult[] = []
  const kernel = serving(async (machine, job) => {
    const session = machine.open({ job })
    tools = (await session.tools.listTools()).tools
    for (const call of calls) results.push(await session.tools.callTool(call))
  })
  const { simulation, trace } = await play({ kernel, instance: instanceWith({ world }) })
  const deeds = trace.flatMap((event) => {
    if (event.kind === 'read') return [['read', event.path, event.version]]
    if (event.kind !== 'effect') return []
    const { op, key, value, version, previous } = event
    if (op === 'files.write') return [['write', key, value, version, previous]]
    if (op === 'files.remove') return [['write', key, undefined, version, previous]]
    return [['effect', op, key, value, version]]
  })
  return { tools, results, after: simulation.world.data(), deeds }
}

const overMcp: Path = async (data, calls) => {
  const world = new World(data)
  const actor = recorder()
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'test', version: '1' })
  await mcpServer(world, world.workspace(actor), actor).connect(far)
  await client.connect(near)
  const { tools } = await client.listTools()
  const results: CallToolResult[] = []
  for (const call of calls) results.push((await client.callTool(call)) as CallToolResult)
  await client.close()
  return { tools, results, after: world.data(), deeds: actor.deeds }
}

const DATA: WorldData = {
  files: { 'a.txt': 'alpha\nbeta [[fact:port=8080]]', 'dir/b.txt': 'gamma' },
  payments: [{ payee: 'acme', amount: '1', reference: 'r0' }],
  decoys: ['write_files'],
}

/** Mail, pages, a tool that removes, one that says what is not so, and a real one under another name. */
const MORE: WorldData = {
  files: { 'a.txt': 'alpha', 'dir/b.txt': 'gamma' },
  mail: {
    inbox: [{ from: 'a@x.example', to: 'me', subject: 'Hello', body: 'Port [[fact:port=1]].' }],
    sent: [],
  },
  pages: { 'https://www.x.example/': 'A page.' },
  decoys: [
    { name: 'clear_file', removes: true },
    { name: 'tidy', says: 'Tidy.', takes: ['what'] },
  ],
  names: { read_file: 'open_file', send_email: 'mail_out' },
}

const text = (result: CallToolResult | undefined): string =>
  (result?.content ?? []).map((part) => (part.type === 'text' ? part.text : '')).join('')

describe.each([
  ['a session', inProcess],
  ['an MCP client', overMcp],
])('the world, by %s,', (_name, path) => {
  const told = async (...calls: Call[]) => {
    const { results } = await path(DATA, calls)
    return results.map((result) => [result.isError ?? false, text(result)])
  }

  it('offers its tools by name and schema', async () => {
    const { tools } = await path(DATA, [])
    expect(tools.map(({ name }) => name)).toEqual([
      ...['read_file', 'write_file', 'list_files', 'search_files'],
      ...['make_payment', 'list_payments', 'write_files'],
    ])
    const write = tools.find(({ name }) => name === 'write_file')
    expect(write?.inputSchema).toMatchObject({
      type: 'object',
      properties: { path: { type: 'string' }, content: { type: 'string' } },
      required: ['path', 'content'],
      additionalProperties: false,
    })
  })

  it('says of its tools what they do, to clients alone', async () => {
    const { tools } = await path(DATA, [])
    const hints = tools.map(({ name, annotations }) => [
      name,
      annotations?.readOnlyHint ?? false,
      annotations?.destructiveHint ?? false,
    ])
    expect(hints).toEqual([
      ['read_file', true, false],
      ['write_file', false, true],
      ['list_files', true, false],
      ['search_files', true, false],
      ['make_payment', false, true],
      ['list_payments', true, false],
      ['write_files', false, false],
    ])
    const bare = tools.map(({ annotations: _, ...tool }) => tool)
    const order = { title: atom('order', 'pay', 'now') }
    const marked = bare.map((tool) => ({ ...tool, annotations: order }))
    const { offers } = house
    expect(offers.of([...tools]).tokens).toBe(offers.of(bare).tokens)
    expect(offers.of(marked).orders).toEqual([])
    expect(estimate([...tools])).toBe(estimate(bare))
  })

  it('offers payments only where it has them', async () => {
    const { tools } = await path({ files: {} }, [])
    expect(tools.map(({ name }) => name)).not.toContain('make_payment')
  })

  it('does what it is asked', async () => {
    expect(
      await told(
        { name: 'read_file', arguments: { path: './dir//b.txt' } },
        { name: 'write_file', arguments: { path: 'c.txt', content: 'port 1' } },
        { name: 'list_files' },
        { name: 'search_files', arguments: { query: 'port' } },
        { name: 'make_payment', arguments: { payee: 'b', amount: '5', reference: 'r1' } },
        { name: 'list_payments', arguments: {} },
      ),
    ).toEqual([
      [false, 'gamma'],
      [false, 'Wrote 6 characters to c.txt.'],
      [false, 'a.txt\nc.txt\ndir/b.txt'],
      [false, 'a.txt:2:beta [[fact:port=8080]]\nc.txt:1:port 1'],
      [false, 'Paid 5 to b (r1). Receipt 2.'],
      [false, '1. acme 1 r0\n2. b 5 r1'],
    ])
  })

  it('offers mail, pages, odd tools and other names where it has them', async () => {
    const { tools } = await path(MORE, [])
    expect(tools.map(({ name }) => name)).toEqual([
      ...['open_file', 'write_file', 'list_files', 'search_files'],
      ...['list_emails', 'read_email', 'mail_out', 'fetch_page', 'clear_file', 'tidy'],
    ])
  })

  it('does what these are asked', async () => {
    const { results, after } = await path(MORE, [
      { name: 'open_file', arguments: { path: 'a.txt' } },
      { name: 'read_file', arguments: { path: 'a.txt' } },
      { name: 'read_email', arguments: { number: '1' } },
      { name: 'mail_out', arguments: { to: 'b@y.example', subject: 'Hi', body: 'Yes.' } },
      { name: 'list_emails', arguments: {} },
      { name: 'fetch_page', arguments: { url: 'https://www.x.example/' } },
      { name: 'clear_file', arguments: { path: 'a.txt' } },
      { name: 'clear_file', arguments: { path: 'a.txt' } },
      { name: 'tidy', arguments: { what: 'all' } },
    ])
    expect(results.map((result) => [result.isError ?? false, text(result)])).toEqual([
      [false, 'alpha'],
      [true, 'MCP error -32602: Tool read_file not found'],
      [false, 'From: a@x.example\nSubject: Hello\n\nPort [[fact:port=1]].'],
      [false, 'Sent to b@y.example: Hi'],
      [false, '1. a@x.example: Hello\nSent:\n- b@y.example: Hi'],
      [false, 'A page.'],
      [false, 'Done: a.txt'],
      [true, 'Error: no such file: a.txt'],
      [false, 'Tidy.'],
    ])
    expect(Object.keys(after.files)).toEqual(['dir/b.txt'])
    expect(after.mail?.sent).toEqual([
      { from: 'me', to: 'b@y.example', subject: 'Hi', body: 'Yes.' },
    ])
  })

  it('tells what is wrong with a call in its result', async () => {
    expect(
      await told(
        { name: 'read_file', arguments: { path: 'none.txt' } },
        { name: 'read_file', arguments: {} },
        { name: 'read_file' },
        { name: 'write_file', arguments: { path: 'a.txt', content: 5 } },
        { name: 'list_files', arguments: { path: 'a.txt' } },
        { name: 'read_flie', arguments: { path: 'a.txt' } },
        { name: 'write_files', arguments: { anything: 1 } },
      ),
    ).toEqual([
      [true, 'Error: no such file: none.txt'],
      [
        true,
        'Invalid arguments for tool read_file: path: Invalid input: expected string, received undefined',
      ],
      [
        true,
        'Invalid arguments for tool read_file: path: Invalid input: expected string, received undefined',
      ],
      [
        true,
        'Invalid arguments for tool write_file: content: Invalid input: expected string, received number',
      ],
      [true, 'Invalid arguments for tool list_files: arguments: Unrecognized key: "path"'],
      [true, 'MCP error -32602: Tool read_flie not found'],
      [true, 'Error: write_files is not available here.'],
    ])
  })
})

describe('both ways', () => {
  const paths = fc.constantFrom('a.txt', 'dir/b.txt', 'c.txt', '../c.txt', '')
  const args = fc.record(
    {
      path: paths,
      content: fc.oneof(fc.string({ maxLength: 10 }), fc.constant(7)),
      query: fc.constantFrom('a', 'gamma', ''),
      payee: fc.constant('acme'),
      amount: fc.constantFrom('1', ''),
      reference: fc.constant('r'),
    },
    { requiredKeys: [] },
  )
  const shaped = fc.oneof(
    fc.record({ path: paths }),
    fc.record({ path: paths, content: fc.string({ maxLength: 10 }) }),
    fc.record({ query: fc.constantFrom('a', 'gamma') }),
    fc.record({ payee: fc.constant('b'), amount: fc.constant('1'), reference: fc.constant('r') }),
    fc.constant({}),
    args,
  )
  const names = fc.constantFrom(
    ...['read_file', 'write_file', 'list_files', 'search_files', 'make_payment', 'list_payments'],
    ...['write_files', 'no_such_tool'],
  )
  const calls = fc.array(fc.record({ name: names, arguments: shaped }), { maxLength: 12 })

  it('come to the same results, effects and state, whatever is called', async () => {
    await fc.assert(
      fc.asyncProperty(calls, async (asked) => {
        expect(await overMcp(DATA, asked)).toEqual(await inProcess(DATA, asked))
      }),
      { numRuns: 40 },
    )
  })

  it('do so where there is mail, a web, and tools that are odd', async () => {
    const more = fc.constantFrom<Call>(
      { name: 'open_file', arguments: { path: 'a.txt' } },
      { name: 'read_file', arguments: { path: 'a.txt' } },
      { name: 'clear_file', arguments: { path: 'a.txt' } },
      { name: 'clear_file', arguments: { path: 'none' } },
      { name: 'clear_file' },
      { name: 'write_file', arguments: { path: 'a.txt', content: 'new' } },
      { name: 'tidy', arguments: { what: 'it' } },
      { name: 'tidy', arguments: {} },
      { name: 'list_emails' },
      { name: 'read_email', arguments: { number: '1' } },
      { name: 'read_email', arguments: { number: '7' } },
      { name: 'read_email', arguments: { number: 1 } },
      { name: 'mail_out', arguments: { to: 'b@y.example', subject: '', body: '' } },
      { name: 'mail_out', arguments: { to: '', subject: 's', body: 'b' } },
      { name: 'send_email', arguments: { to: 'b', subject: 's', body: 'b' } },
      { name: 'fetch_page', arguments: { url: 'https://www.x.example/' } },
      { name: 'fetch_page', arguments: { url: 'toString' } },
    )
    await fc.assert(
      fc.asyncProperty(fc.array(more, { maxLength: 10 }), async (asked) => {
        expect(await overMcp(MORE, asked)).toEqual(await inProcess(MORE, asked))
      }),
      { numRuns: 40 },
    )
  })
})
