import { definesIn } from "./defines.js";
import { readTags } from "./tags.js";

/** What a named template says of the chart's version, whatever the values are. */
export interface DefineSummary {
  readonly name: string;
  /** It writes the version of the chart or of its application. */
  readonly writesVersion: boolean;
  /** The named templates whose text it holds. */
  readonly includes: readonly string[];
}

export function summariseDefines(text: string): readonly DefineSummary[] {
  return [...definesIn(text)].map(([name, body]) => ({ name, ...summariseBody(body) }));
}

function summariseBody(body: string): Omit<DefineSummary, "name"> {
  const certain: string[] = [];
  const conditions: string[] = [];
  for (const tag of readTags(body)) {
    if (tag.kind === "open") conditions.push(tag.body);
    if (tag.kind === "else") conditions.splice(-1, 1, tag.body);
    if (tag.kind === "end") conditions.pop();
    // Whether a chart has a version does not depend on values.
    if (tag.kind === "output" && conditions.every((condition) => /^(?:if|with) \.Chart\.\w+$/.test(condition))) {
      certain.push(tag.body);
    }
  }
  return {
    writesVersion: certain.some(writesVersion),
    includes: certain.flatMap((expression) => includedBy(expression) ?? []),
  };
}

/** Whether an expression writes the version of the chart or of its application, however it is formatted. */
export function writesVersion(expression: string): boolean {
  const bare = expression.replace(/"(?:[^"\\]|\\[^])*(?:"|\\?$)|`[^`]*(?:`|$)/g, '""');
  const words = bare.match(/(?<![.$\w])[A-Za-z]\w*/g) ?? [];
  return /(?<![\w)])\$?\.Chart\.(?:App)?Version\b/.test(bare) && words.every((word) => formats.has(word));
}

const formats: ReadonlySet<string> = new Set([
  "default",
  "lower",
  "nospace",
  "print",
  "printf",
  "quote",
  "regexReplaceAll",
  "replace",
  "squote",
  "toString",
  "trim",
  "trimPrefix",
  "trimSuffix",
  "trunc",
]);

/** The named template that an expression writes, indented perhaps: `include "app.labels" . | nindent 8`. */
export function includedBy(expression: string): string | undefined {
  return /^(?:include|template) "([^"]+)" [.$](?: *\| *(?:n?indent \d+|quote|trim))*$/.exec(expression)?.[1];
}

/** The named templates of a chart that write its version, themselves or by another one. */
export function versionedDefines(defines: readonly DefineSummary[]): ReadonlySet<string> {
  const users = new Map<string, string[]>();
  for (const { name, includes } of defines) {
    for (const included of includes) users.set(included, [...(users.get(included) ?? []), name]);
  }
  const found = new Set<string>();
  const next = defines.filter((define) => define.writesVersion).map(({ name }) => name);
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    next.push(...(users.get(name) ?? []));
  }
  return found;
}
