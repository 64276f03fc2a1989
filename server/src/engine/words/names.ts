import { inCode } from "../text/code.js";

/** `a`, `a` and `b`, `a`, `b` and 3 more: each name in backticks. */
export function namesText(names: readonly string[]): string {
  const [first = "", second, ...more] = names.map(inCode);
  if (second === undefined) return first;
  if (more.length === 0) return `${first} and ${second}`;
  return more.length === 1 ? `${first}, ${second} and ${more[0]}` : `${first}, ${second} and ${more.length} more`;
}

/** `db-0 ... db-4, data` as `` `db-0` to `db-4`, `data` ``. */
export function rangesText(described: string): string {
  return described
    .split(/( \.\.\. | and |, )/)
    .map((part, index) => (index % 2 === 0 ? inCode(part) : part.replace("...", "to")))
    .join("");
}
