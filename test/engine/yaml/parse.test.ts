import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { many } from "../../harness/fast.js";

interface Case {
  readonly name: string;
  readonly text: string;
  /** The value read; left out where nothing is said of it. */
  readonly value?: unknown;
  /** Code, and the text at the problem's span. */
  readonly problems?: readonly (readonly [code: string, at: string])[];
}

/** Texts that other readers take, and that Kubernetes takes: checked with kubectl 1.32. */
const accepted: readonly Case[] = [
  {
    name: "quoted text that goes on at its key's indentation",
    text: "spec:\n  about: 'it is\n  long'\n  size: 1\n",
    value: { spec: { about: "it is long", size: 1 } },
  },
  { name: "quoted text that goes on in column 0", text: 'a: "one\ntwo"\nb: 2\n', value: { a: "one two", b: 2 } },
  { name: "a flow list closed in column 0", text: "a:\n  b: [1,\n2\n]\n  \nc: 3\n", value: { a: { b: [1, 2] }, c: 3 } },
  {
    name: "a flow map closed at the parent's indentation",
    text: "a:\n  b: {\n    c: 1\n  }\n  d: 2\n",
    value: { a: { b: { c: 1 }, d: 2 } },
  },
  { name: "U+2028 ends a line", text: "a: b\u2028c: d\n", value: { a: "b", c: "d" } },
  { name: "U+2028 inside quotes stays", text: 'a: "b\u2028c"\n', value: { a: "b\u2028c" } },
  { name: "a lone carriage return ends a line", text: "a: 1\rb:\r  c: 2\r", value: { a: 1, b: { c: 2 } } },
  {
    name: "Windows line ends",
    text: "a: |\r\n  one\r\n  two\r\nb: 'x\r\n  y'\r\n",
    value: { a: "one\ntwo\n", b: "x y" },
  },
  { name: "a byte order mark", text: "\uFEFFa: 1\n", value: { a: 1 } },
  {
    name: "tabs between tokens and in flow collections",
    text: "a:\tb\nc: {d: 1,\n\te: 2}\n",
    value: { a: "b", c: { d: 1, e: 2 } },
  },
  { name: "a comment right behind a quote", text: 'a: "x"#c\nb: 1\n', value: { a: "x", b: 1 } },
  {
    name: "pairs in a flow list, keys without values in a flow map",
    text: "a: [b: 1, c]\nd: {e, f: 1}\n",
    value: { a: [{ b: 1 }, "c"], d: { e: null, f: 1 } },
  },
  { name: "tags", text: "a: !!str 3\nb: !!int '3'\nc: !own 3\nd: !!float 3\n", value: { a: "3", b: 3, c: "3", d: 3 } },
  { name: "tabs on empty lines of JSON", text: '{"a": 1,\n\t\n"b": 2}\n\t\n', value: { a: 1, b: 2 } },
  { name: "a directive", text: "%YAML 1.1\n---\na: yes\n", value: { a: true } },
  {
    name: "JSON",
    text: '{"a": [1, 2.5, null, true], "b": {"c": "d\\u00e9\\/"}}',
    value: { a: [1, 2.5, null, true], b: { c: "dé/" } },
  },
  {
    name: "anchors and aliases",
    text: "a: &x {b: 1}\nc: *x\nd: &y e\nf: [*y]\n",
    value: { a: { b: 1 }, c: { b: 1 }, d: "e", f: ["e"] },
  },
  {
    name: "a merge key",
    text: "x: &x\n  a: 1\n  b: 2\nz:\n  <<: *x\n  b: 3\n",
    value: { x: { a: 1, b: 2 }, z: { a: 1, b: 3 } },
  },
  {
    name: "a merge key overrides the keys before it",
    text: "x: &x {a: 1}\nz:\n  a: 2\n  <<: *x\n",
    value: { x: { a: 1 }, z: { a: 1 } },
  },
  {
    name: "of merged maps the first wins",
    text: "u: &u {a: 1}\nv: &v {a: 2, b: 2}\nz: {<<: [*u, *v]}\n",
    value: { u: { a: 1 }, v: { a: 2, b: 2 }, z: { a: 1, b: 2 } },
  },
  { name: "a quoted merge key is a key", text: 'a: {"<<": {b: 1}}\n', value: { a: { "<<": { b: 1 } } } },
  {
    name: "keys that are no strings",
    text: "1: a\nyes: b\n1.5: c\n0x10: d\n",
    value: { 1: "a", true: "b", "1.5": "c", 16: "d" },
  },
  { name: "a key named __proto__", text: "__proto__: 1\n", value: Object.fromEntries([["__proto__", 1]]) },
  { name: "an explicit key", text: "? a\n: 1\n", value: { a: 1 } },
  { name: "nothing", text: "", value: undefined },
  { name: "only a comment", text: "# nothing\n", value: undefined },
  { name: "only a marker", text: "---\n", value: null },
  { name: "only dots", text: "...\n", value: undefined },
  {
    name: "hashes that begin no comment",
    text: "a: 'b # c'\nd: e#f\ng: |\n  # h\n",
    value: { a: "b # c", d: "e#f", g: "# h\n" },
  },
];

