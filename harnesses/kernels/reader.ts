// Documents in the prompt, then a question: one request each, and nothing is asked again. What published
// measurements of models do, as a kernel.
import { reader } from '../reading.ts'

export default reader({})
