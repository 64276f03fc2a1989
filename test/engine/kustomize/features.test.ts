import assert from "node:assert/strict";
import { test } from "node:test";
import { readWrittenSpec } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";
import { hoverIn, lensesIn, writeFieldsIn } from "../../harness/features.js";

const set = `# file: base/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 2
  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db }
    spec:
      containers:
        - name: db
          image: example/db
`;

const base = `# file: base/kustomization.yaml
resources: [set.yaml]
${set}`;

const prod = `# file: overlays/prod/kustomization.yaml
resources: [../../base]
namePrefix: prod-
replicas: [{ name: db, count: 5 }]
`;

const staging = `# file: overlays/staging/kustomization.yaml
resources: [../../base]
`;

const uri = `${root}base/set.yaml`;

function hoverAt(fixture: string, word: string): string {
  return hoverIn(analyse(fixture), uri, set.indexOf(word))?.markdown ?? "";
}

test("hovers speak of what is built, and of each build where they differ", () => {
  const built = hoverAt(base + prod, "replicas: 2");
  assert.match(built, /`5` as built by `overlays\/prod`/);
  assert.match(built, /prod-db-4/);
  const differing = hoverAt(base + prod + staging, "replicas: 2");
  assert.doesNotMatch(differing, /as built by/);
  assert.match(differing, /`overlays\/prod`: `5`\n\n5 pods: `prod-db-0`/);
  assert.match(differing, /`overlays\/staging`: `2`\n\n2 pods: `db-0`, `db-1`/);
});

test("the preview plays what is built, and of several builds only what is the same", () => {
  const replicas = (fixture: string) => {
    const [placed] = analyse(fixture).statefulSets(uri);
    return placed?.built && readWrittenSpec(placed.built.statefulSet).spec.replicas;
  };
  assert.equal(replicas(set), undefined);
  assert.equal(replicas(base + prod), 5);
  assert.equal(replicas(base + staging), 2);
  assert.equal(replicas(base + prod + staging), undefined);
  assert.equal(lensesIn(analyse(base + prod), uri)[0]?.title.includes("prod-db-0"), true);
});

test("a lens names the pods of each build where they differ", () => {
  const titles = (fixture: string) => lensesIn(analyse(fixture), uri).map(({ title }) => title);
  assert.deepEqual(titles(base + prod), ["Preview rollout: 5 pods prod-db-0 ... prod-db-4, Service db"]);
  assert.deepEqual(titles(base + prod + staging), [
    "Preview rollout: overlays/prod: 5 pods prod-db-0 ... prod-db-4, overlays/staging: 2 pods db-0 and db-1, Service db",
  ]);
  const same = staging.replace("staging", "test");
  assert.deepEqual(titles(base + same + staging), ["Preview rollout: 2 pods db-0 and db-1, Service db"]);
});

test("a patch is played as the set that it makes", () => {
  const patch = `# file: overlays/prod/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { replicas: 7 }
`;
  const overlay = "# file: overlays/prod/kustomization.yaml\nresources: [../../base]\npatches: [{ path: set.yaml }]\n";
  const analysis = analyse(base + overlay + patch);
  const [placed] = analysis.statefulSets(`${root}overlays/prod/set.yaml`);
  assert.equal(placed?.built && readWrittenSpec(placed.built.statefulSet).spec.replicas, 7);
  assert.match(hoverIn(analysis, `${root}overlays/prod/set.yaml`, patch.indexOf("replicas"))?.markdown ?? "", /db-6/);
});

test("what an overlay sets is not written to the base", () => {
  const analysis = analyse(base + prod);
  assert.deepEqual(writeFieldsIn(analysis, uri, 0, [{ field: "spec.replicas", value: 3 }]), {
    type: "refused",
    reason: "spec.replicas is set by overlays/prod",
  });
  assert.equal(writeFieldsIn(analysis, uri, 0, [{ field: "spec.minReadySeconds", value: 3 }])?.type, "edits");
});
