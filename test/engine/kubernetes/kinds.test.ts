import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import type * as apiModule from "../../../server/src/engine/api.js";
import type * as sourceFileModule from "../../../server/src/engine/workspace/source-file.js";
import type * as parseModule from "../../../server/src/engine/yaml/parse.js";
import type * as resourceModule from "../../../server/src/engine/kubernetes/resources/resource.js";
import type * as composeModule from "../../../server/src/engine/kustomize/compose.js";
import type * as composedPlaceModule from "../../../server/src/engine/kustomize/composed-place.js";
import type * as workspaceModule from "../../../server/src/engine/workspace/workspace.js";
import type * as directoryModule from "../../../server/src/engine/workspace/directory.js";
import { kindOf } from "../../../server/src/engine/kubernetes/resources/kinds.js";
import { kinds } from "../../../server/src/engine/kubernetes/kinds/registry.js";
import { rootType } from "../../../server/src/engine/kubernetes/schema/schema.js";
import { schemaSpot } from "../../../server/src/engine/kubernetes/schema/walk.js";
import { kindRegistry } from "../../../server/src/tools/kind-registry.js";
import type * as featuresModule from "../../harness/features.js";
import { changedCopy } from "../../harness/changed-copy.js";
import { describeSlow } from "../../harness/fast.js";

/** The versions that the schema has of the kinds whose group has one. */
const versions = { "": "v1", apps: "apps/v1", autoscaling: "autoscaling/v2", "storage.k8s.io": "storage.k8s.io/v1" };

describe("references", () => {
  for (const { group, kind, references } of kinds) {
    test(`every one of ${kind} is a field of the API that holds a name`, () => {
      const version = Object.entries(versions).find(([one]) => one === group)?.[1];
      const type = version === undefined ? undefined : rootType(version, kind);
      if (type === undefined) return;
      const wrong = references.filter(({ path: field }) => {
        const steps = field.split(".").flatMap((step) => (step.endsWith("[]") ? [step.slice(0, -2), 0] : [step]));
        const spot = schemaSpot(type, steps);
        return spot?.type.kind !== "scalar" || spot.type.scalar !== "string";
      });
      assert.deepEqual(wrong, []);
    });
  }

  test("no two descriptors are of one kind", () => {
    for (const descriptor of kinds) {
      assert.equal(kindOf(`${descriptor.group}/v1`.replace(/^\//, ""), descriptor.kind), descriptor);
    }
  });
});

describeSlow("a kind that is added in one file", () => {
  const engine = "server/src/engine";
  const { root, load } = changedCopy([engine, "test/engine/kubernetes", "test/harness"]);
  const manifest = `apiVersion: batch/v1
kind: Toy
metadata:
  name: robot
spec:
  colour: red
  boxes:
    - configMapRef:
        name: box
`;
  const box = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: box\ndata: {}\n";

  before(() => {
    const folder = path.join(root, engine, "kubernetes/kinds");
    const known = readdirSync(folder).map((file) => path.basename(file, ".js"));
    const files = [...known.filter((file) => file !== "registry"), "../../../../../test/engine/kubernetes/toy"];
    writeFileSync(path.join(folder, "registry.js"), kindRegistry(files).replace(" as const", ""));
  });
  after(() => rmSync(root, { recursive: true }));

  const workspace = async (files: Readonly<Record<string, string>>) => {
    const { createWorkspace, defaultConfig } = await load<typeof apiModule>(`${engine}/api.js`);
    const created = createWorkspace(defaultConfig);
    for (const [name, text] of Object.entries(files)) created.setFile(`file:///toys/${name}`, text);
    created.setComplete(true);
    return created.snapshot();
  };

  test("is read, summarised and not passed over", async () => {
    const { readSourceFile } = await load<typeof sourceFileModule>(`${engine}/workspace/source-file.js`);
    const { documents, summaries } = readSourceFile("file:///toys/robot.yaml", manifest, undefined);
    assert.deepEqual(
      documents.map(({ chunk }) => [chunk.state, ...chunk.resources.map(({ kind }) => kind)]),
      [["checked", "Toy"]],
    );
    const [summary] = summaries[0]?.resources ?? [];
    assert.equal(JSON.stringify(summary).includes('"colour":"red"'), true);
  });

  test("is offered by completion, and so are the names that it may refer to", async () => {
    const analysis = await workspace({ "empty.yaml": "", "robot.yaml": manifest, "box.yaml": box });
    const { completionsIn } = await load<typeof featuresModule>("test/harness/features.js");
    const labels = (file: string, offset: number) =>
      completionsIn(analysis, `file:///toys/${file}`, offset, "user")?.items.map(({ label }) => label) ?? [];
    assert.ok(labels("empty.yaml", 0).includes("Toy"));
    assert.ok(labels("robot.yaml", manifest.lastIndexOf("box")).includes("box"));
  });

  test("has hovers", async () => {
    const analysis = await workspace({ "robot.yaml": manifest });
    const { hoverIn } = await load<typeof featuresModule>("test/harness/features.js");
    const hover = hoverIn(analysis, "file:///toys/robot.yaml", manifest.indexOf("colour"));
    assert.match(hover?.markdown ?? "", /What the toy looks like\.[^]*Since Kubernetes 1\.30/);
  });

  test("may be a part of one", async () => {
    const { parse } = await load<typeof parseModule>(`${engine}/yaml/parse.js`);
    const { isPartial, readResource } = await load<typeof resourceModule>(`${engine}/kubernetes/resources/resource.js`);
    const read = (text: string) => readResource(parse(text).root);
    const [whole, part] = [read(manifest), read(manifest.slice(0, manifest.indexOf("spec")))];
    assert.deepEqual(
      [whole, part].map((one) => one !== undefined && isPartial(one)),
      [false, true],
    );
  });

  test("follows what kustomize renames", async () => {
    const { compose, createMemory } = await load<typeof composeModule>(`${engine}/kustomize/compose.js`);
    const { composedPlace } = await load<typeof composedPlaceModule>(`${engine}/kustomize/composed-place.js`);
    const { WorkspaceFiles } = await load<typeof workspaceModule>(`${engine}/workspace/workspace.js`);
    const { defaultConfig } = await load<typeof apiModule>(`${engine}/api.js`);
    const files = new WorkspaceFiles({ settings: defaultConfig, flags: {} });
    files.setFile("file:///toys/robot.yaml", manifest);
    files.setFile("file:///toys/box.yaml", box);
    files.setFile("file:///toys/kustomization.yaml", "namePrefix: blue-\nresources: [robot.yaml, box.yaml]\n");
    const { segments } = await load<typeof directoryModule>(`${engine}/workspace/directory.js`);
    const { resources } = compose(segments("file:///toys"), files.snapshot.files, createMemory(), undefined);
    const toy = resources.find(({ id }) => id.kind === "Toy");
    assert.equal(toy?.id.name, "blue-robot");
    const boxes = composedPlace(toy.value, toy.root).at("spec", "boxes");
    assert.equal(boxes.at(0, "configMapRef", "name").value(), "blue-box");
  });
});
