import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits } from "../../../server/src/engine/text/edit.js";
import type { Edit } from "../../../server/src/engine/yaml/edit.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { patch } from "../../../server/src/engine/yaml/patch.js";
import { documentText } from "../../../server/src/engine/yaml/render.js";
import { detectStyle } from "../../../server/src/engine/yaml/style.js";

interface Example {
  readonly name: string;
  readonly before: string;
  readonly edits: readonly Edit[];
  /** `undefined`: refused. */
  readonly after: string | undefined;
}

const examples: readonly Example[] = [
  {
    name: "an anchor at the key stays before what takes the place of the block below",
    before: "a: &a # one\n  # two\n  - 1 # three\nb: !!seq &b\n  - 1\nc: 1\n",
    edits: [
      { op: "remove", path: ["a", 0] },
      { op: "remove", path: ["b", 0] },
    ],
    after: "a: &a [] # one\n  # two\nb: !!seq &b []\nc: 1\n",
  },
  {
    name: "a list stands as far in as the other lists",
    before: "a:\n    b:\n      - 1\n    c: 1\n",
    edits: [{ op: "set", path: ["a", "c"], value: [{ d: [2] }] }],
    after: "a:\n    b:\n      - 1\n    c:\n      - d:\n          - 2\n",
  },
  {
    name: "a value keeps the comment behind it",
    before: "spec:\n  replicas: 3 # three\n",
    edits: [{ op: "set", path: ["spec", "replicas"], value: 5 }],
    after: "spec:\n  replicas: 5 # three\n",
  },
  {
    name: "a string keeps its quotes, a number needs none",
    before: "a: 'x'\nb: \"x\"\nc: x\nd: '1'\n",
    edits: [
      { op: "set", path: ["a"], value: "y" },
      { op: "set", path: ["b"], value: "it's" },
      { op: "set", path: ["c"], value: "z" },
      { op: "set", path: ["d"], value: 2 },
    ],
    after: "a: 'y'\nb: \"it's\"\nc: z\nd: 2\n",
  },
  {
    name: "strings that Kubernetes would read as something else get quotes",
    before: "spec: {}\n",
    edits: [
      "yes",
      "0755",
      "1_0",
      "",
      "null",
      "~",
      "1e3",
      "2001-12-14",
      "12:30:45",
      "a: b",
      "- a",
      "web-0",
      "1.2.3",
      "50%",
      "a b",
    ].map((value, index): Edit => ({ op: "set", path: ["spec", `k${index}`], value })),
    after: [
      "spec:",
      '  k0: "yes"',
      '  k1: "0755"',
      '  k2: "1_0"',
      '  k3: ""',
      '  k4: "null"',
      '  k5: "~"',
      '  k6: "1e3"',
      '  k7: "2001-12-14"',
      '  k8: "12:30:45"',
      '  k9: "a: b"',
      '  k10: "- a"',
      "  k11: web-0",
      "  k12: 1.2.3",
      "  k13: 50%",
      "  k14: a b",
      "",
    ].join("\n"),
  },
  {
    name: "new keys go below the last one, before the comments that follow",
    before: "spec:\n  replicas: 3\n  # later\nstatus: {}\n",
    edits: [{ op: "set", path: ["spec", "serviceName"], value: "web" }],
    after: "spec:\n  replicas: 3\n  serviceName: web\n  # later\nstatus: {}\n",
  },
  {
    name: "missing parents are made",
    before: "spec:\n  replicas: 3\n",
    edits: [{ op: "set", path: ["spec", "updateStrategy", "rollingUpdate", "partition"], value: 2 }],
    after: "spec:\n  replicas: 3\n  updateStrategy:\n    rollingUpdate:\n      partition: 2\n",
  },
  {
    name: "a parent without value is filled, its comment kept",
    before: "spec: # all of it\nkind: StatefulSet\n",
    edits: [{ op: "set", path: ["spec", "replicas"], value: 2 }],
    after: "spec: # all of it\n  replicas: 2\nkind: StatefulSet\n",
  },
  {
    name: "indentation of four, lists indented",
    before: "spec:\n    ports:\n        - port: 80\n    selector:\n        app: web\n",
    edits: [
      { op: "insert", path: ["spec", "ports"], value: { port: 81, name: "b" } },
      { op: "set", path: ["spec", "externalIPs"], value: ["10.0.0.1"] },
    ],
    after:
      "spec:\n    ports:\n        - port: 80\n        - port: 81\n          name: b\n    selector:\n        app: web\n    externalIPs:\n        - 10.0.0.1\n",
  },
  {
    name: "lists flush with their key",
    before: "spec:\n  ports:\n  - port: 80\n",
    edits: [{ op: "set", path: ["spec", "externalIPs"], value: ["10.0.0.1"] }],
    after: "spec:\n  ports:\n  - port: 80\n  externalIPs:\n  - 10.0.0.1\n",
  },
  {
    name: "an item that is there is not inserted again",
    before: "ports: [{port: 80}]\n",
    edits: [{ op: "insert", path: ["ports"], value: { port: 80 } }],
    after: "ports: [{port: 80}]\n",
  },
  {
    name: "flow collections stay flow collections",
    before: "labels: {app: web, tier: db} # all\nports: [80, 81]\n",
    edits: [
      { op: "set", path: ["labels", "app"], value: "a, b" },
      { op: "set", path: ["labels", "x"], value: { z: [1] } },
      { op: "remove", path: ["labels", "tier"] },
      { op: "insert", path: ["ports"], value: 82 },
      { op: "remove", path: ["ports", 0] },
    ],
    after: 'labels: {app: "a, b", x: {z: [1]}} # all\nports: [81, 82]\n',
  },
  {
    name: "JSON stays JSON",
    before: '{\n  "kind": "Service",\n  "spec": {\n    "ports": [\n      80\n    ]\n  }\n}\n',
    edits: [
      { op: "set", path: ["spec", "clusterIP"], value: "None" },
      { op: "insert", path: ["spec", "ports"], value: { port: 81 } },
      { op: "remove", path: ["kind"] },
    ],
    after: '{\n  "spec": {\n    "ports": [\n      80,\n      {"port": 81}\n    ],\n    "clusterIP": "None"\n  }\n}\n',
  },
  {
    name: "an item of a flow list with an item a line goes with its line and comment",
    before: "a: [\n  x, # one\n  y, # two\n  z # three\n]\n",
    edits: [{ op: "remove", path: ["a", 1] }],
    after: "a: [\n  x, # one\n  z # three\n]\n",
  },
  {
    name: "a new item of a flow list with an item a line goes below the last comment",
    before: "a: [\n  x, # one\n  y # two\n]\n",
    edits: [{ op: "insert", path: ["a"], value: "z" }],
    after: "a: [\n  x, # one\n  y, # two\n  z\n]\n",
  },
  {
    name: "a key goes with its lines, comments above stay",
    before: "spec:\n  # about strategy\n  strategy:\n    type: x # why\n  replicas: 1\n",
    edits: [{ op: "remove", path: ["spec", "strategy"] }],
    after: "spec:\n  # about strategy\n  replicas: 1\n",
  },
  {
    name: "the first key of an item gives its place to the next",
    before: "list:\n- name: a\n  value: 1\n- name: b\n  # about value\n  value: 2\n",
    edits: [
      { op: "remove", path: ["list", 0, "name"] },
      { op: "remove", path: ["list", 1, "name"] },
    ],
    after: "list:\n- value: 1\n-\n  # about value\n  value: 2\n",
  },
  {
    name: "without its last key a map is empty",
    before: "spec:\n  selector: # who\n    app: web\n  replicas: 1\n",
    edits: [{ op: "remove", path: ["spec", "selector", "app"] }],
    after: "spec:\n  selector: {} # who\n  replicas: 1\n",
  },
  {
    name: "a key gets another name and keeps its place and quotes",
    before: "data:\n  'a': 1 # one\n  b: 2\n",
    edits: [
      { op: "rename", path: ["data", "a"], to: "c" },
      { op: "rename", path: ["data", "b"], to: "yes" },
    ],
    after: "data:\n  'c': 1 # one\n  'yes': 2\n",
  },
  {
    name: "a map set over a map changes what differs",
    before: "selector:\n  # the app\n  app: web # app\n  tier: db\n",
    edits: [{ op: "set", path: ["selector"], value: { app: "web", tier: "cache", zone: "a" } }],
    after: "selector:\n  # the app\n  app: web # app\n  tier: cache\n  zone: a\n",
  },
  {
    name: "block scalars",
    before: "a: | # text\n  one\n  two\nb: |+\n  keep\n\n",
    edits: [
      { op: "set", path: ["a"], value: "x" },
      { op: "set", path: ["c"], value: 1 },
    ],
    after: "a: x # text\nb: |+\n  keep\n\nc: 1\n",
  },
  {
    name: "Windows line ends and no final newline",
    before: "spec:\r\n  replicas: 1\r\n  name: x",
    edits: [
      { op: "set", path: ["spec", "selector", "app"], value: "web" },
      { op: "remove", path: ["spec", "name"] },
    ],
    after: "spec:\r\n  replicas: 1\r\n  selector:\r\n    app: web",
  },
  {
    name: "a text that quotes go on at any indentation in",
    before: "a:\n  b: 'one\n  two'\n  c: 1\n",
    edits: [{ op: "set", path: ["a", "c"], value: 2 }],
    after: "a:\n  b: 'one\n  two'\n  c: 2\n",
  },
  {
    name: "an empty document",
    before: "# only a comment\n---\n",
    edits: [{ op: "set", path: ["spec", "replicas"], value: 1 }],
    after: "# only a comment\n---\nspec:\n  replicas: 1\n",
  },
  {
    name: "an alias is replaced for its own user",
    before: "a: &x 1\nb: *x\n",
    edits: [{ op: "set", path: ["b"], value: 2 }],
    after: "a: &x 1\nb: 2\n",
  },
  {
    name: "what is not there is neither removed nor renamed",
    before: "a: 1\n",
    edits: [
      { op: "remove", path: ["b", "c"] },
      { op: "rename", path: ["b"], to: "c" },
    ],
    after: "a: 1\n",
  },
  {
    name: "an anchor's other users",
    before: "a: &x 1\nb: *x\n",
    edits: [{ op: "set", path: ["a"], value: 2 }],
    after: undefined,
  },
  {
    name: "an anchor that is used, removed",
    before: "a: &x 1\nb: *x\n",
    edits: [{ op: "remove", path: ["a"] }],
    after: undefined,
  },
  {
    name: "through an alias",
    before: "a: &x {z: 1}\nb: *x\n",
    edits: [{ op: "set", path: ["b", "z"], value: 2 }],
    after: undefined,
  },
  {
    name: "a key from a merge",
    before: "a: &x {z: 1, w: 2}\nb:\n  <<: *x\n",
    edits: [{ op: "remove", path: ["b", "z"] }],
    after: undefined,
  },
  {
    name: "a key above a merge that has it",
    before: "a: &x {z: 1}\nb:\n  z: 3\n  <<: *x\n",
    edits: [{ op: "set", path: ["b", "z"], value: 2 }],
    after: undefined,
  },
  {
    name: "a name that is taken",
    before: "a: 1\nb: 2\n",
    edits: [{ op: "rename", path: ["a"], to: "b" }],
    after: undefined,
  },
  { name: "below a text", before: "a: text\n", edits: [{ op: "set", path: ["a", "b"], value: 2 }], after: undefined },
  {
    name: "an index beyond the end",
    before: "a: [1]\n",
    edits: [{ op: "set", path: ["a", 3], value: 2 }],
    after: undefined,
  },
  {
    name: "a document with errors",
    before: "a: 1\nb",
    edits: [{ op: "set", path: ["a"], value: 2 }],
    after: undefined,
  },
];

