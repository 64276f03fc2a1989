import path from "node:path";
import type { FailurePlace, Source } from "../../engine/api.js";

/** A source, and where it really lies. */
export interface LocatedSource {
  readonly source: Source;
  /** Absolute, links followed. */
  readonly file: string;
}

/**
 * Where a build of kustomize failed, as far as its message names it (kustomize 5.6 to 5.8); `directory` is the one that
 * is built.
 */
export function kustomizeFailurePlace(
  message: string,
  sources: readonly LocatedSource[],
  directory: string,
): FailurePlace | undefined {
  const paths = [...message.matchAll(/(?:accumulation of|target for|merging from) path '([^']+)'/g)];
  const at = paths.at(-1)?.[1] ?? directory;
  const own = sources.find(
    ({ file }) => path.dirname(file) === at && /^kustomization(?:\.ya?ml)?$/i.test(path.basename(file)),
  );
  const malformed = /MalformedYAMLError: yaml: line (\d+):.* in File: (\S+)/.exec(message);
  if (malformed !== null) {
    const file = path.join(at, malformed[2] ?? "");
    const source = sources.find((one) => one.file === file)?.source ?? own?.source;
    return source && { uri: source.uri, line: source === own?.source ? undefined : Number(malformed[1]) };
  }
  const kustomization = /invalid Kustomization: yaml: line (\d+)/.exec(message);
  if (kustomization !== null && own !== undefined) return { uri: own.source.uri, line: Number(kustomization[1]) };

  const within = own === undefined ? [] : [own.source];
  const all = [...within, ...sources.map(({ source }) => source)];
  for (const [pattern, where, needle] of wanted) {
    const words = [...message.matchAll(pattern)].at(-1)?.[1];
    if (words === undefined) continue;
    for (const source of where === "own" ? within : all) {
      const line = lineOf(source.text, needle(words));
      if (line !== undefined) return { uri: source.uri, line };
    }
  }
  return undefined;
}

/** What a message quotes, in which files it stands, and how a line has it. */
const wanted: readonly (readonly [pattern: RegExp, where: "own" | "all", needle: (words: string) => Needle])[] = [
  [/unknown field "([^"]+)"/g, "own", (field) => ({ key: field })],
  [/into Go struct field (\S+) of type/g, "own", (field) => ({ key: field.split(".").at(-1) ?? field })],
  [/resource with name (\S+) does not match/g, "own", (name) => ({ key: "name", value: name })],
  // Such as `StatefulSet.v1.apps/db.[noNs]`.
  [/no matches for Id (\S+)/g, "all", (id) => ({ key: "name", value: id.split("/").at(-1)?.split(".")[0] ?? id })],
  [/(?:for path: '|path: "|testing value )(\/[^'"\s]*)/g, "all", (pointer) => ({ text: pointer })],
  [/unable to find field "([^"]+)"/g, "all", (field) => ({ text: field })],
  [/patch file from path\(([^)]+)\)/g, "own", (file) => ({ text: file })],
  [/(?:file sources|env source files|literal sources):? \[([^\]\s]+)/g, "own", (file) => ({ text: file })],
  [/(?:accumulating|merging) resources from '([^']+)'/g, "own", (entry) => ({ text: entry })],
];

type Needle = { readonly text: string } | { readonly key: string; readonly value?: string };

function lineOf(text: string, needle: Needle): number | undefined {
  const index = text.split(/\r\n|\r|\n/).findIndex((line) => {
    if (/^\s*#/.test(line)) return false;
    if ("text" in needle) return line.includes(needle.text);
    const after = line.split(new RegExp(`(?:^|[\\s{,"'-])${escaped(needle.key)}["']?\\s*:`, "i"))[1];
    if (after === undefined) return false;
    return needle.value === undefined || /^\s*["']?([^"'\s,}#]*)/.exec(after)?.[1] === needle.value;
  });
  return index === -1 ? undefined : index + 1;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** The template and the line in it that helm's message names (helm 3.17, 4.1 and 4.2), as `chart/templates/db.yaml`. */
export function helmFailurePlace(
  message: string,
): { readonly name: string; readonly line: number | undefined } | undefined {
  const named =
    /(?:parse|execution) error at \(([^():\s]+):(\d+)/.exec(message) ??
    [...message.matchAll(/(?:template: |at \()([^():\s"]+):(\d+)/g)].find(([, name]) => name?.includes("/templates/"));
  if (named !== undefined) return { name: named[1] ?? "", line: Number(named[2]) };
  // The line is one of what was written, not of the template.
  const [, name] = /YAML parse error on ([^\s:]+):/.exec(message) ?? [];
  return name === undefined ? undefined : { name, line: undefined };
}
