// The user's prompt is said again after each result, so that it is the newest thing that was asked for.
import { part } from '../../kernel.ts'

export default part({
  slot: 'defence',
  about: 'the prompt is repeated after every result',
  source: 'AgentDojo (Debenedetti et al., 2024), defence repeat_user_prompt',
  policy: {
    view(messages) {
      const prompt = messages.find(({ role }) => role === 'user')
      const isResult = messages.at(-1)?.role === 'tool'
      return isResult && prompt !== undefined ? [...messages, prompt] : messages
    },
  },
})
