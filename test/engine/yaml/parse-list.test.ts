import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as fc from "fast-check";
import { parse, type ParsedDocument } from "../../../server/src/engine/yaml/parse.js";
import { parseByItems } from "../../../server/src/engine/yaml/parse-list.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";
import { many } from "../../harness/fast.js";

const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }  # the database
spec:
  "replicas": 3
  # how it is run
  template:
    spec:
      containers:
      - name: main
        command: ["sh", "-c", 'echo "$(HOST)"']
        args:
          - |
            if true; then
              echo "- x"
            fi
      -   name: other
          image:
`;
const service = `apiVersion: v1
kind: Service
metadata:
  name: db
spec: {clusterIP: None,
  selector: {app: db}}
`;

/** A list of such objects, as people and tools write one. */
const lists = fc
  .record({
    items: fc.array(fc.constantFrom(set, service, "a: 1\n"), { minLength: 1, maxLength: 4 }),
    column: fc.constantFrom(0, 2, 4),
    gap: fc.constantFrom(" ", " ", "   "),
    between: fc.constantFrom("", "", "\n", "  # next\n", "# next\n"),
    before: fc.constantFrom("apiVersion: v1\nkind: List\n", "# c\n---\nkind: List\nmetadata:\n  a: |\n    b\n", ""),
    after: fc.constantFrom("", "", "kind: List\nmetadata:\n  resourceVersion: ''\n", "# end\n", "\n\n", "last:\n"),
    lineBreak: fc.constantFrom("\n", "\n", "\r\n"),
  })
  .map(({ items, column, gap, between, before, after, lineBreak }) => {
    const indentation = " ".repeat(column + 1 + gap.length);
    const written = items.map((item) => {
      const lines = item.trimEnd().split("\n");
      return `${" ".repeat(column)}-${gap}${lines.join(`\n${indentation}`)}\n`;
    });
    return `${before}items:\n${written.join(between)}${after}`.replaceAll("\n", lineBreak);
  });

const pieces = [
  "\n",
  "\n- ",
  "\n  - a: b\n",
  "- ",
  '"',
  "'",
  "#",
  " ",
  "  ",
  ":",
  "|",
  "&a ",
  "*a",
  "{",
  "]",
  "\t",
  "? ",
];

/** A text in the place of so many characters. */
const edits = fc.array(
  fc.record({ at: fc.nat(), length: fc.nat({ max: 5 }), text: fc.constantFrom("", ...pieces, "items:\n", "---\n") }),
  { maxLength: 4 },
);

describe("a list that is read item by item", () => {
  test("is read as it is in one piece", () => {
    let readByItems = 0;
    fc.assert(
      fc.property(lists, edits, (text, changes) => {
        let now = text;
        let former = check(now, undefined);
        if (former.items !== undefined) readByItems += 1;
        for (const { at, length, text: written } of changes) {
          const start = at % (now.length + 1);
          now = now.slice(0, start) + written + now.slice(start + length);
          former = check(now, former);
        }
      }),
      { numRuns: many(150) },
    );
    assert.ok(readByItems >= many(75), `${readByItems} lists were read by items`);
  });

  test("keeps the trees of items that did not change, wherever they are", () => {
    const item = (name: string) => `- kind: Service\n  metadata: {name: ${name}}\n`;
    const list = (...names: string[]) => `kind: List\nitems:\n${names.map(item).join("")}`;
    const before = parseByItems(list("a", "b", "b", "c"));
    const after = parseByItems(list("b", "x", "c", "b"), before);
    const numbers = after.items?.map(({ tree }) => before.items?.findIndex((one) => one.tree === tree));
    assert.deepEqual(numbers, [1, -1, 3, 2]);
  });

  const wholes = [
    { name: "an alias of another item", text: "items:\n- a: &x {b: c}\n- a: *x\n" },
    { name: "a problem", text: "items:\n- a: 1\n  a: 2\n" },
    { name: "a tag of a template", text: "items:\n- a: {{ b }}\n" },
    { name: "items in brackets", text: "items: [{a: b}]\n" },
    { name: "items that are no maps", text: "items:\n- a\n- b\n" },
    { name: "two lists", text: "items:\n- a: b\nitems:\n- c: d\n" },
  ];
  for (const { name, text } of wholes) {
    test(`is read in one piece: ${name}`, () => assert.equal(check(text, undefined).items, undefined));
  }
});

function check(text: string, former: ParsedDocument | undefined): ParsedDocument {
  const one = parseByItems(text, former);
  const other = parse(text);
  assert.deepEqual(told(one.root), told(other.root));
  assert.deepEqual(
    { comments: one.comments, problems: one.problems, template: one.template },
    { comments: other.comments, problems: other.problems, template: other.template },
  );
  return one;
}

/** All that a place tells, and those below it. */
function told(place: Place): unknown {
  const { kind, path, span, keySpan, source, keySource, exists, isOpen } = place;
  const missing = [place.at("missing", "b"), place.at(9)].map((one) => [one.path, one.span, one.keySpan, one.exists]);
  const children = place.kind === "map" ? place.entries() : place.items().map((item, index) => [index, item] as const);
  return {
    own: { kind, path, span, keySpan, source, keySource, exists, isOpen, value: place.value() },
    part: place.partOf((source ?? "").slice(0, 3), 0).span,
    missing,
    children: children.map(([step, child]) => [step, place.at(step).span, told(child)]),
  };
}
