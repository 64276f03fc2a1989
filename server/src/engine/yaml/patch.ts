import { applyEdits, type TextEdit } from "../text/edit.js";
import { joinEdits } from "../text/pieces.js";
import { compose, type Composition } from "./compose.js";
import { applyToValue, equal, isList, isMapping, valueAt } from "./plain.js";
import type { Edit, Plain } from "./edit.js";
import type { Path } from "./path.js";
import type { Masked, ParsedDocument } from "./parse.js";
import { createReadsAs } from "./reads-as.js";
import { rewrite, type SimpleEdit } from "./rewrite.js";
import { detectStyle, type Style } from "./style.js";

/**
 * The text edits that make the edits on a document's structure, each on what those before it leave. They touch no other
 * line, keep the style of what they touch (flow or block, indentation, quotes, line breaks) and all comments but those
 * of values that go.
 *
 * The law, which this function checks of its own result: the document then reads as the same edits on its value. Where
 * it cannot be kept, the answer is `undefined` and there is no fix to offer: the document does not parse, the path
 * leads through an alias or a merge key, another user of an anchor would change, the new name of a key is taken, a
 * value on the path is neither a map nor a list.
 *
 * Edits of what is so already do nothing.
 */
export function patch(document: ParsedDocument, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  return createPatch(document)(edits);
}

/** The same for many lists of edits, each of the document as it is: it is read once for all of them. */
export function createPatch(document: ParsedDocument): (edits: readonly Edit[]) => readonly TextEdit[] | undefined {
  if (document.problems.some(({ fatal }) => fatal)) return () => undefined;
  let whole: Whole | undefined;
  return (edits) => patchWhole((whole ??= read(document)), edits);
}

/** A document as all its edits need it. */
interface Whole {
  readonly document: ParsedDocument;
  readonly text: string;
  readonly composition: Composition;
  readonly value: Plain | undefined;
  readonly style: Style;
  readonly readsAs: (textEdits: readonly TextEdit[], edits: readonly SimpleEdit[], value: Plain | undefined) => boolean;
}

function read(document: ParsedDocument): Whole {
  const { masked } = document;
  const text = masked?.text ?? document.text;
  const composition = compose(text, { keepSourceTokens: true });
  const value = masked === undefined ? document.root.value() : masked.valueOf(document.text);
  const readsAs = createReadsAs(text, composition, value);
  return { document, text, composition, value, style: detectStyle(text), readsAs };
}

function patchWhole(whole: Whole, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  const { document } = whole;
  const planned = simpleEditsOf(whole.value, edits);
  if (planned === undefined) return undefined;
  const { simple, value } = planned;
  if (simple.length === 0) return [];
  const joined = atOnce(whole, simple, value) ?? oneByOne(whole, simple, value);
  if (joined === undefined || document.masked === undefined) return joined;
  return keepsTags(document, document.masked, edits, whole.value, joined, value) ? joined : undefined;
}

/** The edits, each made in the text as it is; `undefined` where they disturb each other. */
function atOnce(
  { text, composition, style, readsAs }: Whole,
  simple: readonly SimpleEdit[],
  value: Plain | undefined,
): readonly TextEdit[] | undefined {
  const all: TextEdit[] = [];
  for (const edit of simple) {
    const textEdits = rewrite(composition, edit, style);
    if (textEdits === undefined) return undefined;
    all.push(...textEdits);
  }
  const ordered = all.toSorted((a, b) => a.span.start - b.span.start);
  if (ordered.some(({ span }, index) => index > 0 && span.start < (ordered[index - 1]?.span.end ?? 0)))
    return undefined;
  const joined = joinEdits(text.length, [all]);
  return readsAs(joined, simple, value) ? joined : undefined;
}

