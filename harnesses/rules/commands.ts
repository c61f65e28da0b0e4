// Command lines in pieces, as far as their text tells: the commands of a script, those in substitutions,
// subshells, `sh -c` and `eval` among them, and what each reads and writes by redirection. Not seen is what
// only a shell knows: variables, globs, aliases, functions, what a script in a file or a program in another
// language does, a here-document that substitutes; nor the command behind an option with a value, as in
// `sudo -u root rm`. Never throws; a script of any length takes linear time.

export interface Command extends Spoken {
  /** Without assignments, and without words before the command such as `sudo`. */
  readonly words: readonly string[]
}

interface Spoken {
  /** All its words, without quotes. */
  readonly spoken: readonly string[]
  /** Targets of `>` and its like. */
  readonly writes: readonly string[]
  readonly reads: readonly string[]
}

interface Frame {
  readonly closes: ')' | '`' | ''
  words: string[]
  writes: string[]
  reads: string[]
  word: string | undefined
  target: 'writes' | 'reads' | undefined
  isQuoted: boolean
}

const frame = (closes: Frame['closes']): Frame => ({
  closes,
  words: [],
  writes: [],
  reads: [],
  word: undefined,
  target: undefined,
  isQuoted: false,
})

/** Reads a script character by character; nesting stands on a stack of its own. */
class Reader {
  readonly commands: Spoken[] = []
  readonly #script: string
  readonly #open: Frame[] = [frame('')]
  readonly #documents: string[] = []
  #at = 0

  constructor(script: string) {
    this.#script = script
    while (this.#at < script.length) this.#step()
    while (this.#open.length > 1) this.#close()
    this.#endCommand()
  }

  get #top(): Frame {
    return this.#open.at(-1) as Frame
  }

  #say(text: string): void {
    this.#top.word = (this.#top.word ?? '') + text
  }

