import type { FieldType } from "../../kubernetes/schema/schema.js";
import { flowEntryText, entryText, scalarText } from "../../yaml/render.js";
import type { Style } from "../../yaml/style.js";
import type { Cursor } from "./cursor.js";
import type { Insertion, Part } from "./item.js";

const end: Part = { stop: 0, text: "" };

/** A key with what leads to its value: a space, the next line of a map, the first dash of a list. */
export function keyInsertion(name: string, type: FieldType, cursor: Cursor, style: () => Style): Insertion {
  if (cursor.colonFollows || cursor.quoted) return plainly(name);
  const isList = type.kind === "list";
  const opens = isList || type.kind === "object" || type.kind === "map";
  if (!opens) return plainly(`${name}: `);
  if (cursor.flow) return plainly(`${name}: ${isList ? "[" : "{"}`, end, isList ? "]" : "}");
  if (!cursor.opensBelow) return plainly(`${name}: `);
  const { eol, indent, listIndent } = style();
  const column = cursor.column + (isList ? listIndent : indent);
  return { parts: [`${name}:`], below: [`${eol}${" ".repeat(column)}${isList ? "- " : ""}`, end] };
}

/** A scalar as it must be written where the cursor is. */
export function valueInsertion(value: string | number | boolean, cursor: Cursor, style: () => Style): Insertion {
  const text = cursor.quoted
    ? String(value)
    : scalarText(value, { flow: cursor.flow, quotes: undefined, style: style() });
  return plainly(spaced(text, cursor));
}

/** A word that is written without quotes whatever YAML makes of it. */
export function wordInsertion(word: string, cursor: Cursor): Insertion {
  return plainly(spaced(word, cursor));
}

/** A scalar as the only item of a list on the key's line. */
export function onlyItemInsertion(value: string, cursor: Cursor, style: () => Style): Insertion {
  return plainly(spaced(`[${scalarText(value, { flow: true, quotes: undefined, style: style() })}]`, cursor));
}

/** A key and its value. */
export function entryInsertion(key: string, value: string, cursor: Cursor, style: () => Style): Insertion {
  if (cursor.colonFollows || cursor.quoted) return plainly(key);
  return plainly(
    cursor.flow
      ? flowEntryText(key, value, { flow: true, quotes: undefined, style: style() })
      : entryText(key, value, cursor.column, style()),
  );
}

export function plainly(...parts: readonly Part[]): Insertion {
  return { parts, below: [] };
}

function spaced(text: string, { needsSpace }: Cursor): string {
  return needsSpace ? ` ${text}` : text;
}
