import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorkspace, defaultConfig, type Workspace } from "../../server/src/engine/api.js";
import serviceMissing from "../../server/src/engine/rules/service-missing.js";

const base = "file:///work/base/db.yaml";

const statefulSet = (image: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec: { containers: [{ name: db, image: "${image}", ports: [{ containerPort: 5432 }] }] }
`;

/** A base that so many overlays read, each with other replicas. */
function workspaceWith(overlays: number): Workspace {
  const workspace = createWorkspace(defaultConfig);
  workspace.setFile(base, statefulSet("db:1"));
  workspace.setFile("file:///work/base/kustomization.yaml", "resources: [db.yaml]\n");
  for (let number = 0; number < overlays; number++) {
    workspace.setFile(
      `file:///work/overlays/${number}/kustomization.yaml`,
      `resources: [../../base]\nreplicas: [{ name: db, count: ${number} }]\n`,
    );
  }
  workspace.setComplete(true);
  return workspace;
}

describe("a base that many overlays read", () => {
  test("is judged in one after another, and then no more when its findings are asked for", ({ mock }) => {
    const checks = mock.method(serviceMissing, "check").mock;
    const overlays = 10;
    const workspace = workspaceWith(overlays);
    const counts: number[] = [];
    for (const _ of workspace.snapshot().prepare(base)) counts.push(checks.callCount());
    const steps = counts.map((count, place) => count - (counts[place - 1] ?? 0));
    assert.ok(
      steps.every((step) => step <= 1),
      "each piece judges one build",
    );
    assert.equal(checks.callCount(), overlays);
    const found = workspace.snapshot().findings(base);
    assert.equal(checks.callCount(), overlays);

    const afresh = workspaceWith(overlays).snapshot().findings(base);
    assert.deepEqual(found, afresh);
  });

  test("is judged again after an edit as far as somebody went before the next one", ({ mock }) => {
    const checks = mock.method(serviceMissing, "check").mock;
    const workspace = workspaceWith(10);
    workspace.snapshot().findings(base);
    checks.resetCalls();
    workspace.setFile(base, statefulSet("db:2"));
    for (const _ of workspace.snapshot().prepare(base)) if (checks.callCount() === 3) break;
    workspace.setFile(base, statefulSet("db:3"));
    workspace.snapshot().findings(base);
    assert.equal(checks.callCount(), 3 + 10);
  });

  test("has nothing to prepare where it stands for itself", () => {
    const workspace = createWorkspace(defaultConfig);
    workspace.setFile(base, statefulSet("db:1"));
    assert.deepEqual([...workspace.snapshot().prepare(base)], []);
    assert.deepEqual([...workspace.snapshot().prepare("file:///work/other.yaml")], []);
  });
});
