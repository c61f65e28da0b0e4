// The world's own tools: by name, or where that was changed by what they say they do.
import { type Binding, dialect } from '../dialect.ts'

const named =
  (name: string, says: string): Binding =>
  (tool) =>
    tool.name === name || tool.description === says ? (args) => args : undefined

export default dialect({
  rank: 0,
  ops: {
    'files.read': named('read_file', 'Read a file as text.'),
    'files.write': named('write_file', 'Write a file, replacing what was there.'),
    'files.list': named('list_files', 'List the paths of all files.'),
    'files.search': named('search_files', 'Find the lines that contain a text, in all files.'),
    'payments.pay': named('make_payment', 'Pay an amount. Cannot be undone.'),
    'payments.list': named('list_payments', 'List the payments that were made.'),
    'mail.list': named('list_emails', 'List the emails in the inbox, and those that were sent.'),
    'mail.read': named('read_email', 'Read an email by its number in the inbox.'),
    'mail.send': named('send_email', 'Send an email. Cannot be undone.'),
    'web.fetch': named('fetch_page', 'Fetch a web page as text.'),
  },
})
