// What a harness prints is not the user's terminal's business: on a worker thread it is dropped while a
// run is on, or, where one run is looked at, sent to standard error.
import fs from 'node:fs'
import { isMainThread } from 'node:worker_threads'

type Method = (this: unknown, ...args: unknown[]) => unknown

let heard = false

/** Whether what sealed code prints in this thread is shown, on standard error. */
export function hear(on: boolean): void {
  heard = on
}

const isStandard = (fd: unknown): boolean => fd === 1 || fd === 2

export function sealOutput(isEntered: () => boolean): void {
  if (isMainThread) return
  const shown = process.stderr.write.bind(process.stderr) as (chunk: unknown) => boolean
  const take = (chunk: unknown): void => void (heard && shown(chunk))
  for (const stream of [process.stdout, process.stderr]) {
    const was = stream.write as Method
    stream.write = (...args: unknown[]): boolean => {
      if (!isEntered()) return Reflect.apply(was, stream, args) as boolean
      take(args[0])
      const done = args.at(-1)
      if (typeof done === 'function') queueMicrotask(() => done())
      return true
    }
  }
  const { write, writeSync, writev, writevSync } = fs
  const length = (chunk: unknown): number =>
    typeof chunk === 'string' ? Buffer.byteLength(chunk) : (chunk as { length: number }).length
  const dropped =
    (was: Method, size: (chunk: unknown) => number): Method =>
    (fd, chunk, ...rest) => {
      if (!isEntered() || !isStandard(fd)) return Reflect.apply(was, fs, [fd, chunk, ...rest])
      const done = rest.at(-1)
      if (typeof done === 'function') queueMicrotask(() => done(null, size(chunk), chunk))
      return size(chunk)
    }
  const sum = (chunks: unknown): number =>
    (chunks as unknown[]).reduce((total: number, chunk) => total + length(chunk), 0)
  Object.assign(fs, {
    write: dropped(write as Method, length),
    writeSync: dropped(writeSync as Method, length),
    writev: dropped(writev as Method, sum),
    writevSync: dropped(writevSync as Method, sum),
  })
}
