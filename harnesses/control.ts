// Controls: the ceiling and the floors of every table. They alone are given the oracle, and they never gate.
import type { Machine } from '../sim/index.ts'
import type { Oracle } from '../sim/oracle.ts'
import type { Kernel } from './kernel.ts'

export interface Control extends Omit<Kernel, 'boot'> {
  readonly isControl: true
  boot(machine: Machine, oracle: Oracle): Promise<void>
}

export const control = (entry: Omit<Control, 'isControl'>): Control => ({
  ...entry,
  isControl: true,
})
