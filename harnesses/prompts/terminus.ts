// The prompt of Terminus 2 (read in a fork), in fewer words: the form of an answer, and what else is installed.
import type { Tool } from '../../sim/index.ts'

export const FORMAT = [
  'You solve tasks with the command line of a Linux machine: you are shown the terminal, and answer with a batch of shell commands.',
  '',
  'Format your response as JSON with the following structure:',
  '',
  '{',
  '  "analysis": "What do you see in the terminal output? What has been accomplished, and what is left to do?",',
  '  "plan": "What will you run next, why, and what do you expect of each command?",',
  '  "commands": [',
  '    {',
  '      "keystrokes": "ls -la\\n",',
  '      "duration": 0.1',
  '    }',
  '  ],',
  '  "task_complete": false',
  '}',
  '',
  '"analysis", "plan" and "commands" are required; "task_complete" is false where it is left out. Each command has "keystrokes", the exact keys to send to the terminal, and "duration", the seconds to wait for it (default: 1.0, never more than 60): 0.1 for immediate commands, 1.0 for slow ones, more as needed. Keystrokes are used completely verbatim: end every command with a newline, or it will not execute; C-c and C-d are sent as such keys. Text before or after the JSON gives a warning. The commands may be empty to wait.',
].join('\n')

const PROGRAMS =
  'These programs are installed, too; each takes its arguments as one JSON object on the same line:'

/** The world's other tools, as programs. */
export function programsOf(tools: readonly Tool[]): string {
  if (tools.length === 0) return ''
  const told = tools.map(({ name, description, inputSchema }) =>
    JSON.stringify({ name, description, parameters: inputSchema }),
  )
  return `\n\n${PROGRAMS}\n<programs>\n${told.join('\n')}\n</programs>`
}
