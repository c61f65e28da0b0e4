// Calling by prompt: tools described, called and answered in text; the same task, and other lapses.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Message } from '../../sim/core/message.ts'
import { callsIn, inText, resultsIn, toolsIn } from '../../sim/cpu/forms/tagged.ts'
import { drawn, house, kernelNamed, ofKind, play } from '../machine/rig.ts'
import { TOOLS, user } from './desk.ts'
import { ORDER, weightsAt } from './lapse-rig.ts'

const described = TOOLS.map(({ name, description, inputSchema }) =>
  JSON.stringify({ type: 'function', function: { name, description, parameters: inputSchema } }),
).join('\n')

const SYSTEM: Message = {
  role: 'system',
  content: `Signatures are within <tools></tools> tags.\n<tools>\n${described}\n</tools>`,
}

const id = (n: number): string => `t${n}`

describe('a window with tools in its text', () => {
  it('offers what it describes, a line or a list', () => {
    expect(toolsIn(SYSTEM).map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name))
    const list = `<tools>[{"name": "look", "parameters": {"required": ["path"]}}]</tools>`
    expect(toolsIn({ role: 'system', content: list })).toEqual([
      { name: 'look', inputSchema: { type: 'object', required: ['path'] } },
    ])
    expect(toolsIn({ role: 'system', content: 'No tools here.' })).toEqual([])
    expect(toolsIn(user(SYSTEM.content))).toEqual([])
  })

  it('speaks calls that can be read again, JSON or not', () => {
    const calls = [
      { id: 't0', name: 'read_file', args: '{"path":"a.txt"}' },
      { id: 't1', name: 'write_file', args: '{"path":"b.txt","content":"cut o' },
    ]
    const { content, calls: native } = inText({ content: 'Two calls.', calls })
    expect(native).toEqual([])
    expect(callsIn(content, id)).toEqual(calls)
  })

  it('reads results in their order, in JSON or plain', () => {
    const text = `<tool_response>\n{"name": "a", "content": "one"}\n</tool_response>
<tool_response>two</tool_response>`
    expect(resultsIn(text)).toEqual(['one', 'two'])
  })

  it('is total: no text throws', () => {
    const piece = fc.constantFrom(
      '<tools>',
      '</tools>',
      '<tool_call>',
      '</tool_call>',
      '{"name":',
      '"x"}',
    )
    const text = fc.array(fc.oneof(piece, fc.string())).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(text, (content) => {
        callsIn(content, id)
        resultsIn(content)
        toolsIn({ role: 'system', content })
      }),
    )
  })
})

const { behaviours } = await house.profile('typical')

describe('prompted calling', () => {
  const native = weightsAt([{ role: 'system', content: 'You are an agent.' }, ORDER])
  const prompted = weightsAt([SYSTEM, ORDER], { tools: [] })

  it.each(['phantom-tool', 'malformed-arguments'])('provokes %s by its parameter', (lapse) => {
    const times = (prompted.get(lapse) ?? 0) / (native.get(lapse) ?? 0)
    expect(times).toBeCloseTo(behaviours[lapse]?.prompted ?? 0, 9)
    expect(times).toBeGreaterThan(1)
  })

  it('provokes nothing else', () => {
    const changed = [...native.keys()].filter((lapse) => prompted.get(lapse) !== native.get(lapse))
    expect(changed).toEqual(['malformed-arguments', 'phantom-tool'])
  })

  it('does the same task, and a cut call in text is one in the trace', async () => {
    const kernel = await kernelNamed('loop+tools=prompted')
    const instance = await drawn('phantom-calls/malformed')
    const { trace, asked } = await play({ kernel, instance })
    const requests = ofKind(trace, 'request')
    expect(requests[0]?.tools).toContain('read_file')
    expect(requests.flatMap(({ added }) => added).some(([, m]) => m.calls !== undefined)).toBe(
      false,
    )
    const turns = ofKind(trace, 'generation').filter(({ calls }) => calls.length > 0)
    expect(turns.length).toBeGreaterThan(1)
    const at = asked.find((ask) => ask.id.endsWith('/lapse'))?.id ?? ''
    const chance = { [at]: 'malformed-arguments' }
    const cut = ofKind((await play({ kernel, instance, chance })).trace, 'generation')
    expect(() => JSON.parse(cut[0]?.calls[0]?.args ?? '')).toThrow()
    expect(cut.length).toBe(ofKind(trace, 'generation').length + 1)
  })
})
