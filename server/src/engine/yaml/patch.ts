import { applyEdits, type TextEdit } from "../text/edit.js";
import { joinEdits } from "../text/pieces.js";
import { applyToValue, equal, isList, isMapping, valueAt } from "./plain.js";
import type { Edit, Plain } from "./edit.js";
import type { Path } from "./path.js";
import { parse, type Masked, type ParsedDocument } from "./parse.js";
import { rewrite, type SimpleEdit } from "./rewrite.js";
import { detectStyle } from "./style.js";

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
  if (document.problems.some(({ fatal }) => fatal)) return undefined;
  const { masked } = document;
  const style = detectStyle(masked?.text ?? document.text);
  const steps: (readonly TextEdit[])[] = [];
  let text = masked?.text ?? document.text;
  let value = masked === undefined ? document.root.value() : masked.valueOf(document.text);
  for (const edit of edits) {
    for (const simple of simpleEdits(value, edit)) {
      const textEdits = rewrite(text, simple, style);
      const expected = applyToValue(value, simple);
      if (textEdits === undefined || expected === undefined) return undefined;
      steps.push(textEdits);
      text = applyEdits(text, textEdits);
      value = expected;
    }
  }
  if (steps.length === 0) return [];
  const result = parse(text);
  if (result.problems.some(({ fatal }) => fatal) || !equal(result.root.value(), value)) return undefined;
  const joined = joinEdits(document.text.length, steps);
  return masked === undefined || keepsTags(document, masked, edits, joined, value) ? joined : undefined;
}

/** Whether edits of what was read in place of a template can be made in the template, and mean the same there. */
function keepsTags(
  { root, text }: ParsedDocument,
  { isFree, valueOf }: Masked,
  edits: readonly Edit[],
  textEdits: readonly TextEdit[],
  value: Plain | undefined,
): boolean {
  const before = valueOf(text);
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
