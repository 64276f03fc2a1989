/**
 * Whether a pattern in which each `*` stands for any text is for all of a text, in time linear in both. `least` is how
 * many characters a `*` stands for at least.
 */
export function matchesWildcard(pattern: string, text: string, { least }: { readonly least: 0 | 1 }): boolean {
  const [first = "", ...parts] = pattern.split("*");
  const last = parts.pop();
  if (last === undefined) return text === pattern;
  if (!text.startsWith(first)) return false;
  let end = first.length;
  for (const part of parts) {
    const found = text.indexOf(part, end + least);
    if (found === -1) return false;
    end = found + part.length;
  }
  return text.length - last.length >= end + least && text.endsWith(last);
}
