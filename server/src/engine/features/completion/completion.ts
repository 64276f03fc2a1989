import { isConfigFile } from "../../config/config-file.js";
import { mayBeTemplate } from "../../helm/chart.js";
import { shift } from "../../text/span.js";
import { detectStyle, type Style } from "../../yaml/style.js";
import { apiItems } from "./api-items.js";
import { fieldName, objectAround, type Around } from "./around.js";
import { configItems } from "./config-items.js";
import type { Config } from "../../config/config.js";
import type { Scope } from "../../workspace/scope.js";
import { cursorsAt, type Cursor } from "./cursor.js";
import { probeItems } from "./probe-items.js";
import type { CompletionItem, Completions } from "./item.js";
import { referenceItems } from "./reference-items.js";
import { skeletons } from "./skeletons.js";
import type { Document, DocumentPosition } from "../document.js";

/**
 * What may be written at an offset of a document; `undefined` where there is nothing to offer. A user who types a space
 * wants to hear of it, but where a value or an item begins.
 */
export function completions({ document, offset }: DocumentPosition, cause: Cause): Completions | undefined {
  if (!isAsked(document.chunk.text, offset, cause)) return undefined;
  const found = isConfigFile(document.id.uri)
    ? configCompletions(document, offset)
    : manifestCompletions(document, offset);
  return found === undefined || found.items.length === 0
    ? undefined
    : { ...found, word: shift(found.word, document.start) };
}

/**
 * What only the manifests tell, then what the API knows, unless another extension offers that. Nothing in YAML that is
 * nothing of Kubernetes.
 */
function manifestCompletions({ chunk: { text }, config, id, ...document }: Document, offset: number) {
  if (!mayBeManifest(text, offset)) return undefined;
  const cursors = cursorsAt(text, offset, mayBeTemplate(id.uri) ? "chart template" : "manifest");
  const [first] = cursors;
  if (first === undefined) return undefined;
  const items = cursors.flatMap((cursor) => itemsAt(cursor, text, config, document.scope()));
  return { word: first.word, items: uniqueByLabel(items) };
}

function itemsAt(cursor: Cursor, text: string, config: Config, scope: Scope): readonly CompletionItem[] {
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
    ...probeItems(around),
  ];
  if (cursor.lead === "") return items;
  return items.map((item) => ({
    ...item,
    insert: { ...item.insert, parts: [cursor.lead, ...item.insert.parts] },
  }));
}

/** What may be written in a configuration file, unless another extension offers that. */
function configCompletions({ chunk: { text }, config, rules }: Document, offset: number) {
  if (config.schemaValidation === "off") return undefined;
  const [cursor] = cursorsAt(text, offset, "manifest");
  return cursor && { word: cursor.word, items: configItems(cursor, rules, () => detectStyle(cursor.text)) };
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
