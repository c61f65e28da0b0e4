// Whether the history is still one that a strict provider takes: results without their calls, calls without
// their results and unknown roles are refused. Too long is not invalid.
import { metric } from '../metric.ts'

export default metric({
  title: 'valid requests',
  about: 'requests that a strict provider does not refuse as invalid / requests',
  unit: 'share',
  better: 'more',
  restsOn: 'mechanism',
  families: ['phantom-calls', 'preemption', 'crash-resume'],
  detail: true,
  measure({ trace }) {
    let [requests, invalid] = [0, 0]
    for (const event of trace) {
      if (event.kind === 'request') requests++
      if (event.kind === 'refusal' && event.code === 'invalid_request_error') invalid++
    }
    return requests === 0 ? null : Math.max(0, requests - invalid) / requests
  },
})
