import * as fc from "fast-check";
import type { Plain } from "../../../server/src/engine/yaml/edit.js";

/** A YAML text as people write them, and the value it was written from. */
export interface Written {
  readonly text: string;
  readonly value: Plain;
}

/**
 * Random documents: block and flow collections, lists flush with their key or not, every kind of scalar, comments,
 * empty lines, CRLF, tabs in flow collections, missing final newlines, JSON. Written here by hand, so that it shares no
 * code with what is tested.
 */
export function documents(): fc.Arbitrary<Written> {
  return fc
    .record({
      value: rootValue,
      hand: fc.record({
        indent: fc.constantFrom(2, 2, 2, 4, 3),
        flush: fc.boolean(),
        comments: fc.boolean(),
        eol: fc.constantFrom("\n", "\n", "\r\n"),
        finalNewline: fc.boolean(),
        marker: fc.constantFrom("", "", "---\n", "--- # first\n", "# head\n---\n", "\uFEFF"),
        json: fc.integer({ min: 0, max: 9 }).map((number) => number === 0),
      }),
      choices: fc.infiniteStream(fc.nat(99)),
    })
    .map(({ value, hand, choices }) => {
      const pick = (limit: number) => {
        const { value: choice } = choices.next();
        return (choice ?? 0) % limit;
      };
      const marker = hand.json && hand.marker.includes("#") ? "" : hand.marker;
      const body = hand.json ? JSON.stringify(value, null, pick(2) * 2) : block(value, 0, { ...hand, pick });
      const text = marker + body + (hand.finalNewline ? "\n" : "");
      return { text: text.replaceAll("\n", hand.eol), value };
    });
}

/** Strings that a careless writer breaks. */
export const awkwardStrings = fc.constantFrom(
  "",
  "yes",
  "no",
  "on",
  "y",
  "null",
  "~",
  "0755",
  "1_0",
  "0x1F",
  "1e3",
  "12:30:45",
  "2001-12-14",
  "=",
  "<<",
  "- a",
  "-",
  "?",
  "a: b",
  "a #b",
  " a",
  "a ",
  "#a",
  "&a",
  "*a",
  "!a",
  "{a}",
  "[a]",
  "a, b",
  "'a'",
  '"a"',
  "a'b",
  "%a",
  "@a",
  "`a",
  "a\nb",
  "a\n",
  "\ta",
  "\u2028",
  "\u0007",
  "|",
  ">",
  "---",
  "...",
  "--- a",
  "é",
  "😀",
  "a\\b",
  ":",
  "a:",
  "-a",
  "--bind",
  ".5",
  "1.",
  "{{ .Values }}".slice(1),
);

const scalars: fc.Arbitrary<Plain> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom<Plain>("web", "db-0", "nginx:1.25", "a long text of words", "/usr/share", "50%", "10Gi"),
  },
  { weight: 3, arbitrary: fc.integer({ min: -3, max: 70000 }) },
  { weight: 1, arbitrary: fc.constantFrom<Plain>(true, false, null, 1.5, "a\nb\n", "one\n\ntwo") },
  { weight: 1, arbitrary: awkwardStrings },
);

export const keys = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom("spec", "name", "labels", "app", "ports", "image", "replicas", "data") },
  {
    weight: 1,
    arbitrary: fc.constantFrom("yes", "1", "app.kubernetes.io/name", "a b", "", "a: b", "__proto__", "constructor"),
  },
);

export const values: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain; map: Plain; list: Plain }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    { weight: 4, arbitrary: scalars },
    { weight: 2, arbitrary: tie("map") },
    { weight: 2, arbitrary: tie("list") },
  ),
  map: fc.dictionary(keys, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  list: fc.array(tie("value"), { maxLength: 3 }),
})).value;

