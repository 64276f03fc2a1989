import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyEdits, defaultConfig, type Analysis } from "../../../server/src/engine/api.js";
import { service, statefulSet } from "../../cli/manifests.js";
import { fieldIn, hoverIn, lensesIn, symbolsIn, writeFieldsIn } from "../../harness/features.js";
import { createWorkspace } from "../../harness/workspace.js";

function analysisOf(files: Readonly<Record<string, string>>): Analysis {
  const workspace = createWorkspace(defaultConfig);
  for (const [name, text] of Object.entries(files)) workspace.setFile(`file:///w/k8s/${name}`, text);
  workspace.setComplete(true);
  return workspace.snapshot();
}

const uriOf = (name: string) => `file:///w/k8s/${name}`;

/** `rule line:column` of each finding, 1-based. */
function found(analysis: Analysis, name: string): readonly string[] {
  return analysis.findings(uriOf(name)).map(({ rule, span }) => {
    const { line, character } = analysis.lines(uriOf(name))!.position(span.start);
    return `${rule} ${line + 1}:${character + 1}`;
  });
}

/** The file after the fix of that title. */
function fixed(files: Readonly<Record<string, string>>, name: string, title: string): string {
  const analysis = analysisOf(files);
  const text = files[name] ?? "";
  const fix = analysis.fixes(uriOf(name), { start: 0, end: text.length }).find((one) => one.title === title);
  assert.ok(fix, `no fix ${title}`);
  return applyEdits(text, fix.changes.find(({ uri }) => uri === uriOf(name))?.edits ?? []);
}

function item(manifest: string): string {
  const lines = manifest.trimEnd().split("\n");
  return lines.map((line, number) => `${number === 0 ? "  - " : "    "}${line}\n`).join("");
}

function list(...manifests: readonly string[]): string {
  return `apiVersion: v1\nkind: List\nitems:\n${manifests.map(item).join("")}`;
}

describe("a document that holds several objects", () => {
  const two = list(service("db"), statefulSet("db"), statefulSet("web", ["replicas: 2"]));

  test("its objects count for lookups, from other files too", () => {
    const files = { "list.yaml": two, "web.yaml": service("web") };
    assert.deepEqual(found(analysisOf(files), "list.yaml"), []);
    const { "web.yaml": _, ...alone } = files;
    assert.deepEqual(found(analysisOf(alone), "list.yaml"), ["service-missing 34:20"]);
  });

  test("an outline, lenses and places of its own for each", () => {
    const analysis = analysisOf({ "list.yaml": two });
    const text = (span: { start: number; end: number }) => two.slice(span.start, span.end);
    assert.deepEqual(
      symbolsIn(analysis, uriOf("list.yaml")).map(({ name, span }) => [name, text(span).split("\n")[0]]),
      [
        ["Service db", "apiVersion: v1"],
        ["StatefulSet db", "apiVersion: apps/v1"],
        ["StatefulSet web", "apiVersion: apps/v1"],
      ],
    );
    assert.deepEqual(
      lensesIn(analysis, uriOf("list.yaml")).map(({ title, span, index }) => [title, text(span), index]),
      [
        ["Preview rollout: 1 pod db-0, Service db", "apiVersion", 0],
        ["Preview rollout: 2 pods web-0 and web-1, Service web", "apiVersion", 1],
      ],
    );
    const spans = analysis.statefulSets(uriOf("list.yaml")).map(({ span }) => text(span));
    assert.deepEqual(
      spans.map((own) => /name: (.*)/.exec(own)?.[1]),
      ["db", "web"],
    );
    const offset = two.indexOf("replicas: 2");
    assert.deepEqual(fieldIn(analysis, uriOf("list.yaml"), offset), { index: 1, field: "spec.replicas" });
    assert.match(hoverIn(analysis, uriOf("list.yaml"), offset)?.markdown ?? "", /`web-0`, `web-1`/);
  });

  test("a field of the second is written where it stands", () => {
    const written = writeFieldsIn(analysisOf({ "list.yaml": two }), uriOf("list.yaml"), 1, [
      { field: "spec.replicas", value: 5 },
    ]);
    assert.ok(written?.type === "edits");
    assert.equal(applyEdits(two, written.edits), two.replace("replicas: 2", "replicas: 5"));
  });

  test("an object that a fix adds becomes an item", () => {
    const text = list(statefulSet("db"));
    const after = fixed({ "list.yaml": text }, "list.yaml", "Create the headless Service `db` in this file");
    assert.ok(after.startsWith(text));
    assert.doesNotMatch(after, /^---/m);
    assert.deepEqual(found(analysisOf({ "list.yaml": after }), "list.yaml"), []);
  });

  test("of many that are at odds with each other, each names some", () => {
    const sets = Array.from({ length: 60 }, (_, number) => statefulSet("db").replace("name: db", `name: db-${number}`));
    const analysis = analysisOf({ "list.yaml": list(service("db"), ...sets) });
    const overlaps = analysis.findings(uriOf("list.yaml")).filter(({ rule }) => rule === "selector-overlap");
    // The first has nothing before it, the tenth nine.
    assert.equal(overlaps.length, 45 + 50 * 10);
  });

  test("half-typed, it keeps what others need of it, and is one problem", () => {
    const workspace = createWorkspace(defaultConfig);
    workspace.setFile(uriOf("list.yaml"), list(service("db")));
    workspace.setFile(uriOf("db.yaml"), statefulSet("db"));
    workspace.setFile(uriOf("list.yaml"), `${list(service("db"))}  - apiVersion: v1\n    kind: "Ser`);
    workspace.setComplete(true);
    const analysis = workspace.snapshot();
    assert.deepEqual(found(analysis, "db.yaml"), []);
    assert.deepEqual(found(analysis, "list.yaml"), ["yaml-syntax 13:11"]);
  });

  const nothing: readonly (readonly [string, string])[] = [
    ["an empty list", "apiVersion: v1\nkind: List\nitems: []\n"],
    ["a list without items", "apiVersion: v1\nkind: ServiceList\n"],
    ["items that are no objects", "apiVersion: v1\nkind: List\nitems: [Service, null, [kind], {kind: Service}]\n"],
    ["a template without objects", "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: Service}\n"],
    ["another Template", "apiVersion: example.com/v1\nkind: Template\nobjects: [{apiVersion: v1, kind: Service}]\n"],
  ];
  for (const [name, text] of nothing) {
    test(`${name} has nothing to say`, () => {
      assert.deepEqual(found(analysisOf({ "list.yaml": text }), "list.yaml"), []);
    });
  }
});

