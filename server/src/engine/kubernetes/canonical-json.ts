/** JSON with the keys of every object sorted: equal exactly for equal values. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => sortedKeys(part));
}

/** An object with its keys sorted, of whose values only some are kept; anything else as it is. For JSON.stringify. */
export function sortedKeys(part: unknown, keeps: (value: unknown) => boolean = () => true): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  const entries = Object.entries(part).filter(([, value]) => keeps(value));
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
