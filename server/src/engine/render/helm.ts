import { memoize } from "../workspace/memo.js";
import { parse } from "../yaml/parse.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { itemNames, textOf } from "./follow.js";
import { headOf, type Source, type SourcePlace, type ToolOutput, type Trace } from "./source.js";
import { outline, type OutlineNode } from "./template-outline.js";

/**
 * Finds what `helm template` wrote in the chart's templates: each document names its template in a `# Source:` comment,
 * and within it the way of keys and items is followed, whichever branch of a condition they stand in.
 */
export function helmTracer({ sources, values, root }: Pick<ToolOutput, "sources" | "values" | "root">): Trace {
  const byName = new Map(sources.map((source) => [source.name, source]));
  const outlineOf = memoize((source: Source) => outline(source.text));
  const valuesIn = memoize((source: Source) => parse(source.text).root);

  /** Where a value of a chart is set: by a file that the user gave, by the outermost chart, or by its own defaults. */
  const valueOf = (template: string, path: Path): SourcePlace | undefined => {
    const chart = template.slice(0, Math.max(0, template.indexOf("/templates/")));
    const [outermost = "", ...inner] = chart.split("/charts/");
    const fromOutside = path[0] === "global" ? path : [...inner, ...path];
    const outer = [byName.get(`${outermost}/values.yaml`), ...values].toReversed();
    for (const [source, way] of [
      ...outer.map((one) => [one, fromOutside] as const),
      [byName.get(`${chart}/values.yaml`), path] as const,
    ]) {
      const place = source && valuesIn(source).at(...way);
      if (source !== undefined && place?.kind === "scalar") return { source, span: place.span, exact: true };
    }
    return undefined;
  };

  return (document, { path, on, isRepeated = false }) => {
    const built = document.root;
    const name = /^# Source: (.*)$/m.exec(document.text)?.[1]?.trimEnd() ?? "";
    const template = byName.get(name);
    if (template === undefined) return headOf(root);
    const [object] = outlineOf(template)
      .map((one) => ({ one, likeness: likeness(built, one) }))
      .filter(({ likeness }) => likeness > 0)
      .toSorted((a, b) => b.likeness - a.likeness);
    if (object === undefined) return headOf(template);

    const at = (node: OutlineNode, exact: boolean) => ({ source: template, span: spanOf(node, on), exact });
    const head = child(child(object.one, "metadata"), "name") ?? child(object.one, "kind");
    if (path.length > 0) {
      const { node, rest } = follow(built, object.one, path, isRepeated);
      // What a template includes as a block stands, for its reader, where it is included.
      if (rest === 0 || node.includes) {
        const filledFrom = valueOf(name, valuePath(node.value));
        // An expression may do more with a value than to fill it in.
        const isSame = filledFrom !== undefined && textAt(filledFrom) === textOf(built.at(...path));
        return { ...at(node, true), ...(isSame ? { filledFrom } : {}) };
      }
    }
    return head === undefined ? headOf(template) : { ...at(head, false), span: head.valueSpan };
  };
}

/** `["a", "b"]` of `{{ .Values.a.b | quote }}`; empty for any other text. */
function valuePath(value: string): Path {
  const expression = /^["']?\{\{-?\s*(?:\w+\s+)?\$?\.Values\.([\w.]+)(?:[^\w.{}][^{}]*)?\}\}["']?$/.exec(value);
  return expression?.[1]?.split(".") ?? [];
}

function textAt({ source, span }: SourcePlace): string {
  return unquoted(source.text.slice(span.start, span.end));
}

function spanOf({ keySpan, valueSpan, value }: OutlineNode, on: "key" | "value" | "gap"): OutlineNode["keySpan"] {
  return on === "value" && value !== "" ? valueSpan : keySpan;
}

/** How much a document of a template looks like the one of the output; 0 if it cannot be it. */
function likeness(built: Place, document: OutlineNode): number {
  const kind = child(document, "kind");
  if (kind === undefined || !mayBecome(kind.value, textOf(built.at("kind")))) return 0;
  const name = child(child(document, "metadata"), "name");
  if (name === undefined) return 1;
  if (!mayBecome(name.value, textOf(built.at("metadata", "name")))) return 0;
  // The more of the name is written out, the less can it be another's.
  return 2 + literal(name.value).length;
}

interface Followed {
  readonly node: OutlineNode;
  /** How many steps could not be followed. */
  readonly rest: number;
}

/** As far down as any branch of the template leads. */
function follow(built: Place, node: OutlineNode, path: Path, isRepeated: boolean): Followed {
  const [step, ...others] = path;
  if (step === undefined) return { node, rest: 0 };
  const next = built.at(step);
  const ways = (typeof step === "string" ? childrenAt(node, step) : itemsLike(node, next)).map((candidate) =>
    follow(next, candidate, others, isRepeated),
  );
  if (isRepeated && others.length === 0) ways.reverse();
  else ways.sort((a, b) => a.rest - b.rest || fitness(b.node, built, path) - fitness(a.node, built, path));
  return ways[0] ?? { node, rest: path.length };
}

/**
 * Of several branches, the one that says what was built is better than one that is filled in, and that than another.
 */
function fitness({ value }: OutlineNode, built: Place, path: Path): number {
  if (unquoted(value) === textOf(built.at(...path))) return 2;
  return value.includes("{{") ? 1 : 0;
}

function itemsLike(list: OutlineNode, item: Place): readonly OutlineNode[] {
  const items = list.children.filter(({ type }) => type === "item");
  const name = itemNames.find((path) => item.at(...path).kind === "scalar");
  if (name === undefined) {
    // Nothing names the item of a list of terms: the one that leads furthest is it.
    if (item.kind !== "scalar") return items;
    return items.filter(({ value }) => value !== "" && mayBecome(value, textOf(item)));
  }
  const wanted = textOf(item.at(...name));
  const named = items.map((one) => ({ one, named: name.reduce<OutlineNode | undefined>(child, one) }));
  const alike = named.filter(({ named }) => named !== undefined && mayBecome(named.value, wanted));
  return alike
    .toSorted((a, b) => literal(b.named?.value ?? "").length - literal(a.named?.value ?? "").length)
    .map(({ one }) => one);
}

function child(node: OutlineNode | undefined, key: string | number): OutlineNode | undefined {
  return node === undefined ? undefined : childrenAt(node, String(key))[0];
}

function childrenAt(node: OutlineNode, key: string): readonly OutlineNode[] {
  return node.children.filter((one) => one.type === "key" && one.key === key);
}

/** Whether a text of a template can be rendered as `text`, whatever its expressions give. */
function mayBecome(template: string, text: string): boolean {
  const parts = literals(unquoted(template));
  const [first = "", last = ""] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return first === text;
  return text.length >= first.length + last.length && text.startsWith(first) && text.endsWith(last);
}

/** What of a text is written out. */
function literal(template: string): string {
  return literals(unquoted(template)).join("");
}

/** What is before, between and behind the expressions of a text. */
function literals(template: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (;;) {
    const open = template.indexOf("{{", from);
    const close = open === -1 ? -1 : template.indexOf("}}", open + 2);
    if (close === -1) return [...parts, template.slice(from)];
    parts.push(template.slice(from, open));
    from = close + 2;
  }
}

function unquoted(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
