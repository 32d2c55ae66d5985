/** A record with a value for each key. */
export function recordOf<Key extends string, Value>(
  keys: readonly Key[],
  valueOf: (key: Key) => Value,
): { [One in Key]: Value } {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)])) as { [One in Key]: Value };
}
