// Sentences that say the same in four styles: plainly, kindly, formally, briefly. The wordings of a sentence have
// the same number of characters and of tokens (o200k_base), alone and behind another one, so that nothing but
// the words differs: no window fills earlier, no fact stands elsewhere, no answer takes longer.
import type { Draw } from '../../sim/index.ts'

export const STYLES = 4

type Worded = readonly [plain: string, kind: string, formal: string, brief: string]

/** What stands in files around what matters. */
export const AROUND: readonly Worded[] = [
  [
    'The old depot passed on its weekly report on Monday and added a note so far.',
    'Good news from the depot: they shared their list right away, which is great.',
    'It is noted that the branch has submitted its return in due form ex officio.',
    'Depot report: received early today; two remarks, nothing open, kept on file.',
  ],
  [
    'A truck was late because of the snow near the coast and so on.',
    'Just so you know, the truck got stuck in traffic, poor driver.',
    'The delay is ascribed to the weather at the time by the board.',
    'Truck delayed: bad roads, coast road; cargo fine, driver fine.',
  ],
  [
    'The clerk counted the crates twice and found no gap for now.',
    'Our clerk walked past every box and guess what, no surprise.',
    'The stock was verified by a clerk and found correct in full.',
    'Boxes verified twice, none short; clerk signed today, filed.',
  ],
  [
    'The customer called to ask about the price and heard to write.',
    'Funny thing: a customer rang again about colours, always nice.',
    'An enquiry of the customer was answered in writing ex officio.',
    'Customer called, wants invoice; calls again, settled, routine.',
  ],
  [
    'Two shelves were moved to the back, so the labels have changed today.',
    'Yesterday we cleaned the old shelves, and I must say it looks lovely.',
    'The repair of the shelves was approved as planned in full ex officio.',
    'Shelves cleaned, near window; labels changed, plan updated, finished.',
  ],
]

/** Before a quantity, in a file. */
export const QUANTITY: Worded = [
  'For this article we settled on this amount in the end and so on:',
  'And now, finally, we settled on a round little number, promised:',
  'The amount agreed for the said item is fixed in full ex officio:',
  'Amount, as agreed, both sides, position, final, nothing further:',
]

/** What the user asks for. */
export const SHEET: Worded = [
  'Now please write the order sheet of the next week by noon.',
  'Hi there, could you kindly write that order sheet, thanks!',
  'You are hereby asked to draw up said order sheet herewith.',
  'Order sheet needed, next delivery, all positions, no gaps.',
]

/** Before the buyer and the account. */
export const BUYER: Worded = [
  'It goes to the buyer named here, under the code behind it today:',
  'And you will want our lovely buyer and the account, here you go:',
  'The consignee and the account are stated hereinafter ex officio:',
  'Buyer, as before, here; both needed, unchanged, nothing further:',
]

/** Before the places of the quantities. */
export const NOTES: Worded = [
  'The quantities stand in the notes on each item by noon and so on:',
  'You will find those amounts in our notes, just look here, really:',
  'The quantities must be taken from the annexes in full ex officio:',
  'All amounts: see notes, one each; places follow, nothing further:',
]

/** Of the style, from 0. */
export const worded = (of: Worded, style: number): string => of[style] ?? of[0]

const TOKENS_A_SENTENCE = 15
const SENTENCES_A_LINE = 4

/** Lines of about so many tokens in a style; the sentences are drawn alike for all styles. */
export function around(draw: Draw, tokens: number, style: number): string {
  const count = Math.max(1, Math.round(tokens / TOKENS_A_SENTENCE))
  const all = Array.from({ length: count }, () => worded(draw.of(AROUND), style))
  const lines: string[] = []
  for (let i = 0; i < count; i += SENTENCES_A_LINE)
    lines.push(all.slice(i, i + SENTENCES_A_LINE).join(' '))
  return lines.join('\n\n')
}