const refused: readonly Case[] = [
  { name: "a tab before a key", text: "spec:\n\treplicas: 1\n\tname: x\n", problems: [["tab", "\t"]] },
  { name: "a tab behind spaces", text: "a:\n  b:\n \t c: 2\n", problems: [["tab", "\t"]] },
  { name: "a tab before a dash", text: "a:\n- x\n\t- y\n", problems: [["tab", "\t"]] },
  { name: "a tab behind a dash", text: "-\ta: 1\n  b: 2\n", problems: [["tab", "\t"]] },
  { name: "a tab on an empty line", text: "a: 1\n\t\nb: 2\n", problems: [["tab", "\t"]] },
  { name: "a tab before a comment", text: "a: 'x'\n\t# c\n", problems: [["tab", "\t"]] },
  { name: "a tab on the line below a block scalar", text: "a: |\n  x\n\t\nb: 1\n", problems: [["tab", "\t"]] },
  {
    name: "a conflict of git",
    text: "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> main\n",
    problems: [["conflict-marker", "<<<<<<<"]],
  },
  {
    name: "the end of a conflict of git",
    text: "---\nb: 3\n>>>>>>> main\n",
    problems: [["conflict-marker", ">>>>>>>"]],
  },
  { name: "binary", text: "a: \0\0\x01", value: undefined, problems: [["control-character", "\0"]] },
  { name: "a control character", text: "a: 1\nb: \x1b[1m\n", problems: [["control-character", "\x1b"]] },
  {
    name: "a key that is being typed at the end",
    text: "a: 1\nrepl",
    value: { a: 1, repl: null },
    problems: [["missing-colon", "repl"]],
  },
  {
    name: "a key that is being typed between others",
    text: "spec:\n  a: 1\n  serv\n  b: 2\n",
    problems: [["missing-colon", "serv"]],
  },
  { name: "an open quote", text: 'a: 1\nb: "web\nc: 2\n', problems: [["unclosed-quote", '"web']] },
  { name: "an open single quote at the end", text: "a: 'web", problems: [["unclosed-quote", "'web"]] },
  { name: "an open bracket", text: "a: [b, c\nd: 1\n", problems: [["unclosed-bracket", "[b, c"]] },
  { name: "an open brace", text: '{"a": 1,\n "b": {"c": 2}', problems: [["unclosed-bracket", '{"a": 1,']] },
  { name: "two colons on a line", text: "a: b: c\n", problems: [["syntax", "b"]] },
  { name: "a character that begins nothing", text: "a: @b\n", problems: [["syntax", "@"]] },
  { name: "a list on its key's line", text: "a: - b\n", problems: [["syntax", "-"]] },
  { name: "a map as a key", text: "{a: 1}: b\n", problems: [["invalid-key", "{a: 1}"]] },
  { name: "null as a key", text: "null: b\n", problems: [["invalid-key", "null"]] },
  { name: "a number that is none", text: "a: !!int b\n", problems: [["syntax", "!!int"]] },
  { name: "an alias without its anchor", text: "a: *x\nb: &x 1\n", problems: [["unknown-anchor", "*x"]] },
  { name: "an anchor that holds itself", text: "a: &x\n  b: *x\n", problems: [["alias-cycle", "*x"]] },
  { name: "a merge of no map", text: "a: {b: 1, <<: 3}\n", problems: [["merge-value", "<<"]] },
  {
    name: "a merge of a list that holds another value",
    text: "a:\n  <<: [{b: 1}, 3]\n",
    problems: [["merge-value", "<<"]],
  },
  { name: "a merge of itself", text: "a: &x\n  <<: *x\n", problems: [["alias-cycle", "*x"]] },
  { name: "the first of several errors only", text: "a: b: c\nd: @e\nf: 'g\n", problems: [["syntax", "b"]] },
];

