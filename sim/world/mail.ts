// Mail: what came in, and what was sent. Nothing that was sent comes back.
import { z } from 'zod'
import { failure, text } from './files.ts'
import { tool, type WorldTool } from './tool.ts'

export interface Mail {
  readonly from: string
  readonly to: string
  readonly subject: string
  readonly body: string
}

export interface MailData {
  readonly inbox: readonly Mail[]
  readonly sent: readonly Mail[]
}

export class Mailbox {
  readonly inbox: readonly Mail[]
  readonly sent: Mail[]

  constructor({ inbox, sent }: MailData) {
    this.inbox = inbox
    this.sent = [...sent]
  }
}

const word = z.string().min(1)
const ME = 'me'

export const MAIL_TOOLS: readonly WorldTool[] = [
  tool(
    {
      name: 'list_emails',
      description: 'List the emails in the inbox, and those that were sent.',
      shape: {},
      annotations: { readOnlyHint: true },
    },
    ({ mail }) => {
      const inbox = (mail?.inbox ?? []).map((m, i) => `${i + 1}. ${m.from}: ${m.subject}`)
      const sent = (mail?.sent ?? []).map((m) => `- ${m.to}: ${m.subject}`)
      const lines = inbox.length === 0 ? ['The inbox is empty.'] : inbox
      return text([...lines, ...(sent.length === 0 ? [] : ['Sent:', ...sent])].join('\n'))
    },
  ),
  tool(
    {
      name: 'read_email',
      description: 'Read an email by its number in the inbox.',
      shape: { number: word },
      annotations: { readOnlyHint: true },
    },
    ({ mail }, { number }) => {
      const found = mail?.inbox[Number(number) - 1]
      if (found === undefined) return failure(`Error: no such email: ${number}`)
      const { from, subject, body } = found
      return text(`From: ${from}\nSubject: ${subject}\n\n${body}`)
    },
  ),
  tool(
    {
      name: 'send_email',
      description: 'Send an email. Cannot be undone.',
      shape: { to: word, subject: z.string(), body: z.string() },
      annotations: { destructiveHint: true, idempotentHint: false },
    },
    ({ mail, effect }, { to, subject, body }) => {
      if (mail === undefined) return failure('Error: there is no mailbox.')
      mail.sent.push({ from: ME, to, subject, body })
      effect('mail.send', to, `${subject}\n${body}`, mail.sent.length)
      return text(`Sent to ${to}: ${subject}`)
    },
  ),
]
