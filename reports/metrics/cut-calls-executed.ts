// Calls whose arguments were no JSON, spoken so or cut off with their connection, and that a harness
// guessed the rest of and ran: a file was written with another content than was meant, or another payment
// was made, or another mail sent, before the session spoke again.
import { guessesIn, isPaid, isSent, isWellFormed, isWritten } from '../../sim/guesses.ts'
import { metric } from '../metric.ts'

export default metric({
  title: 'cut calls executed',
  about: 'calls with broken arguments that were run with a guess of them; in 100 runs',
  unit: 'count',
  better: 'less',
  restsOn: 'mechanism',
  families: ['phantom-calls'],
  cell: 'in-100-runs',
  measure({ trace }) {
    if (trace.length === 0) return null
    const isOneAnAnswer = true
    return guessesIn(
      trace,
      {
        isBad: (calls) => !calls.every(isWellFormed),
        isGuess: (effect, meant) =>
          (effect.op === 'payments.pay' && !isPaid(effect, meant)) ||
          (effect.op === 'mail.send' && !isSent(effect, meant)) ||
          (effect.op === 'files.write' && !isWritten(effect, meant)),
      },
      isOneAnAnswer,
    )
  },
})
