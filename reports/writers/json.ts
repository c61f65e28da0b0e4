// The report as it is, for whoever wants to count on.
import { writer } from '../writer.ts'

export default writer({
  file: 'report.json',
  write: (report) => `${JSON.stringify(report, null, 2)}\n`,
})
