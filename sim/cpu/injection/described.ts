// Orders that stand in what a tool says of itself: its description, or that of a parameter.
import { atomsIn } from '../../core/atoms.ts'
import type { Tool } from '../../core/message.ts'
import { frameOf } from './framing.ts'
import type { Standing } from './standing.ts'

export interface Described {
  readonly name: string
  readonly value: string
  readonly standing: Standing
}

export function describedBy(tool: Tool): Described[] {
  const text = JSON.stringify(tool)
  return atomsIn(text)
    .filter(({ kind }) => kind === 'order')
    .map(({ name, value, at }) => ({
      name,
      value,
      standing: { place: 'description', frame: frameOf(text, at), defences: [] },
    }))
}
