// AIOS (2155966, April 2026), read in source: agents as threads, one queue of model calls with time slices, one
// of tool calls that run one by one, a lock for each file, notes retrieved into the window, and no context
// manager, which is off by default. Slices resume here, as in its paper; its code starts over (the part
// `preempt-and-restart`).
// Departs from it: an answer is sliced until it begins a call, where a request that offers tools is never
// sliced; a tool that failed is not skipped for ever (the part `silent-skip`); what stands behind `Tool calling
// error:` is assumed.
import {
  NOTHING_TO_DROP,
  NOTHING_WRITTEN,
  ONE_PROVIDER,
  SHORT_WAITS,
  UNCHECKED,
} from '../frailties.ts'
import { kernel } from '../kernel.ts'
import fileLock from '../parts/isolation/file-lock.ts'
import toolLock from '../parts/isolation/tool-lock.ts'
import archival from '../parts/memory/archival.ts'
import retrieval from '../parts/memory/retrieval.ts'
import proc from '../parts/observe/proc.ts'
import terse from '../parts/recovery/terse.ts'
import roundRobin from '../parts/scheduler/round-robin.ts'

export default kernel({
  mirrors: 'AIOS (2155966), April 2026',
  system:
    'You are an agent served by an operating system for agents. Use the tools to do what the user asks.',
  failsUnder: {
    ...UNCHECKED,
    ...ONE_PROVIDER,
    ...SHORT_WAITS,
    ...NOTHING_WRITTEN,
    ...NOTHING_TO_DROP,
  },
  slots: {
    scheduler: roundRobin,
    isolation: [fileLock, toolLock],
    memory: [archival, retrieval],
    recovery: terse.with({
      unknown: 'Tool calling error: no tool {name}',
      malformed: 'Tool calling error: the arguments of {name} are no JSON',
    }),
    observe: proc,
  },
  retries: [1000, 2000, 4000],
})
