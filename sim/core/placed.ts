// Decisions that are part of an instance: forced wherever they are asked, so that all harnesses are exposed alike.
// A placed id names a job: it is met by whichever of the job's sessions comes to it first, and by one alone.
import { type Chance, type Decision, flipAt } from './chance.ts'

export interface Placed extends Chance {
  /** The placed ids that were asked for: whether a hazard was met. In the order they were placed. */
  met(): readonly string[]
}

/** `onMet` is told of each placed decision when it is first asked for. */
export function placed(
  forced: ReadonlyMap<string, Decision['value']>,
  chance: Chance,
  onMet: (id: string, value: Decision['value']) => void = () => {},
): Placed {
  if (forced.size === 0) {
    const { flip, pick, sample } = chance
    const at: Chance['flipAt'] = (scope, site, p) => flipAt(chance, scope, site, p)
    return { flip, flipAt: at, pick, sample, met: () => [] }
  }
  const inJob = idsInJobs([...forced.keys()])
  /** By placed id, the decision that it was: the first one of the job that asked. */
  const owners = new Map<string, string>()
  const look = (id: string): Decision['value'] | undefined => {
    const known = inJob(id)
    const at = forced.has(id) ? id : known
    const value = forced.get(at)
    if (value === undefined) return undefined
    const owner = owners.get(at)
    if (owner !== undefined) return owner === id ? value : undefined
    owners.set(at, id)
    onMet(at, value)
    return value
  }
  const scopes = new Set([...forced.keys()].map((id) => id.slice(0, id.lastIndexOf('/') + 1)))
  const flip: Chance['flip'] = (id, p) => {
    const value = look(id)
    return chance.flip(id, typeof value === 'boolean' ? Number(value) : p)
  }
  return {
    flip,
    flipAt: (scope, site, p) =>
      scopes.has(scope) || scopes.has(inJob(scope))
        ? flip(scope + site, p)
        : flipAt(chance, scope, site, p),
    pick(id, weighted, odds) {
      const value = look(id)
      if (value === undefined || !weighted.some(([label]) => label === value))
        return chance.pick(id, weighted, odds)
      return chance.pick(
        id,
        weighted.map(([label]) => [label, label === value ? 1 : 0] as const),
      )
    },
    sample(id, draw, nominal) {
      const value = look(id)
      if (typeof value !== 'number') return chance.sample(id, draw, nominal)
      return chance.sample(id, () => value, value)
    },
    met: () => [...forced.keys()].filter((id) => owners.has(id)),
  }
}

const OPERATION = /^([^/~]+)((?:~\d+)?)\/([a-z]+)#(\d+)(.*)$/s
const LATER_SESSION = /^([^/~]+)~\d+\//

/**
 * A session's id as its job's: `job~2/pay/1/lapse` is `job/pay/1/lapse`, and operations are counted on over the
 * job's sessions, in the order in which these were first asked about.
 */
function idsInJobs(placedIds: readonly string[]): (id: string) => string {
  const hasOperations = placedIds.some((id) => OPERATION.test(id))
  /** By session and operation, how many came before it; by job and operation, the highest number so far. */
  const before = new Map<string, number>()
  const highest = new Map<string, number>()
  return (id) => {
    const found = hasOperations ? OPERATION.exec(id) : null
    if (found === null) return id.includes('~') ? id.replace(LATER_SESSION, '$1/') : id
    const [, job = '', later = '', operation = '', n = '', rest = ''] = found
    const [own, all] = [`${job}${later}/${operation}`, `${job}/${operation}`]
    const known = before.get(own) ?? (later === '' ? 0 : (highest.get(all) ?? 0))
    before.set(own, known)
    const place = known + Number(n)
    highest.set(all, Math.max(highest.get(all) ?? 0, place))
    return `${all}#${place}${rest}`
  }
}
