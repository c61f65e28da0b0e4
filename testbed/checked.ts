// The machine as code of others is given it: what it hands over is looked at first, so that a mistake in it
// is told where it was made, in its own words, and is never taken for one of ours.
import type { Machine, Session } from '../sim/index.ts'

const kindOf = (value: unknown): string =>
  value === null
    ? 'null'
    : value === undefined
      ? 'nothing'
      : Array.isArray(value)
        ? 'an array'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`

function expect(what: string, kind: string, value: unknown): void {
  const found = kindOf(value)
  if (found !== kind) throw new TypeError(`${what}: expected ${kind}, got ${found}`)
}

type Loose = Readonly<Record<string, unknown>>

function checkMessage(at: string, message: unknown): void {
  expect(at, 'an object', message)
  const { role, content, calls } = message as Loose
  expect(`${at}.role`, 'a string', role)
  expect(`${at}.content`, 'a string', content)
  if (calls === undefined) return
  expect(`${at}.calls`, 'an array', calls)
  for (const [i, call] of (calls as unknown[]).entries()) {
    expect(`${at}.calls[${i}]`, 'an object', call)
    for (const name of ['id', 'name', 'args'])
      expect(`${at}.calls[${i}].${name}`, 'a string', (call as Loose)[name])
  }
}

/** @throws {TypeError} that names what is wrong with a request. */
function checkRequest(request: unknown): void {
  expect('generate: request', 'an object', request)
  const { messages, tools } = request as Loose
  expect('generate: messages', 'an array', messages)
  for (const [i, message] of (messages as unknown[]).entries())
    checkMessage(`generate: messages[${i}]`, message)
  if (tools === undefined) return
  expect('generate: tools', 'an array', tools)
  for (const [i, tool] of (tools as unknown[]).entries()) {
    expect(`generate: tools[${i}]`, 'an object', tool)
    expect(`generate: tools[${i}].name`, 'a string', (tool as Loose).name)
  }
}

/** A plain object: it may be spread, to hand on a session with other tools. */
const checkedSession = (session: Session): Session => {
  const { id, job, limits, signal, tools, workspace, terminal, confirm, publish } = session
  const generate: Session['generate'] = (request, options) => {
    checkRequest(request)
    return session.generate(request, options)
  }
  const fetch: Session['fetch'] = (...args) => session.fetch(...args)
  return { id, job, limits, signal, tools, workspace, terminal, confirm, publish, generate, fetch }
}

/** What cannot be meant throws a TypeError at whoever asked for it. */
export function checked(machine: Machine): Machine {
  const { clock } = machine
  const sleep: Machine['clock']['sleep'] = (ms, signal) => {
    if (!(ms >= 0)) throw new TypeError(`clock.sleep: expected milliseconds, got ${ms}`)
    return clock.sleep(ms, signal)
  }
  return {
    ...machine,
    open: (of) => checkedSession(machine.open(of)),
    clock: { ...clock, sleep },
  }
}
