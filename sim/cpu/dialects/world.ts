// The world's own tools, by name: `files.read` is `read_file`.
import { type Binding, dialect } from '../dialect.ts'

const named =
  (name: string): Binding =>
  (tool) =>
    tool.name === name ? (args) => args : undefined

export default dialect({
  rank: 0,
  ops: {
    'files.read': named('read_file'),
    'files.write': named('write_file'),
    'files.list': named('list_files'),
    'files.search': named('search_files'),
    'payments.pay': named('make_payment'),
    'payments.list': named('list_payments'),
  },
})
