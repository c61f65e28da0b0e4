// The user's prompt is said again after each result, so that it is the newest thing that was asked for.
import { part } from '../../kernel.ts'
import world from './world.ts'

export default part({
  slot: 'tools',
  about: "the world's tools; the prompt is repeated after every result",
  source: 'AgentDojo (Debenedetti et al., 2024), defence repeat_user_prompt',
  policy: {
    ...world.policy,
    ask(session, request) {
      const { messages } = request
      const prompt = messages.find(({ role }) => role === 'user')
      const isResult = messages.at(-1)?.role === 'tool'
      if (!isResult || prompt === undefined) return world.policy.ask(session, request)
      return world.policy.ask(session, { ...request, messages: [...messages, prompt] })
    },
  },
})