/** A manifest of two-space YAML maps and lists of scalars as kubectl prints it in JSON. */
function json(value: unknown, indent: string | number = 2): string {
  return `${JSON.stringify(value, undefined, indent)}\n`;
}

const set = {
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "db" },
  spec: {
    serviceName: "db",
    replicas: "2",
    selector: { matchLabels: { app: "db" } },
    template: {
      metadata: { labels: { app: "db" } },
      spec: { containers: [{ name: "main", image: "registry/db" }] },
    },
  },
};
const headless = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "db" },
  spec: { clusterIP: "None", selector: { app: "db" } },
};

describe("JSON", () => {
  for (const [name, indent] of [
    ["indented with spaces", 2],
    ["indented with tabs", "\t"],
    ["on one line", ""],
  ] as const) {
    test(`${name}: findings, and a fix that leaves it JSON`, () => {
      const files = { "set.json": json(set, indent).replace("registry/db", "registry\\/db"), "s.json": json(headless) };
      const rules = analysisOf(files)
        .findings(uriOf("set.json"))
        .map(({ rule }) => rule);
      assert.deepEqual(rules, ["schema-type"]);
      const after = fixed(files, "set.json", "Remove the quotes");
      assert.deepEqual(JSON.parse(after), { ...set, spec: { ...set.spec, replicas: 2 } });
    });
  }

  test("a list takes another item, a lone object takes no other beside it", () => {
    const title = "Create the headless Service `db` in this file";
    const after = fixed({ "l.json": json({ apiVersion: "v1", kind: "List", items: [set] }) }, "l.json", title);
    assert.deepEqual(JSON.parse(after), { apiVersion: "v1", kind: "List", items: [set, headless] });
    const titles = analysisOf({ "set.json": json(set) })
      .fixes(uriOf("set.json"), { start: 0, end: 1000 })
      .map((fix) => fix.title);
    assert.deepEqual(titles, ["Remove the quotes"]);
  });

  test("has no comments that could silence anything", () => {
    const silences = (name: string) =>
      analysisOf({ [name]: json(set) }).silences(uriOf(name), { start: 0, end: 1000 }).length;
    assert.equal(silences("set.json"), 0);
    assert.notEqual(silences("set.yaml"), 0);
  });

  test("is a YAML manifest's Service", () => {
    assert.deepEqual(found(analysisOf({ "db.yaml": statefulSet("db"), "s.json": json(headless) }), "db.yaml"), []);
  });
});

describe("texts as they come", () => {
  const manifest = `${statefulSet("db", ["replicas: x"])}---\n${service("db")}`;
  const expected = ["schema-type 7:13"];
  const forms: readonly (readonly [string, string])[] = [
    ["line feeds", manifest],
    ["a byte order mark", `\ufeff${manifest}`],
    ["CRLF", manifest.replaceAll("\n", "\r\n")],
    // At these alone, kubectl does not cut a file.
    ["lone carriage returns", manifest.replaceAll("\n", "\r").replaceAll("\r---\r", "\n---\n")],
    ["no last line break", manifest.trimEnd()],
    ["blanks and tabs at the ends of lines", manifest.replaceAll("\n", " \t\n")],
    ["empty documents around", `${manifest}---\n---\n# nothing\n---\n`],
  ];
  for (const [name, text] of forms) {
    test(`${name}: the same is found`, () => assert.deepEqual(found(analysisOf({ f: text }), "f"), expected));
  }

  test("empty documents before: the same is found further down", () => {
    assert.deepEqual(found(analysisOf({ f: `---\n---\n# none\n---\n${manifest}` }), "f"), ["schema-type 11:13"]);
  });

  // To Kubernetes these end lines; to editors they do not, so that all is on one line.
  for (const [name, separator] of [
    ["NEL", "\u0085"],
    ["U+2028", "\u2028"],
    ["U+2029", "\u2029"],
  ] as const) {
    test(`${name} between lines: the same is found`, () => {
      // kubectl cuts a file at lines that a line feed ends, and at no others.
      const text = manifest.replaceAll("\n", separator).replaceAll(`${separator}---${separator}`, "\n---\n");
      const analysis = analysisOf({ f: text });
      assert.deepEqual(
        analysis.findings(uriOf("f")).map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`),
        ["schema-type x"],
      );
    });
  }

  test("a tab for indentation is one problem, and the next document keeps its own", () => {
    const text = `${service("a").replace("  name: a", "\tname: a")}---\n${manifest}`;
    assert.deepEqual(found(analysisOf({ f: text }), "f"), ["yaml-syntax 4:1", "schema-type 16:13"]);
  });
});
