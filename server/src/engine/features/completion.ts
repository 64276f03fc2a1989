import type { Config } from "../config/config.js";
import type { Scope } from "../workspace/scope.js";
import { detectStyle, type Style } from "../yaml/style.js";
import { apiItems } from "./completion/api-items.js";
import { fieldName, objectAround, type Around } from "./completion/around.js";
import { configItems } from "./completion/config-items.js";
import { cursorAt, type Source } from "./completion/cursor.js";
import type { CompletionItem, Completions } from "./completion/item.js";
import { referenceItems } from "./completion/reference-items.js";
import { skeletons } from "./completion/skeletons.js";
import type { DescribedRule } from "./config-page.js";

/**
 * What may be written at an offset of a document's text: what only the manifests tell, then what the API knows, unless
 * another extension offers that. Nothing in YAML that is nothing of Kubernetes. Nobody who types a
 * space wants to hear of it, but where a value or an item begins.
 */
export function completions(
  text: string,
  offset: number,
  { cause, source, scope, config }: Asked,
): Completions | undefined {
  if (!isAsked(text, offset, cause) || !mayBeManifest(text, offset)) return undefined;
  const cursor = cursorAt(text, offset, source);
  if (cursor === undefined) return undefined;
  const object = objectAround(cursor);
  const around: Around = {
    cursor,
    ...object,
    field: fieldName(object.path),
    scope,
    cluster: config,
    style: once(() => detectStyle(cursor.text)),
  };
  const isStart =
    cursor.path.length === 0 &&
    cursor.column === 0 &&
    !cursor.flow &&
    hasOnly(text, text.slice(cursor.word.start, cursor.word.end));
  const items = [
    ...referenceItems(around),
    ...(isStart ? skeletons(around.style()) : []),
    ...(config.schemaValidation === "on" ? apiItems(around) : []),
  ];
  return { word: cursor.word, items: uniqueByLabel(items) };
}

/** What may be written at an offset of a configuration file's document, unless another extension offers that. */
export function configCompletions(
  text: string,
  offset: number,
  { cause, config, rules }: Pick<Asked, "cause" | "config"> & { readonly rules: readonly DescribedRule[] },
): Completions | undefined {
  if (config.schemaValidation === "off" || !isAsked(text, offset, cause)) return undefined;
  const cursor = cursorAt(text, offset, "manifest");
  return cursor && { word: cursor.word, items: configItems(cursor, rules, () => detectStyle(cursor.text)) };
}

export interface Asked {
  readonly cause: Cause;
  readonly source: Source;
  readonly scope: Scope;
  readonly config: Config;
}

/** Whether the user asks, or types letters; or has typed a space. */
export type Cause = "user" | "space";

function isAsked(text: string, offset: number, cause: Cause): boolean {
  const line = text.slice(Math.max(0, offset - longestPrefix), offset);
  return cause === "user" || /(?::|(?:^|\n)[ \t]*(?:-[ \t]+)*-) $/.test(line);
}

/** Of a line, as far as it is looked at for what was typed. */
const longestPrefix = 200;

/** A test that costs nothing: an object that has begun, or a document in which at most one word is written. */
function mayBeManifest(text: string, offset: number): boolean {
  return /\b(?:apiVersion|kind)\b/.test(text) || hasOnly(text, text.slice(0, offset).split(/\s/).at(-1) ?? "");
}

/** Whether a document holds nothing but this word, comments and its marker. */
function hasOnly(text: string, word: string): boolean {
  const rest = text.replace(/^\uFEFF?(?:---[ \t]*$|[ \t]*#.*$|[ \t]+$)/gm, "").trim();
  return rest === "" || rest === word;
}

function uniqueByLabel(items: readonly CompletionItem[]): readonly CompletionItem[] {
  const labels = new Set<string>();
  return items.filter(({ label }) => {
    const isNew = !labels.has(label);
    labels.add(label);
    return isNew;
  });
}

function once(make: () => Style): () => Style {
  let made: Style | undefined;
  return () => (made ??= make());
}
