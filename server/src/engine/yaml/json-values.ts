/** The JSON values at the beginning of a text. */
export interface JsonValues {
  /** Where each value ends; none for a text that does not begin with an object, or is YAML in braces. */
  readonly ends: readonly number[];
  /** Where the text goes on behind them, white space skipped: the text's length if nothing else is there. */
  readonly rest: number;
}

/**
 * The values that kubectl reads one after the other from a file that begins with `{`, as Go's JSON decoder does
 * (`YAMLOrJSONDecoder` in apimachinery pkg/util/yaml/decoder.go, Kubernetes 1.36).
 */
export function jsonValues(text: string): JsonValues {
  const start = text.startsWith("\uFEFF") ? 1 : 0;
  const ends: number[] = [];
  let rest = skipSpace(text, start);
  if (text[rest] !== "{") return { ends, rest: start };
  while (rest < text.length) {
    const end = valueEnd(text, rest);
    if (!isJson(text.slice(rest, end))) break;
    ends.push(end);
    rest = skipSpace(text, end);
  }
  return ends.length === 0 ? { ends, rest: start } : { ends, rest };
}

/** Whether a text is one JSON value. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function skipSpace(text: string, offset: number): number {
  const space = /[ \t\r\n]*/y;
  space.lastIndex = offset;
  space.exec(text);
  return space.lastIndex;
}

/** Where the value at the offset ends if it is one: at the bracket that closes the first, or behind a scalar. */
function valueEnd(text: string, offset: number): number {
  const token = /"(?:[^"\\\n]|\\.)*"|[{[]|[}\]]|[^\s"{}[\],]+|[\s\S]/y;
  token.lastIndex = offset;
  let depth = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    if (found === "{" || found === "[") depth++;
    if (found === "}" || found === "]") depth--;
    if (depth <= 0) break;
  }
  return token.lastIndex === 0 ? text.length : token.lastIndex;
}