  #endWord(): void {
    const top = this.#top
    if (top.word === undefined) return
    top[top.target ?? 'words'].push(top.word)
    top.target = undefined
    top.word = undefined
  }

  #endCommand(): void {
    this.#endWord()
    const top = this.#top
    const { words: spoken, writes, reads } = top
    const isEmpty = spoken.length + writes.length + reads.length === 0
    if (!isEmpty) this.commands.push({ spoken, writes, reads })
    top.words = []
    top.writes = []
    top.reads = []
    top.target = undefined
  }

  #close(): void {
    this.#endCommand()
    this.#open.pop()
  }

  #step(): void {
    const script = this.#script
    const c = script[this.#at++] ?? ''
    const top = this.#top
    if (c === '\\') {
      const next = script[this.#at++] ?? ''
      if (next !== '\n') this.#say(next)
    } else if (c === '`' && top.closes === '`') this.#close()
    else if (c === '`') this.#open.push(frame('`'))
    else if (c === '$' && script[this.#at] === '(') {
      this.#at++
      this.#say('')
      this.#open.push(frame(')'))
    } else if (c === '"') {
      top.isQuoted = !top.isQuoted
      this.#say('')
    } else if (top.isQuoted) this.#say(c)
    else this.#plain(c)
  }

  #plain(c: string): void {
    const script = this.#script
    if (c === "'") {
      const end = script.indexOf("'", this.#at)
      this.#say(script.slice(this.#at, end < 0 ? undefined : end))
      this.#at = end < 0 ? script.length : end + 1
    } else if (c === '#' && this.#top.word === undefined) {
      const end = script.indexOf('\n', this.#at)
      this.#at = end < 0 ? script.length : end
    } else if (c === '(') this.#open.push(frame(')'))
    else if (c === ')') {
      if (this.#top.closes === ')') this.#close()
      else this.#endCommand()
    } else if (c === '>' || c === '<') this.#redirect(c)
    else if (c === '&' && script[this.#at] === '>') this.#endWord()
    else if (c === '\n') this.#endLine()
    else if (c === ';' || c === '&' || c === '|') this.#endCommand()
    else if (c === ' ' || c === '\t' || c === '\r') this.#endWord()
    else this.#say(c)
  }

  #redirect(c: '>' | '<'): void {
    const [operator = ''] =
      /^(?:<<-?|[<>&|])?/.exec(this.#script.slice(this.#at, this.#at + 3)) ?? []
    const top = this.#top
    // Of `2>` the number is no word.
    if (/^\d+$/.test(top.word ?? '')) top.word = undefined
    this.#endWord()
    this.#at += operator.length
    if (c === '<' && operator.startsWith('<<')) return
    if (c === '<' && operator === '<') this.#document()
    else if (operator === '&' && /[\d-]/.test(this.#script[this.#at] ?? '')) this.#at++
    else top.target = c === '>' ? 'writes' : 'reads'
  }

  #document(): void {
    const rest = this.#script.slice(this.#at, this.#at + 200)
    const [all, , word] = /^-?[ \t]*(['"\\]?)([^\s'"|;&<>()]+)['"]?/.exec(rest) ?? []
    if (word === undefined) return
    this.#documents.push(word)
    this.#at += all?.length ?? 0
  }

  /** Ends a command, and passes over the documents that begin on the next line. */
  #endLine(): void {
    this.#endCommand()
    for (const end of this.#documents.splice(0)) {
      for (;;) {
        const next = this.#script.indexOf('\n', this.#at)
        const line = this.#script.slice(this.#at, next < 0 ? undefined : next)
        this.#at = next < 0 ? this.#script.length : next + 1
        if (next < 0 || line.trim() === end) break
      }
    }
  }
}

const BEFORE =
  /^(?:sudo|doas|nohup|time|nice|ionice|env|timeout|stdbuf|xargs|command|exec|builtin|if|then|elif|else|while|until|do|!|\{)$/
const ASSIGNS = /^[A-Za-z_]\w*\+?=/
const SHELLS = /^(?:.*\/)?(?:ba|da|z|k)?sh$/
/** Scripts in scripts in scripts. */
const DEPTH = 4

/** Without what stands before the command itself. */
function bare(words: readonly string[]): readonly string[] {
  let at = 0
  let isBehind = false
  for (; at < words.length; at++) {
    const word = words[at] ?? ''
    if (BEFORE.test(word)) isBehind = true
    else if (!ASSIGNS.test(word) && !(isBehind && /^(?:-|\d)/.test(word))) break
  }
  return words.slice(at)
}

/** The script that a command hands to a shell. */
function scriptOf(words: readonly string[]): string | undefined {
  const [name = '', ...args] = words
  if (name === 'eval') return args.join(' ')
  if (!SHELLS.test(name)) return undefined
  const at = args.findIndex((arg) => /^-[a-z]*c$/.test(arg))
  return at < 0 ? undefined : args[at + 1]
}

/** The commands of a script, in no particular order. */
export function commandsIn(script: string, depth = DEPTH): Command[] {
  return new Reader(script).commands.flatMap((command) => {
    const words = bare(command.spoken)
    const inner = depth > 0 ? scriptOf(words) : undefined
    const own = { ...command, words }
    return inner === undefined ? [own] : [own, ...commandsIn(inner, depth - 1)]
  })
}

const READING =
  /^(?:cat|head|tail|less|more|wc|ls|tree|stat|file|du|df|grep|egrep|fgrep|rg|find|diff|cmp|sort|cut|tr|which|type|whoami|uname|basename|dirname|realpath|readlink|md5sum|sha\d+sum|jq|nl|od|strings|cd|pwd|echo|printf|true|false|test|\[|fi|done|esac|\})$/
const WRITING =
  /^(?:rm|rmdir|mv|cp|ln|touch|mkdir|mkfifo|tee|truncate|chmod|chown|chgrp|dd|install|rsync|unlink|shred|patch)$/
const IN_PLACE = /^(?:sed|perl)$/
const SPEAKING = /^(?:echo|printf|true|false|export|test|\[)$/

/** Words by which a program that else only looks writes a file or starts another. */
const UNLESS: ReadonlyMap<string, RegExp> = new Map([
  ['find', /^-(?:delete|exec|ok|fprint|fls)/],
  ['git', /^--(?:ou|ext-diff)/],
  ['rg', /^--(?:pre(?:=|$)|hostname-bin)/],
  ['sort', /^-(?:[^-]*o|-o|-co)/],
  ['tree', /^-[^-]*o/],
])

const nameOf = ({ words: [name = ''] }: Command): string => name.slice(name.lastIndexOf('/') + 1)

/** Whether it changes no file and starts nothing else, as far as its words tell. */
export function onlyLooks(command: Command): boolean {
  const { words, writes } = command
  const name = nameOf(command)
  if (writes.some((path) => path !== '/dev/null')) return false
  const unless = UNLESS.get(name)
  if (unless !== undefined && words.some((word) => unless.test(word))) return false
  if (name === 'git') return /^(?:status|log|diff|show|blame)$/.test(words[1] ?? '')
  if (name === 'sed') return words[1] === '-n' && /^[\d,$]+p$/.test(words[2] ?? '')
  return words.length === 0 || READING.test(name)
}

/** What a command does to which paths, as far as its words tell: a copy's source counts as written, too. */
export function pathsOf(command: Command): { readonly reads: string[]; readonly writes: string[] } {
  const name = nameOf(command)
  const [, ...args] = command.words
  const named = args.flatMap((arg) => {
    if (arg.startsWith('-')) return arg.includes('=') ? [arg.slice(arg.indexOf('=') + 1)] : []
    return [arg.replace(/^(?:if|of)=/, '')]
  })
  const isWriting =
    WRITING.test(name) || (IN_PLACE.test(name) && args.some((arg) => arg.startsWith('-i')))
  const paths = SPEAKING.test(name) ? [] : named
  return {
    reads: [...command.reads, ...(isWriting ? [] : paths)],
    writes: [...command.writes, ...(isWriting ? paths : [])],
  }
}
