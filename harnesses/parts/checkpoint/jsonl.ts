// The conversation on disk, a message a line; read again after a crash. A torn last line is dropped, and
// calls whose results are missing are answered, as Pi does when it replays a session. Pi appends; here the
// file is written anew each time, for a compaction replaces what stands in it.
import { type Message, part } from '../../kernel.ts'

function parsed(text: string): Message[] {
  const messages: Message[] = []
  for (const line of text.split('\n')) {
    try {
      messages.push(JSON.parse(line))
    } catch {
      break
    }
  }
  return messages
}

function answered(messages: readonly Message[]): Message[] {
  const results = new Set(messages.map(({ callId }) => callId))
  return messages.flatMap((message) => [
    message,
    ...(message.calls ?? [])
      .filter(({ id }) => !results.has(id))
      .map(
        ({ id }): Message => ({
          role: 'tool',
          callId: id,
          content: 'No result provided',
          isError: true,
        }),
      ),
  ])
}

export default part({
  slot: 'checkpoint',
  about: 'the conversation in a file, a message a line; resumed after a crash',
  source: 'Pi 0.73.1: session-manager.js, JSONL; synthetic results on replay (read in source)',
  policy: {
    async open(c) {
      const { job } = c.session
      const kept = parsed((await c.machine.disk.read(`${job.id}.jsonl`)) ?? '')
      // Torn before the job's own words: nothing to go on from.
      if (!kept.some(({ role }) => role === 'user')) return
      c.messages = answered(kept)
      c.transcript.splice(0, c.transcript.length, ...c.messages)
    },
    save: ({ machine, session, messages }) =>
      machine.disk.write(
        `${session.job.id}.jsonl`,
        messages.map((message) => JSON.stringify(message)).join('\n'),
      ),
  },
})
