// Runs the compiled command line once for each list of arguments that it is given as JSON, in one process,
// and prints what each said and how it would have ended.
const [, , main, lists] = process.argv
const { stdout, stderr } = process
const print = stdout.write.bind(stdout)
const outcomes = []
const said = { stdout: '', stderr: '' }
const hear = (name) => (chunk) => {
  said[name] += chunk
  return true
}
stdout.setMaxListeners(0)
stderr.setMaxListeners(0)
stdout.write = hear('stdout')
stderr.write = hear('stderr')
for (const [i, args] of JSON.parse(lists).entries()) {
  Object.assign(said, { stdout: '', stderr: '' })
  process.argv = [process.argv[0], main, ...args]
  process.exitCode = undefined
  await import(`${main}?${i}`)
  outcomes.push({ ...said, code: process.exitCode ?? 0 })
}
process.exitCode = 0
print(JSON.stringify(outcomes))
