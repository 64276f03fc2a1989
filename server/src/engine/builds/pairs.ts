import { grouped } from "../text/grouped.js";

/** The same thing before and after a change of the files; only one of both for one that is new or gone. */
export type Pair<T> =
  { readonly before: T | undefined; readonly after: T } | { readonly before: T; readonly after: undefined };

/**
 * Which things are the same: those of one key, by the first of the keys by which only one is there before and one
 * after. In the order of `after`, then what is gone.
 */
export function pairsBy<T>(
  before: readonly T[],
  after: readonly T[],
  keysOf: readonly ((one: T) => string)[],
): readonly Pair<T>[] {
  const former = new Map<T, T>();
  const left = new Set(before);
  for (const keyOf of keysOf) {
    const old = grouped([...left], keyOf);
    const now = grouped(
      after.filter((one) => !former.has(one)),
      keyOf,
    );
    for (const [key, [one, another]] of now) {
      const [same, other] = old.get(key) ?? [];
      if (one === undefined || same === undefined || another !== undefined || other !== undefined) continue;
      former.set(one, same);
      left.delete(same);
    }
  }
  return [
    ...after.map((one) => ({ before: former.get(one), after: one })),
    ...[...left].map((one) => ({ before: one, after: undefined })),
  ];
}
