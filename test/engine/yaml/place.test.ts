import assert from "node:assert/strict";
import { test } from "node:test";
import type { Field } from "../../../server/src/engine/yaml/field.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import type { Path } from "../../../server/src/engine/yaml/path.js";
import type { Place } from "../../../server/src/engine/yaml/place.js";

const text = `# a comment
kind: StatefulSet
metadata:
  labels: &labels
    app: web
    empty:
  annotations:
spec:
  replicas: 3.0
  half: 3.5
  big: "3"
  paused: yes
  name: '{{ .Values.name }}'
  selector:
    <<: *labels
    own: x
  copy: *labels
  ports: [80, http]
  args:
  - one
  -
  - two
  list:
    - name: first
      value: 1 # c
    - second
  script: |
    echo

`;
const { root } = parse(text);

function slice({ start, end }: { readonly start: number; readonly end: number }): string {
  return text.slice(start, end);
}

test("a place knows its path, its key and its value's text", () => {
  const replicas = root.at("spec", "replicas");
  assert.deepEqual(replicas.path, ["spec", "replicas"]);
  assert.equal(slice(replicas.keySpan), "replicas");
  assert.equal(slice(replicas.span), "3.0");
  assert.equal(replicas.exists, true);
  assert.equal(slice(root.at("spec", "script").span), "|\n    echo");
  assert.equal(slice(root.at("spec", "list").span), "- name: first\n      value: 1 # c\n    - second");
  assert.equal(slice(root.at("spec", "list", 0).span), "name: first\n      value: 1");
  assert.equal(slice(root.at("spec", "list", 0).keySpan), "name: first\n      value: 1");
});

test("what is missing points at the nearest ancestor's key, or the first token of an item or the root", () => {
  const pointed = (...path: Path) => slice(root.at(...path).span);
  assert.equal(pointed("spec", "serviceName"), "spec");
  assert.equal(pointed("spec", "template", "spec", "containers", 0), "spec");
  assert.equal(pointed("metadata", "annotations", "a"), "annotations");
  assert.equal(pointed("spec", "list", 0, "image"), "name");
  assert.equal(pointed("spec", "list", 9), "list");
  assert.equal(pointed("apiVersion"), "kind");
  assert.equal(slice(root.at("spec", "serviceName").keySpan), "spec");
});

test("kinds", () => {
  const kind = (...path: Path) => root.at(...path).kind;
  assert.deepEqual(
    [kind(), kind("spec", "ports"), kind("kind"), kind("metadata", "annotations"), kind("spec", "none")],
    ["map", "list", "scalar", "null", "absent"],
  );
  assert.equal(kind("spec", "copy"), "map");
  assert.equal(kind("spec", "args", 1), "null");
  assert.equal(kind("kind", "x"), "absent");
  assert.equal(kind("spec", 0), "absent");
  assert.equal(kind("spec", "ports", "0"), "absent");
});

/** A field as `state`, or as its value where it is present. */
function brief<T>(field: Field<T>): unknown {
  switch (field.state) {
    case "present":
      return field.value;
    case "invalid":
      return `no ${field.expected}`;
    case "absent":
    case "opaque":
      return field.state;
  }
}

