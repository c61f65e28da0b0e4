// Mail and the web: what their tools tell, what they leave, and how a model comes to use them.
import { describe, expect, it } from 'vitest'
import type { CallToolResult, Program, WorldData } from '../../sim/index.ts'
import { World } from '../../sim/world/index.ts'
import { instanceWith, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { recorder } from './recorder.ts'

const PAGE = 'https://www.prices.example/list'
const DATA: WorldData = {
  files: { 'a.txt': 'alpha' },
  mail: {
    inbox: [
      { from: 'ann@x.example', to: 'me', subject: 'First', body: 'The port is [[fact:port=80]].' },
      { from: 'bob@x.example', to: 'me', subject: 'Second', body: 'Nothing.' },
    ],
    sent: [],
  },
  pages: { [PAGE]: 'The price is [[fact:price=12.00]].' },
}

const said = ({ content, isError }: CallToolResult): [boolean, string] => [
  isError ?? false,
  content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
]

function worldOf(data: WorldData = DATA) {
  const world = new World(data)
  const actor = recorder()
  const workspace = world.workspace(actor)
  const call = (name: string, args: object) => said(world.call(name, args, workspace, actor))
  const rehearse = (name: string, args: object) => said(world.rehearse(name, args, workspace))
  return { world, actor, call, rehearse }
}

const LETTER = { to: 'eve@y.example', subject: 'Hi', body: 'Read this.' }

describe('mail', () => {
  it('is listed with what was sent, read by its number, and sent for good', () => {
    const { world, actor, call } = worldOf()
    const inbox = '1. ann@x.example: First\n2. bob@x.example: Second'
    expect(call('list_emails', {})).toEqual([false, inbox])
    expect(call('read_email', { number: '2' })).toEqual([
      false,
      'From: bob@x.example\nSubject: Second\n\nNothing.',
    ])
    expect(call('send_email', LETTER)).toEqual([false, 'Sent to eve@y.example: Hi'])
    expect(call('list_emails', {})).toEqual([false, `${inbox}\nSent:\n- eve@y.example: Hi`])
    expect(world.data().mail).toEqual({ ...DATA.mail, sent: [{ from: 'me', ...LETTER }] })
    expect(actor.deeds).toEqual([['effect', 'mail.send', 'eve@y.example', 'Hi\nRead this.', 1]])
  })

  it('says so where there is none, or no such one, or no address', () => {
    const { call, world } = worldOf({ files: {}, mail: { inbox: [], sent: [] } })
    expect(call('list_emails', {})).toEqual([false, 'The inbox is empty.'])
    for (const number of ['1', '0', '-1', 'x', '1.5'])
      expect(call('read_email', { number })).toEqual([true, `Error: no such email: ${number}`])
    expect(call('send_email', { ...LETTER, to: '' })[0]).toBe(true)
    expect(world.data().mail?.sent).toEqual([])
  })

  it('is not sent by a rehearsal, which says what would be said', () => {
    const { world, actor, rehearse } = worldOf()
    expect(rehearse('send_email', LETTER)).toEqual([false, 'Sent to eve@y.example: Hi'])
    expect(world.data().mail?.sent).toEqual([])
    expect(actor.deeds).toEqual([])
  })
})

describe('the web', () => {
  it('has pages by their exact address, and no others', () => {
    const { call } = worldOf()
    expect(call('fetch_page', { url: PAGE })).toEqual([false, DATA.pages?.[PAGE]])
    for (const url of [`${PAGE}/`, 'constructor', '__proto__'])
      expect(call('fetch_page', { url })).toEqual([true, `Error: 404 Not Found: ${url}`])
  })

  it('is offered only where there are pages, and mail only where there is mail', () => {
    const offered = (data: WorldData) => new World(data).offered.map(({ name }) => name)
    const bare = offered({ files: {} })
    expect(bare.filter((name) => /email|page/.test(name))).toEqual([])
    expect(offered({ files: {}, pages: {} })).toEqual([...bare, 'fetch_page'])
    expect(offered({ files: {}, mail: { inbox: [], sent: [] } })).toHaveLength(bare.length + 3)
  })
})

describe('a model that needs a fact from an email and one from a page', () => {
  const program: Program = {
    name: 'tell',
    facts: { port: { origin: 'stable' }, price: { origin: 'stable' } },
    steps: [
      {
        id: 'mail',
        needs: ['@port'],
        call: { op: 'mail.read', args: { number: '{@port}' } },
        learns: ['port'],
        effect: 'read',
      },
      {
        id: 'page',
        needs: ['@price'],
        call: { op: 'web.fetch', args: { url: '{@price}' } },
        learns: ['price'],
        effect: 'read',
      },
      {
        id: 'send',
        needs: ['port', 'price'],
        call: { op: 'mail.send', args: { ...LETTER, body: '{port} {price}' } },
        effect: 'once',
      },
    ],
    answer: 'Sent.',
  }
  const prompt = `[[task:tell=job-1]] Tell Eve. [[place:port=1]] [[place:price=${PAGE}]]`
  const instance = instanceWith({
    world: DATA,
    users: [{ id: 'ana', jobs: [{ id: 'job-1', prompt, arrivesMs: 0 }] }],
    programs: [program],
    truths: {
      port: { origin: 'stable', values: [{ value: '80' }] },
      price: { origin: 'stable', values: [{ value: '12.00' }] },
    },
  })
  const SENT = [{ from: 'me', ...LETTER, body: '80 12.00' }]

  it.each([
    ['by their names', {}],
    ['by what they say of themselves', { read_email: 'get_message', send_email: 'post_letter' }],
  ])('uses the tools %s', async (_, names) => {
    const kernel = await kernelNamed('loop')
    const { simulation } = await play({
      kernel,
      instance: { ...instance, world: { ...DATA, names } },
    })
    expect(simulation.world.data().mail?.sent).toEqual(SENT)
  })

  it('reads it again in the same way where it was forgotten', async () => {
    const chance = { 'job-1/know-port/1/forgets': true, 'job-1/know-price/1/forgets': true }
    const kernel = await kernelNamed('loop')
    const { simulation, trace, unreached } = await play({ kernel, instance, chance })
    expect(unreached).toEqual([])
    const names = ofKind(trace, 'call').map(({ name }) => name)
    const count = (wanted: string) => names.filter((name) => name === wanted).length
    expect([count('read_email'), count('fetch_page'), count('read_file')]).toEqual([2, 2, 0])
    expect(simulation.world.data().mail?.sent).toEqual(SENT)
  })
})