for (const { name, text, value, problems = [] } of [...accepted, ...refused]) {
  test(name, () => {
    const document = parse(text);
    assert.deepEqual(
      document.problems.map(({ code, span }) => [code, text.slice(span.start, span.end)]),
      problems,
    );
    if (problems.length === 0 || value !== undefined) assert.deepEqual(document.root.value(), value);
    for (const { fatal } of document.problems) assert.equal(fatal, true);
  });
}

test("a duplicate key is named, is not fatal, and the last one counts", () => {
  const { problems, root } = parse("metadata:\n  labels:\n    app: a\n    app: b\n");
  assert.deepEqual(problems, [
    {
      code: "duplicate-key",
      message: "The key `app` is already set in this map",
      span: { start: 35, end: 38 },
      path: ["metadata", "labels", "app"],
      fatal: false,
    },
  ]);
  assert.equal(root.at("metadata", "labels", "app").value(), "b");
});

test("a duplicate key is found at its path, not only the last one", () => {
  const { problems } = parse("a:\n- {x: 1}\n- b: {k: 1, k: 2, k: 3}\n");
  assert.deepEqual(
    problems.map(({ path }) => path),
    [
      ["a", 1, "b", "k"],
      ["a", 1, "b", "k"],
    ],
  );
});

test("what stands before an error can be read", () => {
  const { root } = parse("kind: StatefulSet\nspec:\n  replicas: 3\n  serviceName: 'web\n");
  assert.equal(root.at("kind").value(), "StatefulSet");
  assert.equal(root.at("spec", "replicas").value(), 3);
});

test("comments are found where YAML has them", () => {
  const text = '# head\na: 1 # one\n  # in\nb: "# no" # two\nc: |  # three\n  # no\n# four\nd: [1, # five\n 2]\r\n#\n';
  const found = parse(text).comments.map(({ span, line, ownLine }) => [
    text.slice(span.start, span.end),
    line,
    ownLine,
  ]);
  assert.deepEqual(found, [
    ["# head", 0, true],
    ["# one", 1, false],
    ["# in", 2, true],
    ["# two", 3, false],
    ["# three", 4, false],
    ["# four", 6, true],
    ["# five", 7, false],
    ["#", 9, true],
  ]);
});

test("a template is known by its braces", () => {
  assert.equal(parse("a: {{ .Values.a }}\n").template, true);
  assert.equal(parse("a: '{{ .Values.a }}'\n").template, true);
  assert.equal(parse("a: {b: {c: 1}}\n").template, false);
  // A comment that mentions a tag leaves the rest as it is; one that decides about the lines below it does not.
  assert.equal(parse("# as in {{ .ProjectName }}\na: 1 # or {{ b }}\n").template, false);
  assert.equal(parse("# {{- if .Values.a }}\na: 1\n# {{- end }}\n").template, true);
  assert.equal(parse("# {{ a }}\na: '{{ .Values.a }}'\n").template, true);
});

