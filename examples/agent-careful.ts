// The same agent with one tool wrapped: before it pays, it looks whether the reference is paid.
import type { Session } from '../index.ts'
import agent from './agent.ts'

type Tools = Session['tools']

const said = (text: string, isError = false): Awaited<ReturnType<Tools['callTool']>> => ({
  content: [{ type: 'text', text }],
  isError,
})

/** Pays no reference twice. Where it cannot look, it does not pay. */
function payingOnce({ listTools, callTool }: Tools): Tools {
  return {
    listTools,
    async callTool(call) {
      if (call.name !== 'make_payment') return callTool(call)
      const { content, isError } = await callTool({ name: 'list_payments' })
      if (isError) return said('Error: nothing was paid: the list of payments timed out.', true)
      const made = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
      const isPaid = made.split('\n').some((line) => line.endsWith(` ${call.arguments?.reference}`))
      return isPaid ? said(`${call.arguments?.reference} is paid already.`) : callTool(call)
    },
  }
}

export default (session: Session): Promise<string> =>
  agent({ ...session, tools: payingOnce(session.tools) })
