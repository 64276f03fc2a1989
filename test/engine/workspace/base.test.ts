import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorkspace, defaultConfig } from "../../../server/src/engine/api.js";
import { rules } from "../../../server/src/engine/rules/registry.js";
import { readChunk } from "../../../server/src/engine/workspace/source-file.js";
import { root } from "../../harness/workspace.js";

const set = (name: string, policy: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  podManagementPolicy: ${policy}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: ${name}, image: ${name} }] }
`;
const uri = `${root}db.yaml`;
const other = `${root}other.yaml`;
const head = (files: readonly (readonly [string, string | undefined])[]) => ({ title: "HEAD", files: new Map(files) });

/** A workspace that counts the texts that it reads. */
function counting() {
  const read: string[] = [];
  const workspace = createWorkspace(
    defaultConfig,
    {},
    {
      rules,
      read(text, reading, visible) {
        read.push(text);
        return readChunk(text, reading, visible);
      },
    },
  );
  const found = () => {
    const analysis = workspace.snapshot();
    return [...analysis.uris()].flatMap((one) => analysis.findings(one)).filter(({ rule }) => /changed/.test(rule));
  };
  return { workspace, read, found };
}

describe("the base that files are compared with", () => {
  test("is read once, and an edit of one document reads that one", () => {
    const { workspace, read, found } = counting();
    const file = (...policies: readonly string[]) =>
      policies.map((policy, index) => set(`db${index}`, policy)).join("---\n");
    const policies = ["OrderedReady", "OrderedReady", "OrderedReady"];
    workspace.setFile(uri, file(...policies));
    workspace.setBase(head([[uri, file(...policies)]]));
    assert.deepEqual(found(), []);
    assert.equal(read.length, 3, "what the base has in common with the file is not read again");
    workspace.setFile(uri, file("OrderedReady", "Parallel", "OrderedReady"));
    assert.deepEqual(
      found().map(({ resource }) => resource?.name),
      ["db1"],
    );
    workspace.setBase(head([[uri, file(...policies)]]));
    found();
    assert.equal(read.length, 4);
  });

  test("follows the files that are not among its own", () => {
    const { workspace, found } = counting();
    workspace.setFile(uri, set("db", "OrderedReady"));
    workspace.setBase(head([]));
    workspace.setFile(uri, set("db", "Parallel"));
    assert.deepEqual(found(), []);
    workspace.setBase(head([[uri, set("db", "OrderedReady")]]));
    assert.equal(found().length, 1);
    workspace.setBase(head([]));
    assert.deepEqual(found(), []);
    workspace.setBase(head([[uri, set("db", "OrderedReady")]]));
    assert.equal(found().length, 1);
    workspace.setBase(undefined);
    assert.deepEqual(found(), []);
  });

  test("a set that is new says nothing, and one that moved is the same", () => {
    const { workspace, found } = counting();
    workspace.setFile(uri, set("db", "Parallel"));
    workspace.setBase(head([[uri, undefined]]));
    assert.deepEqual(found(), []);
    workspace.setBase(
      head([
        [uri, undefined],
        [other, set("db", "OrderedReady")],
      ]),
    );
    assert.equal(found().length, 1);
    // Two sets of one name: which of them it was is not known.
    workspace.setBase(
      head([
        [uri, undefined],
        [other, set("db", "OrderedReady")],
        [`${root}third.yaml`, set("db", "OrderedReady")],
      ]),
    );
    assert.deepEqual(found(), []);
  });

  test("a comment that disables a rule about edits is never called unused", () => {
    const comment = "# ordinal-disable immutable-field-changed\n";
    const { workspace } = counting();
    workspace.setComplete(true);
    const all = () =>
      workspace
        .snapshot()
        .findings(uri)
        .map(({ rule }) => rule);
    workspace.setFile(uri, comment + set("db", "Parallel"));
    assert.ok(!all().includes("unused-suppression"));
    workspace.setBase(head([[uri, set("db", "OrderedReady")]]));
    assert.ok(!all().includes("unused-suppression"));
    assert.ok(!all().includes("immutable-field-changed"));
  });

  test("what an upgrade changes does not depend on it", () => {
    const { workspace } = counting();
    workspace.setFile(uri, set("db", "Parallel"));
    workspace.setBase(head([[uri, set("db", "OrderedReady")]]));
    const upgrade = workspace.snapshot().upgrade(uri, { minor: 37, patch: undefined });
    assert.deepEqual(
      upgrade.changes.filter(({ rule }) => rule === "immutable-field-changed"),
      [],
    );
  });
});
