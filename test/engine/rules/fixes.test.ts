import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Alias, isCollection, isMap, isScalar, isSeq, parseAllDocuments, visit, type Document } from "yaml";
import { allRules, defaultConfig } from "../../../server/src/engine/api.js";
import { unusedSuppression } from "../../../server/src/engine/lint/core-rules.js";
import { pathAt } from "../../../server/src/engine/yaml/locate.js";
import { parse, type ParsedDocument } from "../../../server/src/engine/yaml/parse.js";
import { equal, valueAt } from "../../../server/src/engine/yaml/plain.js";
import type { Path } from "../../../server/src/engine/yaml/path.js";
import { split } from "../../../server/src/engine/yaml/split.js";
import { applied, configFor, found } from "../../harness/examples.js";
import { createWorkspace, filesOf, root } from "../../harness/workspace.js";
import { isFast } from "../../harness/fast.js";

/** The same manifests, written otherwise. A fix of them must come to the same as the fix of the example itself. */
interface Variant {
  readonly title: string;
  /** A file written so, without its `# file:` line; `undefined` where it cannot be. `number` is that of the file. */
  readonly write: (text: string, number: number) => string | undefined;
  /** Checks what a fix must keep of this way of writing, beside what every fix keeps. */
  readonly keeps?: (fixed: string, text: string) => void;
}

const kubectl = { indent: 4, indentSeq: false };
const helm = { indent: 4, indentSeq: true };
const oneLine = { lineWidth: 0, indentSeq: false };
const before = "# neighbour   \napiVersion: v1\nkind: ConfigMap\nmetadata:   {name: neighbour-1}\n";
const after = "---   # neighbour\napiVersion: v1\nkind: ConfigMap\nmetadata:\n      name:   'neighbour-2'\n...\n\n";

const variants: readonly Variant[] = [
  { title: "CRLF", write: (text) => text.replaceAll("\n", "\r\n"), keeps: hasOnlyCrlf },
  { title: "no line break at the end", write: (text) => text.replace(/\n$/, "") },
  { title: "four spaces, lists less far in", write: printed(kubectl), keeps: isPrinted(kubectl) },
  { title: "four spaces, lists as far in", write: printed(helm), keeps: isPrinted(helm) },
  { title: "flow style on one line", write: inFlow(oneLine), keeps: isPrinted(oneLine) },
  { title: "flow style over several lines", write: inFlow({ lineWidth: 30 }) },
  { title: "JSON", write: inJson, keeps: isJson },
  { title: "a comment behind every line", write: commented((line, mark) => [`${line} ${mark}`]) },
  {
    title: "a comment above every line",
    write: commented((line, mark) => [`${/^ */.exec(line)?.[0] ?? ""}${mark}`, line]),
  },
  {
    title: "between other documents",
    write: (text) => (isManifest(text) ? `${before}---\n${text}${after}` : undefined),
    keeps: keepsNeighbours,
  },
  { title: "an anchor at every map and list", write: anchored },
  { title: "aliases of equal maps and lists", write: aliased },
];

/** Of the last fixtures, which several checks ask for. */
const parsed = new Map<string, readonly ParsedDocument[]>();

let tried = 0;
/** All of them, or, for each third example, another one. */
function nextVariants(): readonly Variant[] {
  if (!isFast) return variants;
  const turn = tried++ / 3;
  return variants.filter((_, index) => index === turn % variants.length);
}

for (const rule of allRules) {
  describe(rule.id, () => {
    for (const example of rule.examples) {
      const ways = nextVariants();
      if (ways.length === 0) continue;
      const config = configFor(rule, example);
      const expected = new Map(
        found(example.bad, config, example.before).fixes.map((fix) => [fix.title, valuesOf(applied(example.bad, fix))]),
      );
      if (expected.size === 0) continue;
      for (const { title, write, keeps } of ways) {
        test(`${example.title}: ${title}`, () => {
          const text = rewritten(example.bad, write);
          if (text === undefined) return;
          const { findings, fixes } = found(text, config, example.before);
          assert.deepEqual(
            findings.map((finding) => finding.rule),
            [rule.id],
            text,
          );
          // Where two places share one value, there may be no way to change one of them alone.
          if (write !== aliased) {
            assert.deepEqual(
              fixes.map((fix) => fix.title),
              [...expected.keys()],
              text,
            );
          }
          for (const fix of fixes) {
            const fixed = applied(text, fix);
            const shown = `"${fix.title}" makes\n${fixed}`;
            assert.deepEqual(valuesOf(fixed), expected.get(fix.title), shown);
            assert.deepEqual(problemsOf(fixed), problemsOf(text), shown);
            assert.ok(
              !found(fixed, config, example.before).findings.some((finding) => finding.rule === rule.id),
              shown,
            );
            if (rule !== unusedSuppression) assert.deepEqual(lostComments(text, fixed), [], shown);
            keeps?.(fixed, text);
          }
        });
      }
    }
  });
}

