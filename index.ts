// The package: what a user's harness, test or scenario is written with.
export { control } from './harnesses/control.ts'
export { kernel, part } from './harnesses/kernel.ts'
export { scenario } from './scenarios/scenario.ts'
export type { Job, Machine, Message, Session, Tool, ToolCall, Workspace } from './sim/index.ts'
export { atom } from './sim/index.ts'
