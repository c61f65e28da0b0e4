// The ids that the model gives its calls: by them it knows its own steps again, where a harness keeps them.

/** `scope.step.occurrence`, as the model puts it into the ids of its calls; a scope is `job`, `job~2` or
 * `session+job`. */
export function stepOfCall(id: string): { job: string; step: string } | undefined {
  const [scope, step, occurrence] = id.split('.')
  if (scope === undefined || step === undefined || occurrence === undefined) return undefined
  const own = scope.slice(scope.indexOf('+') + 1)
  const tilde = own.indexOf('~')
  return { job: tilde < 0 || own !== scope ? own : own.slice(0, tilde), step }
}
