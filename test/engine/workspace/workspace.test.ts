import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorkspace, defaultConfig, type Workspace } from "../../../server/src/engine/api.js";
import serviceMissing from "../../../server/src/engine/rules/service-missing.js";
import { fileAt, segments } from "../../../server/src/engine/workspace/directory.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";
import { many } from "../../harness/fast.js";

const uri = "file:///work/db.yaml";

const service = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
spec:
  clusterIP: None
  selector: { app: db }
`;

const statefulSet = (serviceName: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: ${serviceName}
  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db }
    spec:
      containers: [{ name: db, image: db }]
`;

function workspaceWith(files: Readonly<Record<string, string>>): Workspace {
  const workspace = createWorkspace(defaultConfig);
  for (const [file, text] of Object.entries(files)) workspace.setFile(file, text);
  workspace.setComplete(true);
  return workspace;
}

function found(workspace: Workspace, file = uri): readonly string[] {
  return workspace
    .snapshot()
    .findings(file)
    .map((finding) => finding.rule);
}

describe("a workspace", () => {
  test("says nothing is missing until every file has been read", () => {
    const workspace = createWorkspace(defaultConfig);
    workspace.setFile(uri, statefulSet("db"));
    assert.deepEqual(found(workspace), []);
    workspace.setComplete(true);
    assert.deepEqual(found(workspace), ["service-missing"]);
  });

  test("tells equal documents of one file apart", () => {
    const workspace = workspaceWith({ [uri]: `${service("db")}---\n${service("db")}---\n${service("db")}` });
    const lines = () =>
      workspace
        .snapshot()
        .findings(uri)
        .map(({ rule, span }) => `${rule} ${workspace.snapshot().lines(uri)?.position(span.start).line}`);
    assert.deepEqual(lines(), ["duplicate-object 11", "duplicate-object 19"]);
    workspace.setFile(uri, `${service("db")}---\n${service("db")}`);
    assert.deepEqual(lines(), ["duplicate-object 11"]);
  });

  test("looks again when another file changes what it shows", () => {
    const other = "file:///work/service.yaml";
    const workspace = workspaceWith({ [uri]: statefulSet("db") });
    assert.deepEqual(found(workspace), ["service-missing"]);
    workspace.setFile(other, service("db"));
    assert.deepEqual(found(workspace), []);
    workspace.removeFile(other);
    assert.deepEqual(found(workspace), ["service-missing"]);
  });

  test("a snapshot stays as it is", () => {
    const workspace = workspaceWith({ [uri]: statefulSet("db") });
    const before = workspace.snapshot();
    workspace.setFile(uri, service("db"));
    assert.deepEqual(
      before.findings(uri).map((finding) => finding.rule),
      ["service-missing"],
    );
    assert.deepEqual(found(workspace), []);
  });

  test("half-typed YAML in one document does not make another miss what it held", () => {
    const workspace = workspaceWith({ [uri]: `${statefulSet("db")}---\n${service("db")}` });
    assert.deepEqual(found(workspace), []);
    workspace.setFile(uri, `${statefulSet("db")}---\n${service("db")}   selector: [`);
    assert.deepEqual(found(workspace), ["yaml-syntax"]);
  });

  test("a fix that creates a Service writes it as the file is: CRLF, no final newline, before the next document", () => {
    const text = `${statefulSet("db")}---\n${service("other")}`.replaceAll("\n", "\r\n").trimEnd();
    const workspace = workspaceWith({ [uri]: text });
    const create = workspace
      .snapshot()
      .fixes(uri, { start: 0, end: text.length })
      .find((fix) => fix.title.startsWith("Create"));
    assert.deepEqual(create?.changes, [
      {
        uri,
        edits: [
          {
            span: { start: text.indexOf("---"), end: text.indexOf("---") },
            newText:
              "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: db\nspec:\n  clusterIP: None\n  selector:\n    app: db\n".replaceAll(
                "\n",
                "\r\n",
              ),
          },
        ],
      },
    ]);
  });
});

