import type { Plain } from "./edit.js";
import { plainScalar } from "./kubernetes-schema.js";
import { isList, type Mapping } from "./plain.js";
import type { Style } from "./style.js";

/** A new document with this value, each line ended: `---` is the caller's. */
export function documentText(value: Plain, like: Style): string {
  return (
    (isInline(value) ? scalarText(value, { flow: false, quotes: undefined, style: like }) : blockText(value, 0, like)) +
    like.eol
  );
}

/** A map or list that has something in it: written over several lines in block style. */
export type Filled = readonly Plain[] | Mapping;

/** Whether block style writes the value on its key's line: scalars and empty collections. */
export function isInline(value: Plain): value is Exclude<Plain, Filled> {
  return typeof value !== "object" || value === null || Object.keys(value).length === 0;
}

/** A value in block style, for a place in column `column`: the first line comes without its indentation. */
export function blockText(value: Filled, column: number, style: Style): string {
  const lines = isList(value)
    ? value.map((item) => itemText(item, column, style))
    : Object.entries(value).map(([key, child]) => entryText(key, child, column, style));
  return lines.join(style.eol + " ".repeat(column));
}

/** `key: value`, the key in column `column`. */
export function entryText(key: string, value: Plain, column: number, style: Style): string {
  const name = stringText(key, { flow: false, quotes: undefined, style });
  if (isInline(value)) return `${name}: ${scalarText(value, { flow: false, quotes: undefined, style })}`;
  const inner = childColumn(value, column, style);
  return `${name}:${style.eol}${" ".repeat(inner)}${blockText(value, inner, style)}`;
}

/** `- value`, the dash in column `column`. */
export function itemText(value: Plain, column: number, style: Style): string {
  return isInline(value)
    ? `- ${scalarText(value, { flow: false, quotes: undefined, style })}`
    : `- ${blockText(value, column + 2, style)}`;
}

/** Where a block value of a key in column `column` begins. */
export function childColumn(value: Filled, column: number, style: Style): number {
  return column + (isList(value) ? style.listIndent : style.indent);
}

/** How a scalar is to be written. */
export interface ScalarStyle {
  /** Inside `{}` or `[]`, where commas and brackets need quotes. */
  readonly flow: boolean;
  /** The quotes to use if the value is a string that can have them; `undefined` for none, as far as possible. */
  readonly quotes: '"' | "'" | undefined;
  readonly style: Style;
}

/** `key: value` inside braces. */
export function flowEntryText(key: string, value: Plain, scalar: ScalarStyle): string {
  return `${stringText(key, scalar)}: ${flowText(value, scalar)}`;
}

/** Any value on one line. */
export function flowText(value: Plain, scalar: ScalarStyle): string {
  if (isInline(value)) return scalarText(value, scalar);
  if (isList(value)) return `[${value.map((item) => flowText(item, scalar)).join(", ")}]`;
  const entries = Object.entries(value);
  return `{${entries.map(([key, child]) => flowEntryText(key, child, scalar)).join(", ")}}`;
}

export function scalarText(value: Exclude<Plain, Filled>, scalar: ScalarStyle): string {
  if (typeof value === "string") return stringText(value, scalar);
  if (typeof value === "object" && value !== null) return isList(value) ? "[]" : "{}";
  return String(value);
}

export function stringText(text: string, { flow, quotes, style }: ScalarStyle): string {
  if (quotes === undefined && canBePlain(text, flow)) return text;
  return (quotes ?? style.quote) === "'" && !needsEscapes.test(text)
    ? `'${text.replaceAll("'", "''")}'`
    : doubleQuoted(text);
}

/** Whether Kubernetes, and any other reader, reads the unquoted text as this very string. */
function canBePlain(text: string, flow: boolean): boolean {
  if (plainScalar(text) !== text || likeANumber.test(text) || text === "=" || text === "<<") return false;
  if (needsEscapes.test(text) || text.trim() !== text) return false;
  if (/^(?:[,[\]{}#&*!|>'"%@`]|[-?:](?![^\s,[\]{}])|---|\.\.\.)/.test(text)) return false;
  if (/:(?:\s|$)|\s#/.test(text)) return false;
  return !(flow && /[,[\]{}]/.test(text));
}

/** Base 60 numbers and dates: strings to Kubernetes, but not to other readers of YAML 1.1. */
const likeANumber = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$|^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}/;

/** Line breaks, controls, and what an editor would not show. */
// oxlint-disable-next-line no-control-regex -- they are what it looks for
const needsEscapes = /[\0-\x1F\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]|\p{Surrogate}/u;

function doubleQuoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7F-\x9F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
