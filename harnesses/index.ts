// Harnesses: the answers. A kernel is a page of parts; an adapter starts a real one.
export type { Adapter, Dialogue, Given, Launch } from './adapter.ts'
export { adapter } from './adapter.ts'
export type { Control } from './control.ts'
export { control } from './control.ts'
export type { Kernel, KernelPage, Part, Policy, Slot } from './kernel.ts'
export { kernel, part, SLOTS } from './kernel.ts'