const reads: readonly (readonly [path: string, read: (place: Place) => Field<unknown>, value: unknown])[] = [
  ["kind", (place) => place.string(), "StatefulSet"],
  ["spec.replicas", (place) => place.string(), "no string"],
  ["spec.replicas", (place) => place.integer(), 3],
  ["spec.half", (place) => place.integer(), "no integer"],
  ["spec.half", (place) => place.number(), 3.5],
  ["spec.half", (place) => place.intOrString(), "no integer or string"],
  ["spec.big", (place) => place.integer(), "no integer"],
  ["spec.big", (place) => place.intOrString(), "3"],
  ["spec.replicas", (place) => place.intOrString(), 3],
  ["spec.paused", (place) => place.boolean(), true],
  ["spec.big", (place) => place.boolean(), "no boolean"],
  ["spec.name", (place) => place.string(), "opaque"],
  ["spec.name", (place) => place.map(), "opaque"],
  ["spec.none", (place) => place.string(), "absent"],
  ["metadata.annotations", (place) => place.stringMap(), "absent"],
  [
    "metadata.labels",
    (place) => place.stringMap(),
    new Map([
      ["app", "web"],
      ["empty", ""],
    ]),
  ],
  [
    "spec.copy",
    (place) => place.stringMap(),
    new Map([
      ["app", "web"],
      ["empty", ""],
    ]),
  ],
  [
    "spec.selector",
    (place) => place.stringMap(),
    new Map([
      ["app", "web"],
      ["empty", ""],
      ["own", "x"],
    ]),
  ],
  ["spec", (place) => place.stringMap(), "no map of strings"],
  ["kind", (place) => place.stringMap(), "no map of strings"],
  ["spec.args", (place) => place.stringList(), ["one", "", "two"]],
  ["spec.ports", (place) => place.stringList(), "no list of strings"],
  ["spec.list", (place) => place.map(), "no map"],
  ["spec.copy", (place) => place.list(), "no list"],
];

for (const [path, read, value] of reads) {
  test(`${path} read by ${/\.(\w+)\(\)/.exec(String(read))?.[1]}`, () =>
    assert.deepEqual(brief(read(root.at(...path.split(".")))), value));
}

test("a map of strings with a templated value is opaque", () => {
  const labels = parse("labels:\n  app: web\n  release: '{{ .Release.Name }}'\n").root.at("labels");
  assert.equal(labels.stringMap().state, "opaque");
  assert.equal(labels.map().state, "present");
});

test("a variable that a script sets itself is no template", () => {
  const { root: scripts } = parse(`
own: for i in 0 1; do n=1; ping db-\${i}.\${n}; done
other: for i in 0 1; do ping db-\${i}.\${DOMAIN}; done
`);
  assert.equal(scripts.at("own").string().state, "present");
  assert.equal(scripts.at("other").string().state, "opaque");
});

test("fields carry path and spans", () => {
  const field = root.at("spec", "list", 0, "value").integer();
  assert.equal(field.state, "present");
  assert.deepEqual(field.path, ["spec", "list", 0, "value"]);
  assert.equal(slice(field.span), "1");
  const items = root.at("spec", "list").list();
  assert.deepEqual(items.state === "present" && items.value.map(({ path }) => path), [
    ["spec", "list", 0],
    ["spec", "list", 1],
  ]);
});

test("behind an alias or a merge key are the anchor's texts, at the path of the user", () => {
  const app = root.at("spec", "selector", "app");
  assert.deepEqual(app.path, ["spec", "selector", "app"]);
  assert.equal(slice(app.keySpan), "app");
  assert.equal(app.span.start, root.at("metadata", "labels", "app").span.start);
  assert.equal(slice(root.at("spec", "copy").span), "*labels");
});

test("entries and items are those of the value, in the order of the text", () => {
  assert.deepEqual(
    root.entries().map(([key]) => key),
    ["kind", "metadata", "spec"],
  );
  assert.deepEqual(
    root
      .at("spec", "selector")
      .entries()
      .map(([key, place]) => [key, place.value()]),
    [
      ["app", "web"],
      ["empty", null],
      ["own", "x"],
    ],
  );
  assert.deepEqual(root.at("kind").entries(), []);
  assert.deepEqual(root.items(), []);
});

test("an empty document is absent and points at its start", () => {
  const empty = parse("# nothing\n").root;
  assert.equal(empty.kind, "absent");
  assert.equal(empty.exists, false);
  assert.equal(empty.at("spec", "replicas").integer().state, "absent");
  assert.deepEqual(parse("").root.span, { start: 0, end: 0 });
});