test("aliases of aliases end in one problem, not in exponential time", () => {
  const bomb = (first: string, line: (number: number) => string) =>
    [first, ...Array.from({ length: 60 }, (_, index) => line(index + 1))].join("\n");
  const nine = (number: number, text: string) =>
    Array.from({ length: 9 }, () => text.replace("N", String(number))).join(", ");
  for (const text of [
    bomb("a0: &a0 [x, x]", (number) => `a${number}: &a${number} [${nine(number - 1, "*aN")}]`),
    bomb(
      "a0: &a0 {k: x}",
      (number) => `a${number}: &a${number} {<<: [${nine(number - 1, "*aN")}], b: {<<: [${nine(number - 1, "*aN")}]}}`,
    ),
  ]) {
    const document = parse(text);
    assert.deepEqual(
      document.problems.map(({ code }) => code),
      ["alias-bomb"],
    );
    assert.ok(JSON.stringify(document.root.value()).length < text.length * 10);
    document.root.at("a60", "missing").string();
  }
});

test("deep nesting is a problem, not a stack overflow", () => {
  for (const text of [
    "[".repeat(50_000),
    "[".repeat(2000) + "]".repeat(2000),
    "- ".repeat(5000) + "a",
    "{a: ".repeat(3000),
    // Each is a value of the one before, and an error.
    `- {{ ${"a: ".repeat(4000)} }}`,
  ]) {
    const { problems, root } = parse(text);
    assert.deepEqual(
      problems.map(({ code, fatal }) => [code, fatal]),
      [["too-deep", true]],
    );
    assert.equal(root.value(), undefined);
  }
  const chain = Array.from(
    { length: 40 },
    (_, index) => `a${index}: &a${index} ${"[".repeat(100)}${index === 0 ? 1 : `*a${index - 1}`}${"]".repeat(100)}`,
  );
  assert.deepEqual(
    parse(chain.join("\n")).problems.map(({ code }) => code),
    ["too-deep"],
  );
});

test("no text makes it throw, and every span is inside the text", () => {
  const piece = fc.constantFrom(
    "a",
    ": ",
    ":",
    "- ",
    "-",
    "\n",
    "\n  ",
    "\n    ",
    "\t",
    " ",
    "# c",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "&x ",
    "*x",
    "!!int ",
    "!t ",
    "|",
    ">-",
    "\n---\n",
    "...",
    "%YAML",
    "? ",
    "<<: ",
    "\r",
    "\r\n",
    "\u2028",
    "\uFEFF",
    "\0",
    "@",
    "`",
    "{{ x }}",
    "1",
    "null",
    "\\",
    "é",
    "😀",
    "<<<<<<< a\n",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
      const text = pieces.join("");
      const { problems, comments, root } = parse(text);
      root.value();
      const spans = [...problems, ...comments, ...root.entries().map(([, place]) => place), root].map(
        ({ span }) => span,
      );
      for (const { start, end } of spans)
        assert.ok(0 <= start && start <= end && end <= text.length, JSON.stringify({ start, end }));
    }),
    { numRuns: many(5000), seed: 20250722 },
  );
});

test("many keys and many broken lines take linear time", () => {
  const count = many(20_000);
  const lines = Array.from({ length: count }, (_, index) => `key-${index}: value`);
  assert.equal(parse(lines.join("\n")).root.entries().length, count);
  assert.equal(
    parse(
      lines
        .slice(0, count / 4)
        .map((line) => `{"${line}": 1}`)
        .join("\n"),
    ).problems.length,
    // go-yaml reads the first map and looks no further.
    0,
  );
});
