import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import type { Edit, Plain } from "../../../server/src/engine/yaml/edit.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { patch } from "../../../server/src/engine/yaml/patch.js";
import type { Path } from "../../../server/src/engine/yaml/path.js";
import { awkwardStrings, documents, keys, values, type Written } from "./documents.js";
import { many } from "../../harness/fast.js";

/** fast-check prints seed and path of a failure; put them here to see it again. */
const RUNS = { numRuns: many(1500), seed: 20250722 };

test("a written document reads as the value it was written from", () => {
  fc.assert(
    fc.property(documents(), ({ text, value }) => {
      const document = parse(text);
      assert.deepEqual(document.problems, []);
      assert.deepEqual(document.root.value(), value);
    }),
    RUNS,
  );
});

test("an edited document reads as the edited value", () => {
  fc.assert(
    fc.property(documentAndEdit, ({ written, edit }) => {
      const after = applyEdits(written.text, changes(written.text, [edit]));
      const document = parse(after);
      assert.deepEqual(document.problems, [], after);
      assert.deepEqual(document.root.value(), edited(written.value, edit), after);
    }),
    RUNS,
  );
});

test("the same edit again changes nothing", () => {
  fc.assert(
    fc.property(documentAndEdit, ({ written, edit }) => {
      // After an item is gone, its index is that of the next.
      fc.pre(!(edit.op === "remove" && typeof edit.path.at(-1) === "number"));
      const after = applyEdits(written.text, changes(written.text, [edit]));
      assert.deepEqual(changes(after, [edit]), [], after);
    }),
    RUNS,
  );
});

test("comments outside of the value survive, and so does every line that no edit touches", () => {
  fc.assert(
    fc.property(documentAndEdit, ({ written: { text }, edit }) => {
      const before = parse(text);
      const textEdits = changes(text, [edit]);
      const after = applyEdits(text, textEdits);
      const place = before.root.at(...edit.path);
      const isItem = typeof edit.path.at(-1) === "number";
      const start = isItem ? text.lastIndexOf("-", place.keySpan.start - 1) : place.keySpan.start;
      const isGoing = (offset: number) =>
        edit.op !== "rename" && place.exists && offset >= start && offset <= endOfLine(text, place.span.end);
      const kept = before.comments
        .filter(({ span }) => !isGoing(span.start))
        .map(({ span }) => text.slice(span.start, span.end));
      const left = parse(after).comments.map(({ span }) => after.slice(span.start, span.end));
      for (const comment of kept) {
        const index = left.indexOf(comment);
        assert.notEqual(index, -1, `lost ${comment} in\n${after}`);
        left.splice(index, 1);
      }
      // Edits of a block's lines begin on its first line or at the end of the line before, and end with it or at the
      // line after.
      const nearest = nearestExisting(text, edit.path);
      for (const { span } of textEdits) {
        assert.ok(span.start >= startOfLine(text, nearest.start) - 2, after);
        assert.ok(span.end <= endOfLine(text, nearest.end) + 2, after);
      }
    }),
    RUNS,
  );
});

test("line breaks and a missing final newline stay as they are", () => {
  fc.assert(
    fc.property(documentAndEdit, ({ written: { text }, edit }) => {
      const after = applyEdits(text, changes(text, [edit]));
      if (text.includes("\r\n")) assert.doesNotMatch(after, /(?<!\r)\n/);
      else assert.doesNotMatch(after, /\r/);
      const setsRoot = edit.path.length === 1;
      if (!setsRoot) assert.equal(after.endsWith("\n"), text.endsWith("\n"), JSON.stringify(after));
    }),
    RUNS,
  );
});

test("several edits are done one after the other", () => {
  fc.assert(
    fc.property(
      documents(),
      fc.array(fc.record({ key: keys, value: values }), { minLength: 2, maxLength: 4 }),
      ({ text, value }, sets) => {
        const edits = sets.map((entry): Edit => ({ op: "set", path: [entry.key], value: entry.value }));
        const after = applyEdits(text, changes(text, edits));
        assert.deepEqual(parse(after).root.value(), edits.reduce(edited, value), after);
      },
    ),
    { ...RUNS, numRuns: many(500) },
  );
});

test("an edit of a document with anchors is refused or keeps the law", () => {
  fc.assert(
    fc.property(documentAndEdit, fc.nat(9), ({ written, edit }, where) => {
      const text = withAliases(written.text, where);
      const document = parse(text);
      if (document.problems.length > 0) return;
      const textEdits = patch(document, [edit]);
      if (textEdits === undefined) return;
      assert.deepEqual(parse(applyEdits(text, textEdits)).root.value(), edited(document.root.value() as Plain, edit));
    }),
    RUNS,
  );
});

