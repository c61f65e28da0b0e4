import { it } from 'vitest'
import { openShell } from '../../sim/host/shell.ts'
import { WorldTerminal } from '../../sim/world/terminal.ts'
import { Files, workspaceOn } from '../../sim/world/files.ts'
import { recorder } from './recorder.ts'
const CMDS=['date -d "2026-01-01 10:00" +%s','date -d "Jan 5 2026"; date -R; date +%H:%M','cat nofile no/file d','cat < d; ls a.txt/x','sed s/a/b/ nofile','jq . a.txt; echo \'{"b":1,"a":2}\' | jq -S .','base64 a.txt; md5sum a.txt; od a.txt','ls / /tmp /dev','ls nofile 2>/dev/null; echo x > /dev/null; cat /dev/stdin; ls nofile &> /dev/null','which cat ls; type cat','cat > no/x.md <<\'EOF\'\nhi\nEOF','echo a >> no/x','python3 -c 1','f() { f; }; f','cat a.txt a.txt > big; for i in 1 2 3; do cat big big > big2; mv big2 big; done; wc -c big', 'echo x > t; rm t; ls','date; ls -l; date +%Z; date -d @0','sort <<EOF\nb\nA\na\nB\nEOF','cat /proc/self/status /proc/version; ls /proc','echo $(ls -l --time-style=full-iso)', 'rm -rf /; ls; ls /', 'while :; do echo x >> log; done', 'wc -l log','echo hi', 'echo 1; exit 126', 'printf "#!/bin/bash\necho ran" > r.sh; chmod +x r.sh; ./r.sh; bash r.sh','sed -i s/x/y/ log; head -2 log','cp log log2; diff log log2 && echo same','grep -c y log', 'ls -la d', 'cat *', 'ls -1 | head -3']
it('x', { timeout: 120000 }, async () => {
  const shell = openShell()
  const t = new WorldTerminal(shell)
  const actor = recorder()
  const w = workspaceOn(Files.of({ 'a.txt': 'alpha\n', 'd/b.txt': 'beta\n' }), actor.audit)
  let n = 0
    for (const line of CMDS) {
      const b = performance.now()
      const r = await t.run({ key: 'job/call#' + n++, line, now: 0, timeoutMs: 30000 }, w)
      console.log('$ ' + line + '\n' + r.exitCode + ' ' + JSON.stringify((r.stdout + '|' + r.stderr).slice(0, 700)) + ' ' + (performance.now() - b).toFixed(0) + 'ms ' + r.elapsedMs)
    }
  console.log(JSON.stringify(actor.deeds).slice(0, 1500))
})
