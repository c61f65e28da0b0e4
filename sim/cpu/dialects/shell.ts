// The shell, as the last resort. Names observed: bash, Bash, shell, run_shell_command, exec.
import { type Args, type Binding, dialect } from '../dialect.ts'

const quoted = (text: unknown): string => `'${String(text).replaceAll("'", "'\\''")}'`

const shell =
  (command: (args: Args) => string): Binding =>
  (tool) => {
    if (!/^(bash|shell|sh|exec|execute|run_?(shell_?)?command|terminal)$/i.test(tool.name))
      return undefined
    const name = Object.keys(tool.inputSchema.properties ?? {}).find((property) =>
      /^(command|cmd|script)$/i.test(property),
    )
    return name === undefined ? undefined : (args) => ({ [name]: command(args) })
  }

export default dialect({
  rank: 2,
  ops: {
    'files.read': shell(({ path }) => `cat ${quoted(path)}`),
    'files.write': shell(
      ({ path, content }) => `cat > ${quoted(path)} <<'EOF'\n${String(content)}\nEOF`,
    ),
    'files.list': shell(() => 'find . -type f | sort'),
    'files.search': shell(({ query }) => `grep -rn -- ${quoted(query)} .`),
  },
})
