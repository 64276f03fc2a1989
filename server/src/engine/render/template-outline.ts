import type { Span } from "../text/span.js";

/** A key or an item of a template's YAML, as its lines show it, whatever conditions it stands in. */
export interface OutlineNode {
  readonly type: "document" | "key" | "item";
  /** Without quotes; empty for items and documents. */
  readonly key: string;
  /** What follows on the same line, without a comment: a value, an expression, or nothing. */
  readonly value: string;
  readonly keySpan: Span;
  readonly valueSpan: Span;
  readonly children: readonly OutlineNode[];
  /** Whether an expression writes all or a part of what is below. */
  readonly includes: boolean;
}

/**
 * The documents of a template, by indentation alone. `engine/helm/` reads templates in order to judge them, and says
 * nothing where it is not sure; here helm has said already that the template is fine, and every branch is a place to
 * point to. In linear time; never fails.
 */
export function outline(text: string): readonly OutlineNode[] {
  const documents: Open[] = [document(0)];
  let open: Open[] = [...documents];
  /** Lines further right than this column are the text of a block scalar. */
  let blockColumn: number | undefined;
  for (const { start, content } of linesOf(withoutComments(text))) {
    const column = content.search(/\S/);
    if (column < 0) continue;
    if (/^---(?:\s|$)/.test(content)) {
      const next = document(start);
      documents.push(next);
      open = [next];
      blockColumn = undefined;
      continue;
    }
    if (blockColumn !== undefined && column > blockColumn) continue;
    blockColumn = undefined;
    if (content.startsWith("#", column)) continue;
    const action = /^\{\{(.*)\}\}$/.exec(content.slice(column).trimEnd())?.[1]?.replace(/^-|-$/g, "").trim();
    if (action !== undefined) {
      if (!isControl(action)) markIncluded(open, Number(/\bn?indent\s+\(?(\d+)/.exec(action)?.[1] ?? column));
      continue;
    }
    for (const node of nodesOf(content, start)) {
      while (open.length > 1 && endsBefore(open.at(-1), node)) open.pop();
      open.at(-1)?.children.push(node);
      open.push(node);
      if (/^[|>][-+\d]*$/.test(node.value)) blockColumn = node.column;
    }
  }
  return documents;
}

interface Open extends OutlineNode {
  readonly column: number;
  readonly children: Open[];
  includes: boolean;
}

function document(start: number): Open {
  const span = { start, end: start };
  return node("document", -1, "", "", span, span);
}

function node(
  type: OutlineNode["type"],
  column: number,
  key: string,
  value: string,
  keySpan: Span,
  valueSpan: Span,
): Open {
  return { type, column, key, value, keySpan, valueSpan, children: [], includes: value.startsWith("{{") };
}

/** Whether what is open ends before this line. The items of a list may stand right below their key. */
function endsBefore(last: Open | undefined, { column, type }: Open): boolean {
  if (last === undefined || last.column < column) return false;
  return last.column > column || !(last.type === "key" && type === "item");
}

/** The dashes and the key of one line. */
function nodesOf(content: string, start: number): readonly Open[] {
  const nodes: Open[] = [];
  let column = content.search(/\S/);
  for (let dash = /^-(?:[ \t]+|$)/.exec(content.slice(column)); dash !== null;) {
    const rest = valueAt(content, column + dash[0].length);
    const isScalar = key.exec(rest.text) === null && !rest.text.startsWith("- ");
    const keySpan = { start: start + column, end: start + column + 1 };
    const valueSpan = { start: start + rest.start, end: start + rest.start + rest.text.length };
    nodes.push(node("item", column, "", isScalar ? rest.text : "", isScalar ? valueSpan : keySpan, valueSpan));
    column += dash[0].length;
    dash = /^-(?:[ \t]+|$)/.exec(content.slice(column));
  }
  const match = key.exec(content.slice(column));
  if (match === null) return nodes;
  const [all, written = ""] = match;
  const value = valueAt(content, column + all.length);
  const keySpan = { start: start + column, end: start + column + written.length };
  const valueSpan = { start: start + value.start, end: start + value.start + value.text.length };
  const name = /^(["'])(.*)\1$/.exec(written)?.[2] ?? written;
  return [...nodes, node("key", column, name, value.text, keySpan, valueSpan)];
}

/** `name:`, `"name":`; an expression may be a part of it. */
const key =
  /^("[^"]*"|'[^']*'|(?:[^\s:#{"'[&*!|>%@`]|\{\{[^}]*\}\})(?:[^\s:{]|\{\{[^}]*\}\}|:(?=\S))*)[ \t]*:(?:[ \t]+|$)/;

function valueAt(content: string, from: number): { readonly text: string; readonly start: number } {
  const rest = content.slice(from);
  const start = from + Math.max(rest.search(/\S/), 0);
  const text = content.slice(start).replace(/(?:^|[ \t])#[^]*/, "");
  return { text: text.trimEnd(), start };
}

/** What decides or defines, and writes nothing itself. */
function isControl(action: string): boolean {
  return /^(?:if|else|end|range|with|define|block|break|continue)\b|^\$\w+\s*:?=/.test(action);
}

/** An expression that stands alone adds to the nearest node that is further left than what it writes. */
function markIncluded(open: readonly Open[], column: number): void {
  const node = open.findLast((one) => one.column < column);
  if (node !== undefined) node.includes = true;
}

/** The same text, the comments of the template engine blank. */
function withoutComments(text: string): string {
  return text.replaceAll(/\{\{-?\s*\/\*(?:[^*]|\*+[^*/])*(?:\*+\/(?:\s*-?\}\})?)?/g, (comment) =>
    comment.replaceAll(/[^\r\n]/g, " "),
  );
}

function* linesOf(text: string): Generator<{ readonly start: number; readonly content: string }> {
  for (const match of text.matchAll(/[^\r\n]+/g)) yield { start: match.index, content: match[0] };
}