describe("one keystroke costs one document's work", () => {
  const text = `${service("db")}---\n${statefulSet("db")}`;
  const documentsOf = (files: WorkspaceFiles) => {
    const [file] = files.snapshot.files.directories
      .get("file:")!
      .directories.get("")!
      .directories.get("")!
      .directories.get("work")!
      .files.values();
    return file!.documents;
  };

  test("the documents before and after an edit stay the same objects, wherever they move", () => {
    const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
    files.setFile(uri, text);
    const before = documentsOf(files);
    files.setFile(uri, text.replace("name: db", "name: database"));
    const after = documentsOf(files);
    assert.notEqual(after[0]!.chunk, before[0]!.chunk);
    assert.equal(after[1]!.chunk, before[1]!.chunk);
    assert.notEqual(after[1]!.start, before[1]!.start);
  });

  test("in many files, only those are checked again that see what has changed", ({ mock }) => {
    const checks = mock.method(serviceMissing, "check").mock;
    const directories = 10 + many(490);
    const workspace = createWorkspace(defaultConfig);
    const files = Array.from({ length: directories }, (_, directory) => [
      { file: `file:///work/${directory}/app/set.yaml`, text: statefulSet("db") },
      { file: `file:///work/${directory}/app/service.yaml`, text: service("db") },
      { file: `file:///work/${directory}/web/set.yaml`, text: statefulSet("db") },
      { file: `file:///work/${directory}/web/service.yaml`, text: service("db") },
    ]).flat();
    for (const { file, text } of files) workspace.setFile(file, text);
    workspace.setComplete(true);
    const checkAll = () => {
      checks.resetCalls();
      const analysis = workspace.snapshot();
      for (const { file } of files) analysis.findings(file);
      return checks.callCount();
    };
    assert.equal(checkAll(), 2 * directories);
    assert.equal(checkAll(), 0);

    workspace.setFile("file:///work/7/app/set.yaml", `# a comment\n${statefulSet("db")}`);
    assert.equal(checkAll(), 1, "a comment: the document itself");
    workspace.setFile("file:///work/7/app/set.yaml", statefulSet("db").replace("{ app: db }", "{ app: database }"));
    assert.equal(checkAll(), 1, "a label: it alone, since no other's answers depend on it");
    workspace.setFile("file:///work/7/app/service.yaml", service("data"));
    assert.equal(checkAll(), 1, "a Service: the set that meant it");
  });

  test("in a long file, only that is checked again of which an answer has changed", ({ mock }) => {
    const checks = mock.method(serviceMissing, "check").mock;
    const sets = 50;
    const workspace = createWorkspace(defaultConfig);
    const text = Array.from({ length: sets }, (_, set) =>
      [statefulSet("db"), service("db")].map((one) => one.replaceAll("db", `db-${set}`)),
    )
      .flat()
      .join("---\n");
    const checksOf = (now: string) => {
      checks.resetCalls();
      workspace.setFile(uri, now);
      workspace.snapshot().findings(uri);
      return checks.callCount();
    };
    workspace.setComplete(true);
    assert.equal(checksOf(text), sets);
    assert.equal(checksOf(text.replace("image: db-7 ", "image: other ")), 1, "an image: the edited set");
    const labels = text.replace("labels: { app: db-7 }", "labels: { app: db-7, tier: data }");
    assert.equal(checksOf(labels), 1, "labels: the edited set");
    assert.equal(
      checksOf(labels.replace("name: db-9\nspec:\n  clusterIP", "name: data\nspec:\n  clusterIP")),
      1,
      "a Service: its set",
    );
  });

  test("in a list of objects, only the edited item is read and checked again", ({ mock }) => {
    const checks = mock.method(serviceMissing, "check").mock;
    const sets = 50;
    const asItem = (one: string) => `- ${one.trimEnd().replaceAll("\n", "\n  ")}\n`;
    const items = Array.from({ length: sets }, (_, set) =>
      [statefulSet("db"), service("db")].map((one) => asItem(one.replaceAll("db", `db-${set}`))),
    ).flat();
    const text = `apiVersion: v1\nkind: List\nitems:\n${items.join("")}`;
    const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
    const workspace = createWorkspace(defaultConfig);
    workspace.setComplete(true);
    let known: ReadonlySet<unknown> = new Set();
    const costOf = (now: string) => {
      checks.resetCalls();
      workspace.setFile(uri, now);
      workspace.snapshot().findings(uri);
      files.setFile(uri, now);
      const trees = itemsOf(files).map(({ tree }) => tree);
      const read = trees.filter((tree) => !known.has(tree)).length;
      known = new Set(trees);
      return { read, checked: checks.callCount() };
    };
    assert.deepEqual(costOf(text), { read: 2 * sets, checked: sets });
    const edited = text.replace("image: db-7 ", "image: another ");
    assert.deepEqual(costOf(edited), { read: 1, checked: 1 }, "an image");
    assert.deepEqual(costOf(`# a comment\n${edited}`), { read: 0, checked: 0 }, "a comment above");
    const labels = edited.replace("labels: { app: db-7 }", "labels: { app: db-7, tier: data }");
    assert.deepEqual(costOf(labels), { read: 1, checked: 1 }, "labels");
    const renamed = labels.replace("name: db-9\n  spec:\n    clusterIP", "name: data\n  spec:\n    clusterIP");
    assert.deepEqual(costOf(renamed), { read: 1, checked: 1 }, "a Service: its set");
    const whole = known;
    costOf(renamed.replace("image: db-8 ", "image: [ "));
    known = whole;
    assert.deepEqual(costOf(renamed), { read: 0, checked: 0 }, "a bracket, taken back");
  });

  test("a comment leaves what other files see as it is", () => {
    const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
    files.setFile(uri, text);
    const before = files.snapshot.index;
    files.setFile(uri, `# a comment\n${text}`);
    assert.equal(files.snapshot.index, before);
    files.setFile(uri, text.replace("name: db", "name: database"));
    assert.notEqual(files.snapshot.index, before);
  });
});

function itemsOf(files: WorkspaceFiles) {
  return fileAt(files.snapshot.files, segments(uri))?.documents[0]?.chunk.document.items ?? [];
}
