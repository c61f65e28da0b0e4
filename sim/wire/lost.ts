// A connection that ends before the answer does, as fetch tells it: a TypeError with the words and the
// cause that undici has for it, which clients look into before they try again.
import type { Refusal } from '../core/message.ts'

/** Thrown instead of a reply, or in the middle of its body. A server drops the connection for it. */
export class ConnectionLost extends TypeError {
  constructor(message: string, why: string, code: string) {
    super(message, { cause: Object.assign(new Error(why), { code }) })
  }
}

/** Before the first byte of an answer. */
export const lostBefore = (): ConnectionLost =>
  new ConnectionLost('fetch failed', 'read ECONNRESET', 'ECONNRESET')

/** In the middle of a body: what was sent is read before. */
export const lostWithin = (): ConnectionLost =>
  new ConnectionLost('terminated', 'other side closed', 'UND_ERR_SOCKET')

/** No provider refused: there was nobody left to. */
export const isLost = ({ status }: Refusal): boolean => status === 0

/** The stream ends as if it were whole, but for its last words; else the connection dies under it. */
export const endsQuietly = ({ code }: Refusal): boolean => code === 'stream_cut'
