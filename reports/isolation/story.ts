// An anomaly as a story: who read which version of what and when, who wrote over it, and what came of it.
import { visible } from '../escape.ts'
import { plural } from '../format.ts'
import { type Anomaly, KINDS, type Kind } from './anomalies.ts'
import type { Dependency, Edge } from './graph.ts'
import type { Transaction, Version } from './history.ts'

interface Line {
  readonly atMs: number
  readonly who: string
  readonly does: string
}

/** Texts are cut to so many characters, and so many lines of them are shown. */
const CHARS = 72
const LINES = 3

const NAMES: Readonly<Record<Kind, string>> = {
  'lost-update': 'lost update (P4)',
  'G2-item': 'write skew (G2-item)',
  G2: 'phantom (G2)',
  'G-nonadjacent': 'long fork (G-nonadjacent)',
  'G-single': 'read skew (G-single)',
  G1a: 'aborted read (G1a)',
  G1b: 'intermediate read (G1b)',
  G1c: 'circular information flow (G1c)',
  G0: 'dirty write (G0)',
  'G-realtime': 'order against time (G-realtime)',
  'stale-read': 'stale read',
}

/** One line, without its end, for a reader who knows the field's words. */
export function titleOf({ kind, isPredicate, cycle }: Anomaly): string {
  if (kind === 'G-single' && isPredicate) return 'phantom (G-single)'
  if (kind === 'G2-item' && cycle.length > 2) return 'anti-dependency cycle (G2-item)'
  if (kind !== 'G-single') return NAMES[kind]
  if (cycle.at(-1)?.kind === 'ww') return 'anti-dependency cycle (G-single)'
  const isOneFile = new Set(cycle.map((edge) => writtenIn(edge)?.path)).size === 1
  return isOneFile ? 'non-repeatable read (G-single)' : NAMES[kind]
}

const writtenIn = (edge: Edge): Version | undefined =>
  edge.kind === 'rt' ? undefined : edge.written

/** The first of each kind, the most telling first, at most so many; then how many there are besides. */
export function storiesOf(anomalies: readonly Anomaly[], most = 2): string[] {
  const firsts = KINDS.flatMap((kind) => anomalies.find((one) => one.kind === kind) ?? [])
  const told = firsts.slice(0, most)
  const rest = anomalies.filter((one) => !told.includes(one))
  if (rest.length === 0) return told.map(storyOf)
  const counts = [...new Set(rest.map(titleOf))].map(
    (title) => `${rest.filter((one) => titleOf(one) === title).length} ${title}`,
  )
  return [...told.map(storyOf), `${plural(rest.length, 'more', 'more')}: ${counts.join(', ')}\n`]
}

export function storyOf(anomaly: Anomaly): string {
  const lines = linesOf(anomaly)
  const seconds = lines.map(({ atMs }) => `${(atMs / 1000).toFixed(3)} s`)
  const wide = Math.max(...seconds.map(({ length }) => length))
  const who = Math.max(...lines.map(({ who: { length } }) => length))
  const told = lines.map(
    (line, i) => `  ${seconds[i]?.padStart(wide)}  ${line.who.padEnd(who)}  ${line.does}`,
  )
  const end = endOf(anomaly).map((line) => `  ${line}`)
  return `${[titleOf(anomaly), ...told, ...end].map(visibly).join('\n')}\n`
}

/** Indented as it was. */
const visibly = (line: string): string =>
  line.replace(/^( *)(.*)$/s, (_, start, rest) => start + visible(rest))

const named = ({ path, version }: Version): string =>
  version === 0 ? `no ${path}` : `${path} v${version}`

function linesOf({ kind, cycle, lost, last }: Anomaly): Line[] {
  const lines = cycle.flatMap((edge) => (edge.kind === 'rt' ? [] : linesOfEdge(edge, lost?.by)))
  const [first] = cycle
  if (last !== undefined) lines.push(...writing(last))
  if (kind === 'G1a' && first !== undefined && Number.isFinite(first.from.closeMs))
    lines.push({ atMs: first.from.closeMs, who: first.from.id, does: 'is taken back' })
  const seen = new Set<string>()
  return lines
    .filter((line) => {
      const key = JSON.stringify(line)
      const isNew = !seen.has(key)
      seen.add(key)
      return isNew
    })
    .sort((a, b) => a.atMs - b.atMs)
}

