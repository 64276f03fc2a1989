import { isMap, isScalar, type ParsedNode } from "yaml";
import type { Resource } from "../kubernetes/resources/resource.js";
import { parse } from "../yaml/parse.js";
import type { Filled, FilledFrom, Filling } from "../yaml/place.js";
import { isMapping } from "../yaml/plain.js";
import type { Plain } from "../yaml/edit.js";
import type { Block, Branch } from "./blocks.js";
import { fromRoot } from "./dot.js";
import { evaluate, isTrue, textOf, type Context } from "./expression.js";
import { maskBy, type DecidedMask, type Opening } from "./mask.js";
import type { Opened } from "./openings.js";
import { readTags } from "./tags.js";
import { isTouched, readMask } from "./template.js";

/** The objects of a template, as far as they follow from the default values of its chart. */
export function readByDefaults(text: string, context: Context): readonly Resource[] {
  const mask = maskBy(text, (block) => takenBranch(block, context));
  return (mask && readMask(text, mask, (opened) => filling(text, mask, opened, context)))?.certain ?? [];
}

/**
 * The branch that a block takes with the values; `undefined` for none, `unknown` where its conditions are not simple.
 */
function takenBranch(block: Block, context: Context): Branch | "unknown" | undefined {
  for (const branch of block.branches) {
    if (branch.condition === "else") return branch;
    const condition = /^(?:else\s+)?(?:if|with)\s(.*)$/s.exec(branch.condition)?.[1];
    const expression = condition === undefined ? undefined : fromRoot(condition, branch.parent);
    const value = expression === undefined ? undefined : evaluate(expression, context);
    if (value === undefined) return "unknown";
    if (isTrue(value)) return branch;
  }
  return undefined;
}

function filling(text: string, mask: DecidedMask, opened: Opened, context: Context): Filling {
  /** What all tags together write into a map or behind a key; `undefined` where one of them is not simple. */
  const writtenInto = (node: ParsedNode): readonly Filled[] | undefined => {
    const writers = opened.writers.get(node) ?? [];
    const isThere = ({ offset }: Opening) => mask.branchAt(offset) === mask.branchAt(node.range[0]);
    const isAll =
      writers.length > 0 &&
      writers.length === opened.openings.get(node) &&
      !opened.branched.has(node) &&
      writers.every(isThere);
    const written = isAll ? writers.map((writer) => writtenBy(writer, mask, context)) : [];
    return isAll && written.every((one) => one !== undefined) ? written : undefined;
  };
  return {
    filledIn(node) {
      if (!isScalar(node)) return undefined;
      if (isTouched(node, mask)) return filledScalar(text, node, mask, context);
      const written = node.value === null ? writtenInto(node) : undefined;
      const [first, ...others] = written ?? [];
      if (first === undefined || others.length === 0) return first;
      const entries = entriesOf(written ?? []);
      return entries && { value: Object.fromEntries(entries.map(([key, { value }]) => [key, value])) };
    },
    added(node) {
      const written = isMap(node) ? writtenInto(node) : undefined;
      return written && entriesOf(written);
    },
  };
}

/** The entries of several maps; `undefined` where one is no map. */
function entriesOf(written: readonly Filled[]): readonly (readonly [string, Filled])[] | undefined {
  const maps = written.filter(({ value }) => value !== null);
  if (!maps.every(({ value }) => isMapping(value))) return undefined;
  return maps.flatMap(({ value, from }) =>
    Object.entries(isMapping(value) ? value : {}).map(([key, entry]) => [
      key,
      { value: entry, from: from && { ...from, place: from.place.at(key) } },
    ]),
  );
}

/** What a scalar will be whose expressions all are simple. */
function filledScalar(text: string, node: ParsedNode, mask: DecidedMask, context: Context): Filled | undefined {
  if (!isScalar(node) || node.type?.startsWith("BLOCK") === true) return undefined;
  const written = text.slice(node.range[0], node.range[1]);
  const around = mask.around(node.range[0]);
  const tags = readTags(written);
  let filled = "";
  let from = 0;
  for (const { span, body, kind } of tags) {
    const expression = kind === "output" ? fromRoot(body, around) : undefined;
    const value = expression === undefined ? undefined : evaluate(expression, context);
    const output = value === undefined ? undefined : textOf(value);
    if (output === undefined) return undefined;
    filled += written.slice(from, span.start) + output;
    from = span.end;
  }
  const { root, problems } = parse(filled + written.slice(from));
  const value = root.value() ?? null;
  if (problems.length > 0 || (typeof value === "object" && value !== null)) return undefined;
  return { value, from: tags.length === 1 ? sourceOf(fromRoot(tags[0]?.body ?? "", around), context) : undefined };
}

/** Where the only value of the chart stands that an expression reads. */
function sourceOf(expression: string | undefined, { sourceOf: find }: Context): FilledFrom | undefined {
  const paths = [...(expression ?? "").matchAll(/\$?\.Values((?:\.\w+)+)/g)].map(([, path = ""]) => path.slice(1));
  const [path] = paths;
  return path === undefined || new Set(paths).size > 1 ? undefined : find(path.split("."));
}

/** What a tag that stands for lines writes: `{{- toYaml .Values.resources | nindent 12 }}`, `{{- include "db.labels" . | nindent 4 }}` */
function writtenBy({ tag, offset }: Opening, mask: DecidedMask, context: Context): Filled | undefined {
  const expression = tag && fromRoot(tag.body, mask.around(offset));
  if (expression === undefined) return undefined;
  const path = valuesPath(expression);
  if (path !== undefined) {
    const value = context.lookUp(["Values", ...path]);
    // `tpl` would go on with it.
    if (value === undefined || JSON.stringify(value).includes("{{")) return undefined;
    return { value, from: context.sourceOf(path) };
  }
  const bar = expression.lastIndexOf("|");
  const isIndented = bar !== -1 && /^n?indent\s+\d+$/.test(expression.slice(bar + 1).trim());
  const written = evaluate(isIndented ? expression.slice(0, bar) : expression, context);
  const { root, problems } = parse(typeof written === "string" ? written : "");
  const value: Plain = root.value() ?? null;
  return typeof written !== "string" || problems.length > 0 ? undefined : { value };
}

/**
 * The path of the value that an expression writes as it is: with `toYaml`, with `tpl` around it, or with the named
 * template of Bitnami's library chart that does both (templates/_tplvalues.tpl, common 2.31).
 */
function valuesPath(expression: string): readonly string[] | undefined {
  const words = expression.split(/[\s()|]/).filter((word) => word !== "");
  const isIndented = /^n?indent$/.test(words.at(-2) ?? "");
  const code = (isIndented ? words.slice(0, -2) : words).join(" ");
  const forms = [
    /^toYaml (\S+)$/,
    /^(\S+) toYaml$/,
    /^tpl toYaml (\S+) [.$]$/,
    /^include "common\.tplvalues\.render" dict "value" (\S+) "context" [.$]$/,
  ];
  const found = forms.map((form) => form.exec(code)?.[1]).find((one) => one !== undefined);
  return found === undefined ? undefined : /^\$?\.Values((?:\.\w+)+)$/.exec(found)?.[1]?.slice(1).split(".");
}
