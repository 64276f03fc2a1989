/** `a`, `a` and `b`, `a`, `b` and 3 more: each name in backticks. */
export function namesText(names: readonly string[]): string {
  const [first = "", second, ...more] = names.map((name) => `\`${name}\``);
  if (second === undefined) return first;
  if (more.length === 0) return `${first} and ${second}`;
  return more.length === 1 ? `${first}, ${second} and ${more[0]}` : `${first}, ${second} and ${more.length} more`;
}
