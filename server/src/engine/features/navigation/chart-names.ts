import { tokens, type Token } from "../../helm/lexer.js";
import { readTags } from "../../helm/tags.js";
import type { Span } from "../../text/span.js";
import type { Place } from "../../yaml/place.js";
import type { ParsedDocument } from "../../yaml/parse.js";
import type { Occurrence, Sort } from "./occurrence.js";

/**
 * The values and named templates that a template of a chart names: `.Values.image.tag`, also as `.tag` within
 * `with .Values.image`, and `include "db.name"`.
 */
export function templateNames(text: string): readonly Occurrence[] {
  const found: Occurrence[] = [];
  /** What the dot is in each open block: the path of a value, `root`, or nothing that is known. */
  const dots: Dot[] = [];
  for (const { kind, content, body } of readTags(text)) {
    const dot = dots.at(-1) ?? "root";
    if (kind === "end") dots.pop();
    if (kind === "else" && dots.length > 0) dots[dots.length - 1] = dots.at(-2) ?? "root";
    const all = [...tokens(text, content.start, content.end)].filter(({ type }) => type !== "end");
    found.push(...valuesIn(all, dot), ...namedIn(all));
    if (kind === "open") dots.push(dotWithin(body, all, dot));
  }
  return found;
}

type Dot = readonly string[] | "root" | undefined;

/** What the dot is within a block. */
function dotWithin(body: string, all: readonly Token[], dot: Dot): Dot {
  const [keyword] = /^\w+/.exec(body) ?? [];
  switch (keyword) {
    case "if":
      return dot;
    case "define":
      return "root";
    case "with": {
      const [subject, ...others] = chainsIn(all);
      const isAlone = /^with\s+\$?(?:\.\w+)+$/.test(body);
      return subject !== undefined && others.length === 0 && isAlone ? pathOf(subject, dot) : undefined;
    }
    default:
      return undefined;
  }
}

/** Fields that follow each other without a space: `.Values` and `.image`; `isRoot` where a `$` is before them. */
interface Chain {
  readonly isRoot: boolean;
  readonly fields: readonly Token[];
  /** The strings behind it: `index .Values "a" "b"`. */
  readonly keys: readonly Token[];
}

function chainsIn(all: readonly Token[]): readonly Chain[] {
  const chains: { isRoot: boolean; fields: Token[]; keys: Token[] }[] = [];
  let isIndex = false;
  for (const [place, token] of all.entries()) {
    const before = all[place - 1];
    const last = chains.at(-1);
    if (token.type === "identifier") isIndex = token.text === "index";
    if (token.type === "field") {
      if (before?.type === "field" && last !== undefined) last.fields.push(token);
      // `$x.name` and `(...).name` are fields of something else.
      else if (before?.type === "variable" && before.text !== "$") continue;
      else if (before?.type !== ")") chains.push({ isRoot: before?.type === "variable", fields: [token], keys: [] });
    } else if (token.type === "string" && isIndex && last !== undefined) last.keys.push(token);
    else if (token.type === "pipe" || token.type === ")") isIndex = false;
  }
  return chains;
}

const rootFields: ReadonlySet<string> = new Set(
  [".Values", ".Chart", ".Release", ".Files", ".Capabilities", ".Template", ".Subcharts"], // prettier-ignore
);

/** The path of a value; `undefined` for what is none. */
function pathOf({ isRoot, fields }: Chain, dot: Dot): readonly string[] | undefined {
  const names = fields.map(({ text }) => text.slice(1));
  if (fields[0]?.text === ".Values") return names.slice(1);
  if (isRoot || rootFields.has(fields[0]?.text ?? "") || dot === "root" || dot === undefined) return undefined;
  return [...dot, ...names];
}

function valuesIn(all: readonly Token[], dot: Dot): readonly Occurrence[] {
  return chainsIn(all).flatMap((chain) => {
    const path = pathOf(chain, dot);
    if (path === undefined) return [];
    const own = chain.fields[0]?.text === ".Values" ? chain.fields.slice(1) : chain.fields;
    const above = path.slice(0, path.length - own.length);
    const steps = [
      ...own.map(({ text, start }) => ({ name: text.slice(1), start: start + 1 })),
      ...chain.keys.map(({ text, start }) => ({ name: text.slice(1, -1), start: start + 1 })),
    ];
    return steps.map(({ name, start }, place) =>
      occurrence("value", valuePath([...above, ...steps.slice(0, place + 1).map((step) => step.name)]), "reference", {
        start,
        end: start + name.length,
      }),
    );
  });
}

/** The string behind `include`, `template`, `define` or `block`. */
function namedIn(all: readonly Token[]): readonly Occurrence[] {
  const words = all.filter(({ type }) => type !== "space");
  return words.flatMap(({ type, text, start }, place) => {
    const verb = words[place - 1]?.text;
    if (type !== "string" || verb === undefined || !/^(?:include|template|define|block)$/.test(verb)) return [];
    const role = verb === "define" || verb === "block" ? "definition" : "reference";
    return [occurrence("template", text.slice(1, -1), role, { start: start + 1, end: start + text.length - 1 })];
  });
}

/** The keys of a values file, however deep; not those in lists. */
export function valueNames({ root }: ParsedDocument): readonly Occurrence[] {
  const below = (place: Place, path: readonly string[]): readonly Occurrence[] =>
    place.entries().flatMap(([key, child]) => {
      const way = [...path, key];
      const isOwn = child.keySpan.start >= place.span.start;
      return isOwn ? [occurrence("value", valuePath(way), "definition", child.keySpan), ...below(child, way)] : [];
    });
  return below(root, []);
}

/** Keys may hold dots. */
export function valuePath(path: readonly string[]): string {
  return path.map((key) => key.replaceAll(".", "\\.")).join(".");
}

function occurrence(sort: Sort, text: string, role: Occurrence["role"], span: Span): Occurrence {
  return { sort, text, role, span, scalar: span, reach: span, field: "", inside: undefined, holder: { type: "chart" } };
}

/** `values.yaml`, `values-prod.yaml`, `ci/test-values.yaml` */
export function isValuesFile(uri: string): boolean {
  return /\/(?:values[^/]*|[^/]*[-.]values)\.ya?ml$/.test(uri);
}
