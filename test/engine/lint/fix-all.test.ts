import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, defaultConfig, type Config } from "../../../server/src/engine/api.js";
import { fixAll } from "../../../server/src/engine/lint/fix-all.js";
import { createWorkspace } from "../../harness/workspace.js";

const uri = "file:///work/db.yaml";

const manifest = (spec: string, comment = "") => `${comment}apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
${spec}  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db }
    spec:
      containers:
        - { name: db, image: db }
---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { clusterIP: None, selector: { app: db } }
`;
const retention = "  persistentVolumeClaimRetentionPolicy:\n    whenScaled: Delete\n";
const needless = "# ordinal-disable retention-no-templates\n";

interface Case {
  readonly title: string;
  readonly text: string;
  readonly fixed: string;
  readonly count: number;
  readonly config?: Config;
  readonly complete?: boolean;
}

const cases: readonly Case[] = [
  { title: "nothing is wrong", text: manifest(""), fixed: manifest(""), count: 0 },
  { title: "one finding", text: manifest(retention), fixed: manifest(""), count: 1 },
  {
    title: "two documents, with other line ends",
    text: `${manifest(retention)}---\n${manifest(retention)}`.replaceAll("\n", "\r\n"),
    fixed: `${manifest("")}---\n${manifest("")}`.replaceAll("\n", "\r\n"),
    count: 2,
  },
  {
    title: "a finding that another fix takes away, and no end of line",
    text: manifest("  persistentVolumeClaimRetentionPolicy:\n    whenScaled: retain\n").trimEnd(),
    fixed: manifest("").trimEnd(),
    count: 1,
  },
  { title: "a silenced finding", text: manifest(retention, needless), fixed: manifest(retention, needless), count: 0 },
  {
    title: "a rule that is off",
    text: manifest(retention),
    fixed: manifest(retention),
    count: 0,
    config: { ...defaultConfig, rules: { "retention-no-templates": "off" } },
  },
  { title: "a needless comment", text: manifest("", needless), fixed: manifest(""), count: 1 },
  {
    title: "a comment that files to come may need",
    text: manifest("", needless),
    fixed: manifest("", needless),
    count: 0,
    complete: false,
  },
  {
    title: "a fix to review",
    text: manifest("").replace("serviceName: db", "serviceName: bd"),
    fixed: manifest("").replace("serviceName: db", "serviceName: bd"),
    count: 0,
  },
];
for (const { title, text, fixed, count, config = defaultConfig, complete = true } of cases) {
  test(`all safe fixes: ${title}`, () => {
    const workspace = createWorkspace(config);
    workspace.setFile(uri, text);
    workspace.setComplete(complete);
    const before = workspace.snapshot();
    const all = before.fixAll(uri);
    assert.equal(applyEdits(text, all.edits), fixed);
    assert.equal(all.count, count);
    assert.equal(before.lines(uri)?.lineCount, text.split("\n").length, "the workspace itself stays as it is");
    workspace.setFile(uri, fixed);
    assert.deepEqual(workspace.snapshot().fixAll(uri), { edits: [], count: 0 });
  });
}

test("a file that is not known has no fixes", () => {
  assert.deepEqual(createWorkspace(defaultConfig).snapshot().fixAll(uri), { edits: [], count: 0 });
});

test("fixes that undo one another end", () => {
  const flip = (text: string) => [[{ span: { start: 0, end: 1 }, newText: text === "a" ? "b" : "a" }]];
  assert.equal(fixAll("a", flip).count, 1000);
});