for (const { name, before, edits, after } of examples) {
  test(after === undefined ? `refused: ${name}` : name, () => {
    const textEdits = patch(parse(before), edits);
    assert.equal(textEdits && applyEdits(before, textEdits), after);
  });
}

test("a new document looks like the others of its file", () => {
  const style = detectStyle("a:\r\n    b:\r\n    - c: 'd'\r\n---\r\ne: 1\r\n");
  assert.deepEqual(style, { indent: 4, listIndent: 0, quote: "'", eol: "\r\n" });
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web" },
    spec: { clusterIP: "None", selector: { on: "yes" }, ports: [{ port: 80 }] },
  };
  assert.equal(
    documentText(service, style),
    "apiVersion: v1\r\nkind: Service\r\nmetadata:\r\n    name: web\r\nspec:\r\n    clusterIP: None\r\n    selector:\r\n        'on': 'yes'\r\n    ports:\r\n    - port: 80\r\n",
  );
});

test("a text that shows no style is written as kubectl prints", () => {
  assert.deepEqual(detectStyle("a: 1"), { indent: 2, listIndent: 0, quote: '"', eol: "\n" });
});

test("a new line ends as most lines do", () => {
  assert.equal(detectStyle("# from elsewhere\na: 1\r\nb: 2\r\n").eol, "\r\n");
});
