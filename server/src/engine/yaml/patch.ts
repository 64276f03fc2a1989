import { applyEdits, type TextEdit } from "../text/edit.js";
import { joinEdits } from "../text/pieces.js";
import { applyToValue, equal, isList, isMapping, valueAt } from "./plain.js";
import type { Edit, Plain } from "./edit.js";
import type { Path } from "./path.js";
import { parse, type ParsedDocument } from "./parse.js";
import { rewrite, type SimpleEdit } from "./rewrite.js";
import { detectStyle } from "./style.js";

/**
 * The text edits that make the edits on a document's structure, each on what those before it leave. They touch no other line, keep
 * the style of what they touch (flow or block, indentation, quotes, line breaks) and all comments but those of values that go.
 *
 * The law, which this function checks of its own result: the document then reads as the same edits on its value. Where it cannot be
 * kept, the answer is `undefined` and there is no fix to offer: the document does not parse, the path leads through an alias or a merge
 * key, another user of an anchor would change, the new name of a key is taken, a value on the path is neither a map nor a list.
 *
 * Edits of what is so already do nothing.
 */
export function patch(document: ParsedDocument, edits: readonly Edit[]): readonly TextEdit[] | undefined {
  if (document.problems.some(({ fatal }) => fatal)) return undefined;
  const style = detectStyle(document.text);
  const steps: (readonly TextEdit[])[] = [];
  let text = document.text;
  let value = document.root.value();
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
  return joinEdits(document.text.length, steps);
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