/** An edit that the document can have: `path` leads to something, or to where something new may be. */
const documentAndEdit: fc.Arbitrary<{ written: Written; edit: Edit }> = documents().chain((written) => {
  const paths = pathsOf(written.value, []);
  const value = fc.oneof(values, awkwardStrings);
  const existing = fc.constantFrom(...paths);
  const maps = paths.filter((path) => isMap(at(written.value, path)));
  const lists = paths.filter((path) => Array.isArray(at(written.value, path)));
  const nulls = paths.filter((path) => at(written.value, path) === null);
  const newKeys = fc.tuple(
    fc.constantFrom([] as Path, ...maps, ...nulls),
    fc.constantFrom("fresh", "new/key"),
    fc.constantFrom<Path>([], ["deep"], ["a", 0]),
  );
  const edits: fc.Arbitrary<Edit>[] = [
    fc.record({ op: fc.constant("set" as const), path: existing, value }),
    fc.record({
      op: fc.constant("set" as const),
      path: newKeys.map(([map, key, below]): Path => map.concat(key, below)),
      value,
    }),
    fc.record({ op: fc.constant("remove" as const), path: existing }),
    fc
      .record({
        op: fc.constant("rename" as const),
        path: existing.filter((path) => typeof path.at(-1) === "string"),
        to: fc.constantFrom("renamed", "a: b", "yes"),
      })
      .filter(({ path, to }) => !Object.hasOwn(at(written.value, path.slice(0, -1)) as object, to)),
  ];
  if (lists.length > 0)
    edits.push(fc.record({ op: fc.constant("insert" as const), path: fc.constantFrom(...lists), value }));
  return fc.record({ written: fc.constant(written), edit: fc.oneof(...edits) });
});

function changes(text: string, edits: readonly Edit[]) {
  const textEdits = patch(parse(text), edits);
  assert.notEqual(textEdits, undefined, "refused");
  return textEdits ?? [];
}

/** The edit as one would do it to JSON. */
function edited(value: Plain, edit: Edit): Plain {
  const root = structuredClone({ root: value }) as Record<string, Plain>;
  const path = ["root", ...edit.path];
  const last = path.pop() as string | number;
  let parent = root as Record<string | number, Plain>;
  for (const [index, step] of path.entries()) {
    if (!Object.hasOwn(parent, step) || parent[step] === null)
      define(parent, step, typeof (path[index + 1] ?? last) === "number" ? [] : {});
    parent = parent[step] as Record<string | number, Plain>;
  }
  switch (edit.op) {
    case "set":
      define(parent, last, edit.value);
      break;
    case "remove":
      if (Array.isArray(parent)) parent.splice(last as number, 1);
      else delete parent[last];
      break;
    case "rename":
      define(parent, edit.to, parent[last] as Plain);
      delete parent[last];
      break;
    case "insert": {
      const list = (parent[last] ?? []) as readonly Plain[];
      const isThere = list.some((item) => isEqual(item, edit.value));
      if (!isThere) define(parent, last, [...list, edit.value]);
      break;
    }
  }
  return root["root"] as Plain;
}

function isEqual(a: Plain, b: Plain): boolean {
  try {
    assert.deepEqual(a, b);
    return true;
  } catch {
    return false;
  }
}

function define(parent: Record<string | number, Plain>, key: string | number, value: Plain): void {
  Object.defineProperty(parent, key, {
    value: structuredClone(value),
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

function pathsOf(value: Plain, path: Path): Path[] {
  const below = Array.isArray(value)
    ? value.flatMap((item: Plain, index) => pathsOf(item, [...path, index]))
    : isMap(value)
      ? Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))
      : [];
  return path.length === 0 ? below : [path, ...below];
}

function at(value: Plain, path: Path): Plain {
  return path.reduce<Plain>((current, step) => (current as Record<string | number, Plain>)[step] as Plain, value);
}

function isMap(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The span, from its key on, of the deepest place on the path that is there. */
function nearestExisting(text: string, path: Path): { start: number; end: number } {
  const { root } = parse(text);
  for (let length = path.length; length > 0; length--) {
    const place = root.at(...path.slice(0, length));
    // Removing the last entry of a collection empties it: its parent changes as well.
    const parent = root.at(...path.slice(0, length - 1));
    if (place.exists)
      return {
        start: Math.min(place.keySpan.start, parent.keySpan.start),
        end: Math.max(place.span.end, parent.span.end),
      };
  }
  return { start: 0, end: text.length };
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end;
}

/** Gives a value of the document an anchor and repeats it under a new key, as an alias and as a merge. */
function withAliases(text: string, where: number): string {
  const colons = [...text.matchAll(/: (?=[a-z"'[{0-9])|:(?=\r?\n)/g)];
  const colon = colons[where % Math.max(colons.length, 1)];
  if (colon === undefined) return text;
  const anchored = `${text.slice(0, colon.index)}: &anchor ${text.slice(colon.index + colon[0].length)}`;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return `${anchored}${anchored.endsWith("\n") ? "" : eol}repeated: [*anchor]${eol}${where % 2 === 0 ? `merged:${eol}  <<: *anchor${eol}  own: 1${eol}` : ""}`;
}
