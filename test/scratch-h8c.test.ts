import { it } from 'vitest'
import { run } from '../testbed/index.ts'
import { house } from './machine/rig.ts'
it('paraphrase wide', async () => {
  let cases = 0, diff = 0, reqs = 0, worst = 0
  for (const h of ['loop','micro','monolith','codex','opencode','paging','letta','terminal','aci','mini','openharness','branching','best','amnesiac','aios'])
    for (const profile of ['typical','hostile','forgetful'])
      for (let i = 0; i < 12; i++) {
        const t: string[] = []; const r: number[] = []; const k: number[] = []
        for (let w = 0; w < 4; w++) {
          const { record } = await run({ scenario: 'language/paraphrase', params: { wording: w }, instance: i, trial: 0, harness: h, profile, seed: 7 }, 'sampled', house)
          t.push(JSON.stringify([record.verdict, record.reason, record.violations])); r.push(record.requests); k.push(record.tokens)
        }
        cases++
        if (new Set(t).size > 1) { diff++; console.log('DIFF', h, profile, i, [...new Set(t)].join(' | ').slice(0, 300)) }
        if (new Set(r).size > 1) { reqs++ }
        worst = Math.max(worst, Math.max(...k) / Math.min(...k))
      }
  console.log('RESULT cases', cases, 'verdict differs', diff, 'requests differ', reqs, 'tokens worst', worst)
}, 1200000)
