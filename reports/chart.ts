// A curve as a picture: lines with 95 % intervals, one a harness, told apart by colour and by the shape of
// their points; ceilings and floors are grey. SVG, drawn by Vega without a browser.
import { type Mark, parse, type Spec, View } from 'vega'
import {
  type Axis,
  isRatioSpaced,
  type Place,
  placed,
  type Segment,
  segmentsOf,
} from './alongside.ts'
import { type Curve, said } from './curve.ts'
import { visible } from './escape.ts'
import { shortest } from './format.ts'
import { clipped } from './layout.ts'

const WIDTH = 600
const HEIGHT = 320
/** Left and right of the outermost values. */
const MARGIN = 32
const NAME_WIDTH = 48
/** Okabe and Ito's colours, told apart by all kinds of eyes. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000']
const GREYS = ['#4d4d4d', '#808080', '#a6a6a6']
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down']

/** Names are made visible first: XML has no place for control characters. */
export const svgOf = (curve: Curve): Promise<string> =>
  new View(parse(specOf(shown(curve))), { renderer: 'none' }).toSVG()

const shown = (curve: Curve): Curve => ({
  ...curve,
  scenario: visible(curve.scenario),
  parameter: visible(curve.parameter),
  profile: visible(curve.profile),
  title: visible(curve.title),
  points: curve.points.map((point) => ({ ...point, harness: visible(point.harness) })),
})

const cycled = (of: readonly string[], i: number): string => of[i % of.length] ?? ''

/** @returns what Vega draws. @see https://vega.github.io/vega/docs/specification/ */
function specOf(curve: Curve): Spec {
  const { parameter, title, isShare, points } = curve
  const named = (isWanted: boolean): string[] => [
    ...new Set(points.flatMap(({ harness, isControl }) => (isControl === isWanted ? harness : []))),
  ]
  const [own, controls] = [named(false), named(true)]
  const harnesses = [...own, ...controls]
  const values = [...new Set(points.map(({ at }) => at))]
  const axis: Axis = { values, isLog: isRatioSpaced(values), width: WIDTH - 2 * MARGIN }
  const places = placed(points, harnesses, axis)
  const segments = segmentsOf(places, axis)
  const domain = [Math.min(...values), Math.max(...values)]
  const x = { name: 'x', domain, range: 'width', padding: MARGIN } as const
  const y = isShare ? [0, 1] : { data: 'points', fields: ['low', 'high'] }
  const colours = [
    ...own.map((_, i) => cycled(COLOURS, i)),
    ...controls.map((_, i) => cycled(GREYS, i)),
  ]
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: WIDTH,
    height: HEIGHT,
    padding: 12,
    background: 'white',
    title: { ...headOf(curve, segments), anchor: 'start', offset: 14 },
    signals: [
      { name: 'ticks', value: Object.fromEntries(values.map((at, i) => [at, ticks(values)[i]])) },
      {
        name: 'names',
        value: Object.fromEntries(harnesses.map((name) => [name, clipped(name, NAME_WIDTH)])),
      },
    ],
    data: [
      { name: 'points', values: places.map((place) => datum(place, curve)) },
      { name: 'segments', values: segments.map((segment) => ({ ...segment })) },
    ],
    scales: [
      axis.isLog ? { ...x, type: 'log' } : { ...x, type: 'linear', zero: false },
      { name: 'y', type: 'linear', domain: y, range: 'height', zero: true, nice: true },
      { name: 'colour', type: 'ordinal', domain: harnesses, range: colours },
      { name: 'shape', type: 'ordinal', domain: harnesses, range: SHAPES },
    ],
    axes: [
      {
        ...{ orient: 'bottom', scale: 'x', values, labelOverlap: true, offset: 6 },
        title: axis.isLog ? `${parameter} (logarithmic)` : parameter,
        encode: { labels: { update: { text: { signal: 'ticks[datum.value]' } } } },
      },
      { orient: 'left', scale: 'y', title, grid: true, tickCount: 5 },
    ],
    legends: [
      {
        ...{ stroke: 'colour', shape: 'shape', title: 'harness', symbolFillColor: 'white' },
        ...{ symbolStrokeWidth: 2, labelLimit: 0 },
        encode: { labels: { update: { text: { signal: 'names[datum.value]' } } } },
      },
    ],
    marks: MARKS,
  }
}

/** At the values of the sweep: `1k`, `34.2k`, or in full where two would be the same. */
function ticks(values: readonly number[]): string[] {
  const short = values.map(shortest)
  return new Set(short).size < values.length ? values.map(String) : short
}

function headOf(
  { scenario, profile, title, parameter, points }: Curve,
  segments: readonly Segment[],
): { text: string; subtitle: string[] } {
  const counts = points.map(({ instances }) => instances)
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  const n = fewest === most ? `n = ${most}` : `n = ${fewest} to ${most}`
  const notes = [
    ...(points.some(({ interval }) => interval !== null) ? ['bars are 95 % intervals'] : []),
    ...(segments.some(({ dash }) => dash.length > 0) ? ['lines that coincide show in turn'] : []),
  ]
  return {
    text: `${scenario}: ${title} by ${parameter}`,
    subtitle: [
      `profile ${profile}, ${n} ${most === 1 ? 'instance' : 'instances'} a point`,
      notes.join(', '),
    ].filter((line) => line !== ''),
  }
}

const datum = (place: Place, { parameter, isShare }: Curve) => ({
  ...place,
  low: place.interval?.low ?? place.value,
  high: place.interval?.high ?? place.value,
  says: `${place.harness}, ${parameter} ${place.at}: ${said(place, isShare)}, n = ${place.instances}`,
})

const COLOUR = { scale: 'colour', field: 'harness' }
const beside = (field: string) => ({ scale: 'x', field, offset: { field: 'dx' } })
const up = (field: string) => ({ scale: 'y', field })

const cap = (end: 'low' | 'high'): Mark => ({
  type: 'symbol',
  from: { data: 'points' },
  encode: {
    enter: {
      ...{ x: beside('at'), y: up(end), stroke: COLOUR },
      ...{ shape: { value: 'stroke' }, size: { value: 36 }, strokeWidth: { value: 1.5 } },
      opacity: { signal: 'datum.low < datum.high ? 0.7 : 0' },
    },
  },
})

const MARKS: Mark[] = [
  {
    type: 'rule',
    from: { data: 'points' },
    encode: {
      enter: {
        ...{ x: beside('at'), y: up('low'), y2: up('high') },
        ...{ stroke: COLOUR, strokeOpacity: { value: 0.7 }, strokeWidth: { value: 1.5 } },
      },
    },
  },
  cap('low'),
  cap('high'),
  {
    type: 'rule',
    from: { data: 'segments' },
    encode: {
      enter: {
        ...{ x: beside('at'), y: up('value'), x2: beside('toAt'), y2: up('toValue') },
        ...{ stroke: COLOUR, strokeWidth: { signal: 'datum.isControl ? 1.5 : 2' } },
        strokeDash: {
          signal: 'datum.isControl && datum.dash.length === 0 ? [4, 3] : datum.dash',
        },
        strokeDashOffset: { field: 'dashOffset' },
      },
    },
  },
  {
    type: 'symbol',
    from: { data: 'points' },
    encode: {
      enter: {
        ...{ x: beside('at'), y: up('value'), stroke: COLOUR, fill: { value: 'white' } },
        ...{ shape: { scale: 'shape', field: 'harness' }, size: { field: 'size' } },
        ...{ strokeWidth: { value: 2 }, description: { field: 'says' } },
      },
    },
  },
]