test("a file of JSON gets no second document", () => {
  const lonely = `{ "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": { "name": "db" }, "spec": { "replicas": 3,
  "selector": { "matchLabels": { "app": "db" } }, "template": { "metadata": { "labels": { "app": "db" } },
  "spec": { "containers": [{ "name": "db", "image": "db" }] } } } }`;
  const titles = (name: string) => {
    const workspace = createWorkspace({ ...defaultConfig, rules: { "pdb-missing": "warning" } });
    workspace.setFile(root + name, lonely);
    workspace.setComplete(true);
    const fixes = workspace.snapshot().fixes(root + name, { start: 0, end: lonely.length });
    return fixes.filter(({ finding }) => finding.rule === "pdb-missing").map(({ title }) => title);
  };
  assert.deepEqual(titles("db.yaml"), ["Add a PodDisruptionBudget with `maxUnavailable: 1`"]);
  assert.deepEqual(titles("db.json"), []);
});

test("a Service without a name is nothing that serviceName could say", () => {
  const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: db }] }
`;
  const service = (metadata: string) => `---
apiVersion: v1
kind: Service
metadata: ${metadata}
spec: { clusterIP: None, selector: { app: db } }
`;
  for (const [metadata, offered] of [
    ["{ name: web }", "Set `serviceName` to `web`"],
    ["{}", "Set `serviceName` to `db` and create this headless Service in this file"],
  ] as const) {
    const { fixes } = found(set + service(metadata), { ...defaultConfig, profile: "strict" });
    const titles = fixes.filter(({ finding }) => finding.rule === "service-name-unset").map(({ title }) => title);
    assert.deepEqual(titles, [offered]);
  }
});

test("a budget is added only where it selects the pods and has a name of its own", () => {
  const set = (app: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: ${app} } }
    spec: { containers: [{ name: db, image: db }] }
`;
  const budget = (name: string) => `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: web } } }
`;
  for (const [text, isOffered] of [
    [set("db"), true],
    [set("other"), false],
    [set("db") + budget("web"), true],
    [set("db") + budget("db"), false],
  ] as const) {
    const { findings, fixes } = found(text, { ...defaultConfig, rules: { "pdb-missing": "warning" } });
    assert.ok(findings.some(({ rule }) => rule === "pdb-missing"));
    assert.equal(
      fixes.some(({ finding }) => finding.rule === "pdb-missing"),
      isOffered,
      text,
    );
  }
});

test("a fix that would change nothing is not offered: what is wrong is brought by the kustomization", () => {
  const { findings, fixes } = found(
    `# file: kustomization.yaml
commonLabels: { app: db, app.kubernetes.io/version: "1.0" }
resources: [db.yaml]
# file: db.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  template: { spec: { containers: [{ name: db, image: db }] } }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None }
`,
    defaultConfig,
  );
  assert.deepEqual(
    findings.map((finding) => finding.rule),
    ["selector-volatile-label"],
  );
  assert.deepEqual(fixes, []);
});

// --- fixes and what they make ---

function documentsOf(fixture: string): readonly ParsedDocument[] {
  const known = parsed.get(fixture);
  if (known !== undefined) return known;
  const documents = [...filesOf(fixture).values()].flatMap((text) => split(text)).map((chunk) => parse(chunk.text));
  if (parsed.size > 10) parsed.clear();
  parsed.set(fixture, documents);
  return documents;
}

/** The values of all documents but the neighbours. */
function valuesOf(fixture: string): readonly unknown[] {
  return documentsOf(fixture)
    .map((document) => document.root.value())
    .filter((value) => !JSON.stringify(value)?.includes("neighbour"));
}

function problemsOf(fixture: string): readonly string[] {
  return documentsOf(fixture).flatMap(({ problems }) => problems.map(({ code }) => code));
}

function commentsOf(document: ParsedDocument): readonly { readonly text: string; readonly line: Path }[] {
  return document.comments.map(({ span, ownLine }) => {
    const line = ownLine ? span.end + 1 : document.text.lastIndexOf("\n", span.start) + 1;
    const content = line + (/^[ \t]*(?:- +)*/.exec(document.text.slice(line))?.[0].length ?? 0);
    return { text: document.text.slice(span.start, span.end), line: pathAt(document, content).path };
  });
}

/** The comments that are not there any more although what they stand behind or above is. */
function lostComments(fixture: string, fixed: string): readonly string[] {
  const kept = new Set(documentsOf(fixed).flatMap((document) => commentsOf(document).map(({ text }) => text)));
  const values = documentsOf(fixed).map((document) => document.root.value());
  return documentsOf(fixture).flatMap((document, index) =>
    commentsOf(document)
      .filter(({ text, line }) => !kept.has(text) && !isGone(line, document.root.value(), values[index]))
      .map(({ text }) => text),
  );
}

type Value = ReturnType<ParsedDocument["root"]["value"]>;

/** Whether what was at a path is not: the path leads nowhere, or to the item that came after it in a list. */
function isGone(path: Path, was: Value, is: Value): boolean {
  if (valueAt(is, path) === undefined) return true;
  const item = path.slice(0, path.findIndex((step) => typeof step === "number") + 1);
  return item.length > 0 && !equal(valueAt(was, item), valueAt(is, item));
}