function linesOfEdge(
  { kind, from, to, written, over, reading, look }: Dependency,
  losing?: Version,
): Line[] {
  const lines = [...(over === undefined ? [] : writing(over)), ...writing(written, losing)]
  if (kind === 'ww') return lines
  const reader = kind === 'wr' ? to : from
  const reads = (of: Version): string => (of.version === 0 ? 'finds' : 'reads')
  const read: Line[] =
    reading === undefined
      ? []
      : [{ atMs: reading.atMs, who: reader.id, does: `${reads(reading.of)} ${named(reading.of)}` }]
  const looked = look && [{ atMs: look.atMs, who: reader.id, does: `looks for ${look.says}` }]
  return [...read, ...(looked ?? []), ...lines]
}

function writing(version: Version, losing?: Version): Line[] {
  const { by, over, text, atMs, shownMs } = version
  if (by === undefined) return []
  const what = text === undefined ? 'removes' : 'writes'
  const isOver = over !== undefined && over.version > 0
  const unseen = version === losing ? ', which it has not seen' : ''
  const on = isOver ? ` over v${over.version}${unseen}` : ''
  const name = text === undefined ? version.path : named(version)
  const shown =
    shownMs > atMs && shownMs < Number.POSITIVE_INFINITY
      ? [{ atMs: shownMs, who: by.id, does: `commits ${name}` }]
      : []
  return [{ atMs, who: by.id, does: `${what} ${name}${on}` }, ...shown]
}

function endOf({ kind, isPredicate, cycle, lost }: Anomaly): string[] {
  const path = [...new Set(cycle.map(({ from }) => from.id)), cycle[0]?.from.id]
  const arrows = cycle.map(({ from, kind: edge }) => `${from.id} -${edge}-> `).join('')
  const isWhole = cycle.at(-1)?.to === cycle[0]?.from
  const whole = isWhole && path.length > 1 ? [`cycle: ${arrows}${cycle[0]?.from.id}`] : []
  return [...whole, ...cameOf(kind, isPredicate, cycle, lost)]
}

function cameOf(
  kind: Kind,
  isPredicate: boolean,
  cycle: readonly Edge[],
  lost: Anomaly['lost'],
): string[] {
  const [first] = cycle
  const [from, to] = [first?.from.id ?? '', first?.to.id ?? '']
  if (lost !== undefined) return lossOf(lost)
  if (kind === 'G1a') return [`${to} went by what ${from} wrote before it was taken back`]
  if (kind === 'G1b') return [`${to} went by what ${from} itself then wrote over`]
  if (kind === 'G1c') return ['each went by what another had not finished']
  if (kind === 'G0') return ['what they wrote is mixed: each has the last word somewhere']
  if (kind === 'stale-read')
    return [`${to} had ended when ${from} began, which went by what was before`]
  if (kind === 'G-realtime')
    return cycle.flatMap((edge) =>
      edge.kind === 'rt' ? [`${edge.from.id} had ended when ${edge.to.id} began`] : [],
    )
  if (isPredicate) return ['who looked for files did not go by what others then made or removed']
  if (kind === 'G-nonadjacent') return ['two saw what others changed in two different orders']
  if (kind !== 'G-single')
    return ['each went by what another then changed: done one after the other, it ends otherwise']
  const last = cycle.at(-1)
  if (last?.kind !== 'ww') return [`there was no one moment at which ${from} could have seen both`]
  const replaced = `${from} went by what ${to} then replaced`
  return [`${replaced}, and wrote over what ${last.from.id} made: it comes first, and last`]
}

/** Lines that one made and that are neither in what was seen nor in what was written over them. */
function lossOf({ version, by }: NonNullable<Anomaly['lost']>): string[] {
  const kept = new Set([by, ...by.basis].flatMap(({ text = '' }) => text.split('\n')))
  const gone = (version.text ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !kept.has(line))
  if (gone.length === 0) return [`lost: what ${idOf(version.by)} made of ${version.path}`]
  const shown = gone.slice(0, LINES).map((line) => `- ${cut(line)}`)
  const more = gone.length > LINES ? [`  and ${plural(gone.length - LINES, 'line')} more`] : []
  return [`lost, of what ${idOf(version.by)} wrote:`, ...shown, ...more]
}

const idOf = (by: Transaction | undefined): string => by?.id ?? 'somebody'

const cut = (line: string): string => (line.length <= CHARS ? line : `${line.slice(0, CHARS - 1)}…`)