/** The edits, each made in the text that those before it leave. */
function oneByOne(
  whole: Whole,
  simple: readonly SimpleEdit[],
  value: Plain | undefined,
): readonly TextEdit[] | undefined {
  if (simple.length === 1) return undefined;
  const steps: (readonly TextEdit[])[] = [];
  let { text, composition } = whole;
  for (const edit of simple) {
    const textEdits = rewrite(composition, edit, whole.style);
    if (textEdits === undefined) return undefined;
    steps.push(textEdits);
    text = applyEdits(text, textEdits);
    composition = compose(text, { keepSourceTokens: true });
  }
  const joined = joinEdits(whole.text.length, steps);
  return whole.readsAs(joined, simple, value) ? joined : undefined;
}

/** The edits of single values, and the value after them; `undefined` where it cannot have them. */
function simpleEditsOf(
  before: Plain | undefined,
  edits: readonly Edit[],
): { readonly simple: readonly SimpleEdit[]; readonly value: Plain | undefined } | undefined {
  const simple: SimpleEdit[] = [];
  let value = before;
  for (const edit of edits) {
    for (const one of simpleEdits(value, edit)) {
      value = applyToValue(value, one);
      if (value === undefined) return undefined;
      simple.push(one);
    }
  }
  return { simple, value };
}

/** Whether edits of what was read in place of a template can be made in the template, and mean the same there. */
function keepsTags(
  { root, text }: ParsedDocument,
  { isFree, valueOf }: Masked,
  edits: readonly Edit[],
  before: Plain | undefined,
  textEdits: readonly TextEdit[],
  value: Plain | undefined,
): boolean {
  const sites = edits.map(({ path }) => {
    const isWritten = (length: number) => valueAt(before, path.slice(0, length)) !== undefined;
    const length = path.findIndex((_, index) => !isWritten(index + 1));
    return { site: root.at(...(length === -1 ? path : path.slice(0, length))), isWhole: length === -1 };
  });
  return (
    // What is not written there may be what the tool adds.
    sites.every(({ site, isWhole }) => site.kind !== "opaque" && (isWhole || !site.isOpen)) &&
    textEdits.every(({ span }) => sites.every(({ site }) => isFree(span, site.keySpan.start))) &&
    equal(valueOf(applyEdits(text, textEdits)), value)
  );
}

/** The edits of single values that an edit comes to: a map set over a map changes only the keys that differ. */
function simpleEdits(value: Plain | undefined, edit: Edit): readonly SimpleEdit[] {
  const current = valueAt(value, edit.path);
  switch (edit.op) {
    case "set":
      return setEdits(current, edit.path, edit.value);
    case "remove":
      return current === undefined ? [] : [removal(value, edit.path)];
    case "rename":
      return current === undefined || edit.path.at(-1) === edit.to ? [] : [edit];
    case "insert":
      if (current === undefined || current === null) return [{ op: "set", path: edit.path, value: [edit.value] }];
      if (isList(current) && current.some((item) => equal(item, edit.value))) return [];
      return [{ op: "set", path: [...edit.path, isList(current) ? current.length : 0], value: edit.value }];
  }
}

/** What is left of a map or list without its last entry is an empty one. */
function removal(value: Plain | undefined, path: Path): SimpleEdit {
  const parentPath = path.slice(0, -1);
  const parent = valueAt(value, parentPath);
  const isLast = (isList(parent) || isMapping(parent)) && Object.keys(parent).length === 1;
  return isLast ? { op: "set", path: parentPath, value: isList(parent) ? [] : {} } : { op: "remove", path };
}

function setEdits(current: Plain | undefined, path: Path, value: Plain): readonly SimpleEdit[] {
  if (equal(current, value)) return [];
  if (isMapping(current) && isMapping(value) && Object.keys(current).length > 0 && Object.keys(value).length > 0) {
    const gone = Object.keys(current).filter((key) => !Object.hasOwn(value, key));
    return [
      ...Object.entries(value).flatMap(([key, child]) => setEdits(valueAt(current, [key]), [...path, key], child)),
      ...gone.map((key): SimpleEdit => ({ op: "remove", path: [...path, key] })),
    ];
  }
  if (isList(current) && isList(value) && current.length > 0 && current.length <= value.length) {
    return value.flatMap((item, index) => setEdits(current[index], [...path, index], item));
  }
  return [{ op: "set", path, value }];
}
