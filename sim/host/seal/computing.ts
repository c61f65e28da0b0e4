// Computations that Node does on its other threads, such as a digest of WebCrypto or a gzip: their results
// depend on nothing, so virtual time waits for them, and the run stays exact.
import crypto from 'node:crypto'
import zlib from 'node:zlib'

type Method = (this: unknown, ...args: unknown[]) => unknown
type InOrder = <T>(work: Promise<T>) => Promise<T>

const ZLIB = ['deflate', 'deflateRaw', 'gzip', 'gunzip', 'inflate', 'inflateRaw', 'unzip']
const BROTLI = ['brotliCompress', 'brotliDecompress']
const CRYPTO = ['pbkdf2', 'scrypt', 'hkdf', 'generateKey', 'generateKeyPair', 'sign', 'verify']

function replace(of: object, name: string, make: (was: Method) => Method): void {
  const was = Reflect.get(of, name) as Method
  const value = make(was)
  // What hangs on it, such as its form for `util.promisify`, would go round ours.
  Object.defineProperty(of, name, { value, configurable: true, writable: true })
}

export function sealComputing(isEntered: () => boolean, inOrder: InOrder): void {
  const promised = (was: Method): Method =>
    function (...args) {
      const result = Reflect.apply(was, this, args)
      return isEntered() && result instanceof Promise ? inOrder(result) : result
    }
  const calledBack = (was: Method): Method =>
    function (...args) {
      const done = args.at(-1)
      if (!isEntered() || typeof done !== 'function') return Reflect.apply(was, this, args)
      let settle = (_results: unknown[]): void => {}
      const work = new Promise<unknown[]>((resolve) => {
        settle = resolve
      })
      const heard = (...results: unknown[]): void => settle(results)
      const result = Reflect.apply(was, this, [...args.slice(0, -1), heard])
      inOrder(work).then((results) => Reflect.apply(done, undefined, results))
      return result
    }
  const subtle = Object.getPrototypeOf(globalThis.crypto.subtle) as object
  for (const name of Reflect.ownKeys(subtle).map(String)) {
    if (typeof Reflect.get(subtle, name) === 'function' && name !== 'constructor')
      replace(subtle, name, promised)
  }
  const wasm = Reflect.get(globalThis, 'WebAssembly') as object
  for (const name of ['compile', 'instantiate']) replace(wasm, name, promised)
  for (const name of [...ZLIB, ...BROTLI]) replace(zlib, name, calledBack)
  for (const name of CRYPTO) replace(crypto, name, calledBack)
}
