// A curve as a picture: lines with 95 % intervals, one a harness, told apart by colour and by the shape of
// their points; ceiling and floors are grey. SVG, drawn by Vega without a browser.
import { parse, type Spec, View } from 'vega'
import type { Curve } from './curve.ts'
import { visible } from './escape.ts'

const WIDTH = 560
const HEIGHT = 320
/** From this ratio of the largest to the smallest value on, the axis is logarithmic. */
const LOG_FROM = 20
/** Okabe and Ito's colours, told apart by all kinds of eyes. */
const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#56B4E9', '#E69F00', '#000000']
const GREY = '#999999'
const SHAPES = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down']

/** Names are made visible first: XML has no place for control characters. */
export const svgOf = (curve: Curve): Promise<string> =>
  new View(parse(specOf(shown(curve))), { renderer: 'none' }).toSVG()

const shown = (curve: Curve): Curve => ({
  ...curve,
  scenario: visible(curve.scenario),
  profile: visible(curve.profile),
  points: curve.points.map((point) => ({ ...point, harness: visible(point.harness) })),
})

/** @returns what Vega draws. @see https://vega.github.io/vega/docs/specification/ */
function specOf({ scenario, parameter, profile, title, isShare, points }: Curve): Spec {
  const values = points.flatMap(({ harness, isControl, at, value, interval }) =>
    value === null
      ? []
      : [
          {
            ...{ harness, isControl, at, value },
            low: interval?.low ?? value,
            high: interval?.high ?? value,
          },
        ],
  )
  const named = (isWanted: boolean): string[] => [
    ...new Set(points.flatMap(({ harness, isControl }) => (isControl === isWanted ? harness : []))),
  ]
  const [own, controls] = [named(false), named(true)]
  const harnesses = [...own, ...controls]
  const colours = [
    ...own.map((_, i) => COLOURS[i % COLOURS.length] ?? GREY),
    ...controls.map(() => GREY),
  ]
  const ats = [...new Set(points.map(({ at }) => at))]
  const isLog = Math.min(...ats) > 0 && Math.max(...ats) / Math.min(...ats) >= LOG_FROM
  const counts = points.map(({ instances }) => instances)
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)]
  const n = fewest === most ? `n = ${most}` : `n = ${fewest} to ${most}`
  const colour = { scale: 'colour', field: 'harness' }
  const x = { scale: 'x', field: 'at' }
  const y = { scale: 'y', field: 'value' }
  return {
    $schema: 'https://vega.github.io/schema/vega/v6.json',
    width: WIDTH,
    height: HEIGHT,
    padding: 12,
    background: 'white',
    title: {
      text: `${scenario}: ${title} by ${parameter}`,
      subtitle: `profile ${profile}, ${n} instances a point, bars are 95 % intervals`,
      anchor: 'start',
    },
    data: [{ name: 'points', values }],
    scales: [
      {
        name: 'x',
        type: isLog ? 'log' : 'linear',
        domain: { data: 'points', field: 'at' },
        range: 'width',
        zero: false,
        nice: !isLog,
      },
      {
        name: 'y',
        type: 'linear',
        domain: isShare ? [0, 1] : { data: 'points', fields: ['low', 'high'] },
        range: 'height',
        zero: true,
        nice: true,
      },
      { name: 'colour', type: 'ordinal', domain: harnesses, range: colours },
      { name: 'shape', type: 'ordinal', domain: harnesses, range: SHAPES },
    ],
    axes: [
      { orient: 'bottom', scale: 'x', title: parameter, values: ats, labelOverlap: true },
      { orient: 'left', scale: 'y', title, grid: true, tickCount: 5 },
    ],
    legends: [{ stroke: 'colour', shape: 'shape', title: 'harness', symbolFillColor: 'white' }],
    marks: [
      {
        type: 'group',
        from: { facet: { name: 'one', data: 'points', groupby: 'harness' } },
        marks: [
          {
            type: 'rule',
            from: { data: 'one' },
            encode: {
              enter: {
                x,
                y: { scale: 'y', field: 'low' },
                y2: { scale: 'y', field: 'high' },
                stroke: colour,
                strokeOpacity: { signal: 'datum.isControl ? 0 : 0.5' },
                strokeWidth: { value: 3 },
              },
            },
          },
          {
            type: 'line',
            from: { data: 'one' },
            encode: {
              enter: {
                x,
                y,
                stroke: colour,
                strokeWidth: { value: 2 },
                strokeDash: { signal: 'datum.isControl ? [4, 3] : []' },
              },
            },
          },
          {
            type: 'symbol',
            from: { data: 'one' },
            encode: {
              enter: {
                x,
                y,
                stroke: colour,
                fill: { value: 'white' },
                shape: { scale: 'shape', field: 'harness' },
                size: { value: 50 },
              },
            },
          },
        ],
      },
    ],
  }
}
