import { podName } from "./spec.js";

/** `db-4 → 3 → 2`; of many only the first two and the last. */
export function describeOrdinals(
  set: { readonly name: string },
  ordinals: readonly number[],
  separator: string,
): string {
  const [first = 0, ...others] = ordinals;
  const name = podName(set, first);
  if (others.length <= 4) return [name, ...others].join(separator);
  return `${name}${separator}${others[0]} … ${others.at(-1)} (${ordinals.length} pods)`;
}
