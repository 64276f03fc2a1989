import assert from "node:assert/strict";
import { test } from "node:test";
import { readResource } from "../../../server/src/engine/kubernetes/resources/resource.js";
import { readWrittenSpec, type ReadSpec } from "../../../server/src/engine/rollout/read.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";

const manifest = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: prod }
spec:
  serviceName: db
  replicas: 5
  podManagementPolicy: Parallel
  minReadySeconds: 10
  ordinals: { start: 2 }
  updateStrategy:
    type: RollingUpdate
    rollingUpdate: { partition: 3, maxUnavailable: 50% }
  persistentVolumeClaimRetentionPolicy: { whenScaled: Delete }
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      terminationGracePeriodSeconds: 60
      tolerations: [{ key: gpu, operator: Exists, tolerationSeconds: 5 }]
      initContainers: [{ name: prepare, image: busybox }]
      containers:
        - name: db
          image: postgres:16
          lifecycle: { preStop: { exec: { command: ["sh", "-c", "sleep 15"] } } }
          startupProbe: { periodSeconds: 5 }
          readinessProbe: { initialDelaySeconds: 3, periodSeconds: 2, successThreshold: 2 }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }
`;

function read(text: string): ReadSpec {
  const resource = readResource(parse(text).root);
  return resource?.kind === "StatefulSet" ? readWrittenSpec(resource) : assert.fail("no StatefulSet");
}

test("a manifest is read as it is written", () => {
  const { spec, unknown } = read(manifest);
  const { revision: _revision, immutableFields: _immutableFields, ...rest } = spec;
  assert.deepEqual(unknown, []);
  assert.deepEqual(rest, {
    apiVersion: "apps/v1",
    name: "db",
    namespace: "prod",
    replicas: 5,
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 3, maxUnavailable: "50%" } },
    ordinals: { start: 2 },
    minReadySeconds: 10,
    persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: undefined },
    revisionHistoryLimit: undefined,
    claims: ["data"],
    timing: {
      containers: [
        {
          readinessProbe: { initialDelaySeconds: 3, periodSeconds: 2, successThreshold: 2 },
          startupProbe: { initialDelaySeconds: undefined, periodSeconds: 5, successThreshold: undefined },
        },
      ],
      initContainers: 1,
      preStopSleepSeconds: 15,
      terminationGracePeriodSeconds: 60,
      tolerations: [{ key: "gpu", operator: "Exists", value: undefined, effect: undefined, tolerationSeconds: 5 }],
    },
  });
});

/** Which of revision and immutable fields an edit changes. */
function check(from: string, to: string, changed: readonly string[]): void {
  assert.ok(manifest.includes(from), from);
  const before = read(manifest).spec;
  const after = read(manifest.replace(from, to)).spec;
  const found = (["revision", "immutableFields"] as const).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  assert.deepEqual(found, changed, `${from} -> ${to}`);
}

test("the revision follows the template, the immutable fields the rest", () => {
  check("postgres:16", "postgres:17", ["revision"]);
  check("replicas: 5", "replicas: 6", []);
  check("{ name: prepare, image: busybox }", "{ image: busybox, name: prepare }", []);
  check("serviceName: db", "serviceName: other", ["immutableFields"]);
  check("storage: 1Gi", "storage: 1024Mi", []);
  check("storage: 1Gi", "storage: 2Gi", ["immutableFields"]);
  check("accessModes: [ReadWriteOnce],", "accessModes: [ReadWriteOnce], volumeMode: Filesystem,", []);
});

test("what cannot be read is named and left out", () => {
  const { spec, unknown } = read(
    manifest.replace("replicas: 5", "replicas: many").replace("partition: 3", "partition: []"),
  );
  assert.equal(spec.replicas, undefined);
  assert.deepEqual(unknown, [
    { path: "spec.replicas", problem: "invalid" },
    { path: "spec.updateStrategy.rollingUpdate.partition", problem: "invalid" },
  ]);
});

test("a rollingUpdate block is there or not", () => {
  const strategy = (text: string): unknown =>
    read(`apiVersion: apps/v1\nkind: StatefulSet\nspec: ${text}\n`).spec.updateStrategy;
  assert.deepEqual(strategy("{}"), { type: undefined, rollingUpdate: undefined });
  assert.deepEqual(strategy("{ updateStrategy: { type: RollingUpdate } }"), {
    type: "RollingUpdate",
    rollingUpdate: undefined,
  });
  assert.deepEqual(strategy("{ updateStrategy: { type: RollingUpdate, rollingUpdate: {} } }"), {
    type: "RollingUpdate",
    rollingUpdate: { partition: undefined, maxUnavailable: undefined },
  });
});
