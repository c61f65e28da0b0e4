// Lists by key, as a view keeps them: what comes goes to the end, what goes is mostly the oldest.

export function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}

/** Removes one matching member; looks at the head first. A key without members is gone. */
export function remove<V>(
  map: Map<string, V[]>,
  key: string,
  matches: (value: V) => boolean,
): void {
  const list = map.get(key)
  if (list === undefined) return
  const i = list.findIndex(matches)
  if (i === 0) list.shift()
  else if (i > 0) list.splice(i, 1)
  if (list.length === 0) map.delete(key)
}