const rootValue: fc.Arbitrary<Plain> = fc.dictionary(keys, values, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

interface Hand {
  readonly indent: number;
  readonly flush: boolean;
  readonly comments: boolean;
  /** A number from 0 to below the limit. */
  readonly pick: (limit: number) => number;
}

/** The value from column `column` on, the first line without its indentation, the last without its line break. */
function block(value: Plain, column: number, hand: Hand): string {
  if (isEmpty(value)) return inline(value, false, hand);
  const parts = Array.isArray(value)
    ? value.map((item: Plain) => `-${listItem(item, column, hand)}`)
    : Object.entries(value as object).map(
        ([key, child]) => `${string(key, false, hand, true)}:${entryValue(child as Plain, column, hand)}`,
      );
  return parts.map((part, index) => (index === 0 ? "" : ownLine(column, hand) + " ".repeat(column)) + part).join("\n");
}

function listItem(item: Plain, column: number, hand: Hand): string {
  if (item === null && hand.pick(2) === 0) return comment(hand);
  if (isEmpty(item)) return ` ${scalar(item, column + 2, hand)}`;
  if (hand.pick(5) === 0) return ` ${inline(item, true, hand)}${comment(hand)}`;
  if (hand.pick(8) === 0) return `${comment(hand)}\n${" ".repeat(column + 3)}${block(item, column + 3, hand)}`;
  const gap = 1 + (hand.pick(8) === 0 ? 2 : 0);
  return " ".repeat(gap) + block(item, column + 1 + gap, hand);
}

function entryValue(value: Plain, column: number, hand: Hand): string {
  if (value === null && hand.pick(2) === 0) return comment(hand);
  if (isEmpty(value)) return ` ${scalar(value, column, hand)}`;
  if (hand.pick(6) === 0) return ` ${inline(value, true, hand)}${comment(hand)}`;
  const inner = Array.isArray(value) && hand.flush ? column : column + hand.indent;
  return `${comment(hand)}\n${ownLine(inner, hand)}${" ".repeat(inner)}${block(value, inner, hand)}`;
}

function isEmpty(value: Plain): boolean {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

/** A comment line or an empty line before the next line, sometimes. */
function ownLine(column: number, hand: Hand): string {
  if (!hand.comments) return "";
  switch (hand.pick(12)) {
    case 0:
      return `${" ".repeat(column)}# own line ${hand.pick(100)}\n`;
    case 1:
      return "\n";
    case 2:
      return `# commented: out ${hand.pick(100)}\n`;
    default:
      return "";
  }
}

function comment(hand: Hand): string {
  return hand.comments && hand.pick(6) === 0 ? ` # trailing ${hand.pick(100)}` : "";
}

/** A scalar behind a key or dash in column `column`. */
function scalar(value: Plain, column: number, hand: Hand): string {
  if (typeof value === "string" && /^[a-z]+\n[a-z\n]*$/.test(value) && hand.pick(2) === 0) {
    const inner = " ".repeat(column + hand.indent);
    const chomp = value.endsWith("\n") ? "" : "-";
    const lines = value.replace(/\n$/, "").split("\n");
    return `|${chomp}${comment(hand)}\n${lines.map((line) => (line === "" ? "" : inner + line)).join("\n")}`;
  }
  if (value === "a long text of words" && hand.pick(2) === 0) {
    const inner = " ".repeat(column + hand.indent);
    const style = hand.pick(3);
    if (style === 0) return `>-\n${inner}a long\n${inner}text of\n${inner}words`;
    if (style === 1) return `"a long\n${inner}text of words"${comment(hand)}`;
    return `a long text\n${inner}of words${comment(hand)}`;
  }
  return inline(value, false, hand) + comment(hand);
}

function inline(value: Plain, inFlow: boolean, hand: Hand): string {
  if (typeof value === "string") return string(value, inFlow, hand, false);
  if (value === null) return hand.pick(2) === 0 ? "null" : "~";
  if (typeof value !== "object") return String(value);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const parts = Array.isArray(value)
    ? value.map((item: Plain) => inline(item, true, hand))
    : Object.entries(value).map(([key, child]) => `${string(key, true, hand, true)}: ${inline(child, true, hand)}`);
  const space = hand.pick(3) === 0 ? " " : "";
  const tail = parts.length > 0 && hand.pick(8) === 0 ? "," : "";
  const separator = [", ", ",", ",\t", ", "][hand.pick(4)] as string;
  return open + space + parts.join(separator) + tail + space + close;
}

function string(text: string, inFlow: boolean, hand: Hand, isKey: boolean): string {
  const plain =
    /^[a-zA-Z/][a-zA-Z0-9 :/.%-]*[a-zA-Z0-9%]$/.test(text) &&
    !/: |^(yes|no|on|null)$/.test(text) &&
    !(inFlow && text.includes(":"));
  if (plain && (isKey || hand.pick(4) > 0)) return text;
  if (hand.pick(2) === 0 && /^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return JSON.stringify(text).replaceAll("\u2028", "\\u2028");
}
