import assert from "node:assert/strict";
import { test } from "node:test";
import { createWorkspace, defaultConfig } from "../../../server/src/engine/api.js";

const root = "file:///work/";

const statefulSet = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 1
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: main, image: "postgres:17" }] }
`;
const kustomization = "resources: [db.yaml]\n";
const chart = { "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n" };
const chainsawTest = "apiVersion: chainsaw.kyverno.io/v1alpha1\nkind: Test\nmetadata: { name: StatefulSet }\n";

const cases: readonly {
  readonly title: string;
  readonly before: Readonly<Record<string, string>>;
  /** The first file is written anew. */
  readonly change: (text: string) => string | undefined;
  readonly isAlone: boolean;
}[] = [
  {
    title: "an image",
    before: { "db.yaml": statefulSet },
    change: (text) => text.replace("postgres:17", "postgres:18"),
    isAlone: true,
  },
  {
    title: "a comment",
    before: { "db.yaml": statefulSet },
    change: (text) => `# why\n${text}`,
    isAlone: true,
  },
  {
    title: "a label, which others see",
    before: { "db.yaml": statefulSet },
    change: (text) => text.replace("labels: { app: db }", "labels: { app: db, tier: data }"),
    isAlone: false,
  },
  {
    title: "another document",
    before: { "db.yaml": statefulSet },
    change: (text) => `${text}---\n# nothing\n`,
    isAlone: false,
  },
  { title: "a file goes", before: { "db.yaml": statefulSet }, change: () => undefined, isAlone: false },
  {
    title: "an image that a kustomization reads",
    before: { "db.yaml": statefulSet, "kustomization.yaml": kustomization },
    change: (text) => text.replace("postgres:17", "postgres:18"),
    isAlone: false,
  },
  {
    title: "a kustomization that names a kind",
    before: { "kustomization.yaml": `${kustomization}# kind: StatefulSet, apiVersion: v1\n`, "db.yaml": statefulSet },
    change: (text) => text.replace("[db.yaml]", "[]"),
    isAlone: false,
  },
  {
    title: "a manifest in a chart",
    before: { "c/templates/db.yaml": statefulSet, ...chart },
    change: (text) => text.replace("postgres:17", "postgres:18"),
    isAlone: false,
  },
  {
    title: "an object of a kind that is not known",
    before: { "test.yaml": chainsawTest, "db.yaml": statefulSet },
    change: (text) => `${text}spec: {}\n`,
    isAlone: false,
  },
  {
    title: "what says of which release the cluster is",
    before: { "db.yaml": statefulSet.replace("postgres:17", "kindest/node:v1.35.0") },
    change: (text) => text.replace("v1.35", "v1.36"),
    isAlone: false,
  },
  {
    title: "half a key",
    before: { "db.yaml": statefulSet },
    change: (text) => text.replace("replicas: 1", "repl"),
    isAlone: false,
  },
];

for (const { title, before, change, isAlone } of cases) {
  test(`a change that ${isAlone ? "concerns its file alone" : "may show anywhere"}: ${title}`, () => {
    const workspace = createWorkspace(defaultConfig);
    for (const [name, text] of Object.entries(before)) workspace.setFile(root + name, text);
    workspace.setComplete(true);
    const { state } = workspace.snapshot();
    assert.equal(workspace.snapshot().state, state, "nothing has changed yet");
    const [[name, text] = ["", ""]] = Object.entries(before);
    const next = change(text);
    if (next === undefined) workspace.removeFile(root + name);
    else workspace.setFile(root + name, next);
    const analysis = workspace.snapshot();
    const changed = isAlone ? new Set([root + name]) : undefined;
    assert.deepEqual(analysis.changedSince(state), changed);
    assert.equal(analysis.isSameSince(state, [root + name]), false);
    assert.equal(analysis.isSameSince(state, ["file:///work/other.yaml"]), isAlone);
  });
}

test("settings, a base and the end of reading concern all files", () => {
  const workspace = createWorkspace(defaultConfig);
  workspace.setFile(`${root}db.yaml`, statefulSet);
  for (const change of [
    () => workspace.setConfig({ ...defaultConfig }),
    () => workspace.setBase({ title: "HEAD", files: new Map() }),
    () => workspace.setComplete(true),
  ]) {
    const { state } = workspace.snapshot();
    change();
    assert.equal(workspace.snapshot().changedSince(state), undefined);
  }
});

test("another workspace knows nothing of a state", () => {
  const [one, other] = [createWorkspace(defaultConfig), createWorkspace(defaultConfig)];
  assert.equal(other.snapshot().changedSince(one.snapshot().state), undefined);
});