// --- ways of writing ---

function rewritten(fixture: string, write: Variant["write"]): string | undefined {
  let all = "";
  for (const [number, text] of [...filesOf(fixture).values()].entries()) {
    const [head = ""] = /^(?:# file: .*\n)?/.exec(text) ?? [];
    const written = write(text.slice(head.length), number);
    if (written === undefined) return undefined;
    all += `${all === "" || all.endsWith("\n") ? "" : "\n"}${head}${written}`;
  }
  return all;
}

type Printing = Parameters<Document["toString"]>[0];

function printed(printing: Printing): Variant["write"] {
  return (text) => print(read(text), printing);
}

/** Every scalar is text to the library here, so that it writes what it has read. */
function read(text: string): readonly Document.Parsed[] {
  // The library writes `---` for every end of a document.
  if (split(text).some(({ readBy }) => readBy !== "both")) return [];
  const documents = parseAllDocuments(text, { schema: "failsafe", uniqueKeys: false });
  return Array.isArray(documents) && documents.every(({ errors }) => errors.length === 0) ? documents : [];
}

function print(documents: readonly Document[], printing: Printing): string | undefined {
  if (documents.length === 0) return undefined;
  return documents
    .map((document) => document.toString({ flowCollectionPadding: false, lineWidth: 0, ...printing }))
    .map((text, index) => (index === 0 || /^---/m.test(text) ? text : `---\n${text}`))
    .join("");
}

/** Everything below the second level in flow style. */
function inFlow(printing: Printing): Variant["write"] {
  return (text) => {
    const documents = read(text);
    for (const document of documents) {
      visit(document, {
        Collection(_, node, path) {
          if (path.filter(isCollection).length >= 2) node.flow = true;
        },
      });
    }
    return print(documents, printing);
  };
}

/** Words of a configuration file have no quotes and need none. */
function isManifest(text: string): boolean {
  return text.includes("apiVersion:");
}

function inJson(text: string): string | undefined {
  if (!isManifest(text) || problemsOf(text).length > 0 || text.includes("#") || read(text).length === 0)
    return undefined;
  return valuesOf(text)
    .map((value) => `${JSON.stringify(value, null, 2)}\n`)
    .join("---\n");
}

/** With a comment at each line that can have one: within a text of several lines it would be text too. */
function commented(write: (line: string, mark: string) => readonly string[]): Variant["write"] {
  return (text, number) => {
    const lines = text.trimEnd().split("\n");
    const values = JSON.stringify(valuesOf(text));
    const marks = (wanted: (index: number) => boolean) => {
      const all = lines.flatMap((line, index) => (wanted(index) ? write(line, `# at ${number}.${index}`) : [line]));
      return `${all.join("\n")}\n`;
    };
    const means = (other: string) => JSON.stringify(valuesOf(other)) === values;
    const everywhere = marks(() => true);
    return means(everywhere) ? everywhere : marks((index) => means(marks((other) => other === index)));
  };
}

function anchored(text: string): string | undefined {
  const documents = read(text);
  for (const document of documents) {
    let count = 0;
    visit(document, {
      Collection(key, node) {
        if (key === null || node.items.length === 0) return;
        count += 1;
        node.anchor = `a${count}`;
      },
    });
  }
  return print(documents, {});
}

function aliased(text: string): string | undefined {
  const documents = read(text);
  for (const document of documents) {
    const anchors = new Map<string, string>();
    visit(document, {
      Pair(_, pair) {
        const { key, value } = pair;
        if (!isScalar(key) || (!isMap(value) && !isSeq(value)) || value.items.length === 0) return;
        const json = JSON.stringify(value);
        const known = anchors.get(json);
        if (known !== undefined) pair.value = new Alias(known);
        else {
          value.anchor = `a${anchors.size}`;
          anchors.set(json, value.anchor);
        }
      },
    });
  }
  return print(documents, {});
}

// --- what is kept ---

function hasOnlyCrlf(fixed: string): void {
  assert.doesNotMatch(fixed.replace(/^# file: .*\n/gm, ""), /(?<!\r)\n|\r(?!\n)/);
}

/** What was as the library prints it still is: indentation, dashes and flow style are as around. */
function isPrinted(printing: Printing): (fixed: string, text: string) => void {
  return (fixed, text) => {
    const again = (one: string) => rewritten(one, printed(printing));
    if (again(text) === text) assert.equal(fixed, again(fixed));
  };
}

/** A new document between those in JSON is one of YAML, as the file is. */
function isJson(fixed: string, text: string): void {
  const inBraces = (all: string) => all.split(/^(?:---|# file: .*)\n/m).filter((document) => document.startsWith("{"));
  assert.equal(inBraces(fixed).length, inBraces(text).length);
  for (const document of inBraces(fixed)) assert.doesNotThrow(() => void JSON.parse(document), document);
}

function keepsNeighbours(fixed: string): void {
  assert.ok(fixed.includes(before) && fixed.includes(after), fixed);
}
