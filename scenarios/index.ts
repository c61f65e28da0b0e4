// Scenarios: the questions. A new one is a file in a family's folder.
export type { Drawn, Judged, Parameter, Scenario, Violation } from './scenario.ts'
export { paramsOf, scenario } from './scenario.ts'
