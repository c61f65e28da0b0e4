// A registry of tools as large deployments have them: names of a verb and a noun, a sentence on what each does,
// one or two arguments. None of them serves the tasks of a scenario.
import type { Draw } from '../../sim/index.ts'
import type { Decoy } from '../../sim/world/decoys.ts'

const VERBS = [
  'create',
  'update',
  'archive',
  'assign',
  'export',
  'import',
  'merge',
  'schedule',
  'approve',
  'reject',
  'fetch',
  'lookup',
  'sync',
  'validate',
  'publish',
  'rotate',
  'estimate',
  'convert',
  'compare',
  'subscribe',
] as const

const NOUNS = [
  'invoice',
  'contact',
  'ticket',
  'shipment',
  'contract',
  'campaign',
  'dashboard',
  'timesheet',
  'vendor',
  'asset',
  'certificate',
  'deployment',
  'feature_flag',
  'incident',
  'lead',
  'leave_request',
  'meeting_room',
  'payroll_run',
  'pipeline',
  'price_list',
  'purchase_order',
  'quote',
  'refund',
  'release',
  'repository',
  'schema',
  'sensor',
  'sprint',
  'stock_level',
  'survey',
  'tax_rate',
  'translation',
] as const

const SYSTEMS = [
  'the finance system',
  'the customer database',
  'the warehouse',
  'the service desk',
  'the staff directory',
  'the build server',
] as const

const ARGUMENTS = ['id', 'region', 'owner', 'period', 'currency', 'status', 'reason'] as const

/** How many different tools there are at most. */
export const REGISTRY_SIZE = VERBS.length * NOUNS.length

/** `count` different tools, in a random order. */
export function registry(draw: Draw, count: number): Decoy[] {
  const names = VERBS.flatMap((verb) => NOUNS.map((noun) => [verb, noun] as const))
  return draw.some(names, count).map(([verb, noun]) => ({
    name: `${verb}_${noun}`,
    description: `${said(verb)} a ${noun.replaceAll('_', ' ')} in ${draw.of(SYSTEMS)}.`,
    takes: [`${noun}_id`, ...draw.some(ARGUMENTS, draw.int(0, 1))],
  }))
}

const said = (verb: string): string => verb.charAt(0).toUpperCase() + verb.slice(1)
