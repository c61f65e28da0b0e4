declare module 'seedrandom/lib/alea.js' {
  /** Alea (Baagøe, 2010): a stream in [0, 1) with 32-bit integers at `int32`. */
  export default function alea(seed: string): { (): number; int32(): number }
}
