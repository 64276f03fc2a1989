import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  createWorkspace,
  defaultConfig,
  issuesUrl,
  version,
  type Config,
  type Parts,
} from "../../../server/src/engine/api.js";
import { readResources } from "../../../server/src/engine/kubernetes/resources/resource.js";
import { defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { createComposedBuilds } from "../../../server/src/engine/builds/composed.js";
import { runRulesOn } from "../../../server/src/engine/lint/run.js";
import { rules } from "../../../server/src/engine/rules/registry.js";
import { readChunk } from "../../../server/src/engine/workspace/source-file.js";
import { WorkspaceFiles } from "../../../server/src/engine/workspace/workspace.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import type { Path } from "../../../server/src/engine/yaml/path.js";
import { failingReader, withFailingRule } from "../../harness/failing.js";
import { repo } from "../../harness/repo.js";
import { filesOf, root } from "../../harness/workspace.js";

const set = (name: string, service: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  serviceName: ${service}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec: {containers: [{name: db, image: "db:1", ports: [{name: db, containerPort: 1}]}]}
`;
const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {clusterIP: None, selector: {app: ${name}}, ports: [{name: db, port: 1}]}
`;

/** Each finding as `file:line rule: what it says`. */
function found(fixture: string, parts: Parts, config: Partial<Config> = {}): readonly string[] {
  const workspace = createWorkspace({ ...defaultConfig, ...config }, {}, parts);
  for (const [name, text] of filesOf(fixture)) workspace.setFile(root + name, text);
  workspace.setComplete(true);
  const analysis = workspace.snapshot();
  return [...filesOf(fixture).keys()].flatMap((name) =>
    analysis.findings(root + name).map(({ rule, span, text, severity }) => {
      const line = (analysis.lines(root + name)?.position(span.start).line ?? 0) + 1;
      return `${name}:${line} ${severity} ${rule}: ${text}`;
    }),
  );
}

const bug = `This is a bug in Ordinal. Please report it at ${issuesUrl}`;

test("a rule that throws gives one finding a document, and everything else is found", () => {
  const fixture = `# file: a.yaml\n${set("db", "bd")}---\n${service("db")}---\n${set("web", "web")}---\n${service("web")}# file: b.yaml\n${set("other", "oter")}---\n${service("other")}`;
  const half = `warning internal-error: Rule failing-rule failed: TypeError: spec is undefined. ${bug}`;
  assert.deepEqual(found(fixture, withFailingRule), [
    `a.yaml:3 ${half}`,
    "a.yaml:6 warning service-missing: Service `bd` does not exist. Did you mean `db`, which selects these pods?",
    `a.yaml:18 ${half}`,
    `b.yaml:3 ${half}`,
    "b.yaml:6 warning service-missing: Service `oter` does not exist. Did you mean `other`, which selects these pods?",
  ]);
});

test("a rule that throws on each object of a list gives one finding", () => {
  const item = (name: string) => set(name, name).replace(/^/gm, "    ").replace(/^ {4}/, "  - ").trimEnd();
  const fixture = `apiVersion: v1\nkind: List\nitems:\n${item("a")}\n${item("b")}\n`;
  const failures = found(fixture, withFailingRule).filter((one) => one.includes("internal-error"));
  assert.equal(failures.length, 1);
});

test("a comment is not called needless where the rule that it names has failed", () => {
  const fixture = `# ordinal-disable failing-rule\n${set("db", "db")}---\n${service("db")}`;
  assert.deepEqual(
    found(fixture, withFailingRule).map((one) => one.split(":").slice(0, 2).join(":")),
    ["main.yaml:3 warning internal-error"],
  );
});

test("internal-error and the rule that fails can be switched off, by comment and by setting", () => {
  const fixture = `${set("db", "db")}---\n${service("db")}`;
  assert.deepEqual(found(`# ordinal-disable internal-error\n${fixture}`, withFailingRule), []);
  assert.deepEqual(found(fixture, withFailingRule, { rules: { "internal-error": "off" } }), []);
  assert.deepEqual(found(fixture, withFailingRule, { rules: { "failing-rule": "off" } }), []);
});

test("a document that cannot be read gives one finding, and nothing is missing because of it", () => {
  const fixture = `# file: a.yaml\n${set("db", "db")}---\n${service("db")}---\n${set("web", "web")}# file: b.yaml\n${set("c", "c")}  extra: 1\n`;
  const reading = `warning internal-error: Reading this document failed: RangeError: no such view. ${bug}`;
  assert.deepEqual(found(fixture, { rules, read: failingReader("kind: Service") }), [
    `a.yaml:12 ${reading}`,
    "b.yaml:11 error schema-unknown-field: Unknown field `extra` in `spec`",
  ]);
});

test("once the document that could not be read is gone, what is missing is said again", () => {
  const workspace = createWorkspace(defaultConfig, {}, { rules, read: failingReader("broken") });
  workspace.setComplete(true);
  workspace.setFile(`${root}a.yaml`, set("db", "db"));
  workspace.setFile(`${root}b.yaml`, "apiVersion: v1\nkind: broken\n");
  const said = () =>
    workspace
      .snapshot()
      .findings(`${root}a.yaml`)
      .map(({ rule }) => rule);
  assert.deepEqual(said(), []);
  workspace.removeFile(`${root}b.yaml`);
  assert.deepEqual(said(), ["service-missing"]);
});

test("a validation that throws is one finding, and the rules go on", () => {
  const [resource] = readResources(parse(set("db", "db")).root);
  assert.ok(resource !== undefined);
  const { place } = resource;
  const failing = {
    ...resource,
    place: {
      ...place,
      at(...steps: Path) {
        if (steps[0] === "kind") return place.at(...steps);
        throw new Error("no way");
      },
    },
  };
  const messages = runRulesOn(rules, failing, "whole", defaultConfig, () => {
    throw new Error("no surroundings");
  }).map(({ rule, message: { data } }) => `${rule} ${data["part"]}`);
  assert.ok(messages.includes("internal-error The schema validation of StatefulSet"), String(messages));
  assert.ok(messages.includes("internal-error Rule service-missing"));
});

test("a kustomization that fails is told there, and what lies beside it is not judged as it stands", () => {
  const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} }, (text, use, visible) => {
    const chunk = readChunk(text, use, visible);
    if (!text.includes("resources")) return chunk;
    // Its text fails whoever reads it, once it is kept.
    return Object.defineProperty({ ...chunk }, "text", {
      get() {
        throw new Error("no text");
      },
    });
  });
  files.setFile(`${root}k/kustomization.yaml`, "resources: [db.yaml]\n");
  files.setFile(`${root}k/db.yaml`, set("db", "db"));
  files.setFile(`${root}other/db.yaml`, set("db", "db"));
  const builds = createComposedBuilds(() => defaultRelease)(files.snapshot);
  const [build, ...others] = builds.of(`${root}k/db.yaml`);
  assert.deepEqual(others, []);
  assert.equal(build?.failed?.uri, `${root}k/kustomization.yaml`);
  assert.equal(build.unit.known, false);
  assert.deepEqual(builds.of(`${root}other/db.yaml`), []);
});

test("version and address are the package's", () => {
  const manifest = JSON.parse(readFileSync(repo("package.json"), "utf8")) as {
    readonly version: string;
    readonly bugs: { readonly url: string };
  };
  assert.deepEqual([version, issuesUrl], [manifest.version, manifest.bugs.url]);
});
