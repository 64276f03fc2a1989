import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { immutableChanges } from "../../../server/src/engine/compare/immutable.js";
import { readResource } from "../../../server/src/engine/kubernetes/resources/resource.js";
import type { StatefulSet } from "../../../server/src/engine/kubernetes/kinds/statefulset.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { formatPath } from "../../../server/src/engine/yaml/path.js";

const before = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: 1Gi
`;

function read(yaml: string): StatefulSet {
  const resource = readResource(parse(yaml).root);
  assert.equal(resource?.kind, "StatefulSet");
  return resource;
}

/** What is replaced by what, and where the change is told. */
const edits: readonly (readonly [title: string, from: string | RegExp, to: string, changed: readonly string[]])[] = [
  ["replicas may change", "replicas: 3", "replicas: 5", []],
  ["the template may change", "postgres:17", "postgres:18", []],
  ["the Service may not", "serviceName: db", "serviceName: bd", ["spec.serviceName"]],
  ["nor go", "  serviceName: db\n", "", ["spec.serviceName"]],
  ["a default may be written out", "  replicas: 3", "  podManagementPolicy: OrderedReady", []],
  ["another policy may not", "  replicas: 3", "  podManagementPolicy: Parallel", ["spec.podManagementPolicy"]],
  [
    "one label of the selector",
    "      app: db\n  template",
    "      app: bd\n  template",
    ["spec.selector.matchLabels.app"],
  ],
  [
    "one more label",
    "      app: db\n  template",
    "      app: db\n      a: b\n  template",
    ["spec.selector.matchLabels.a"],
  ],
  ["the same amount in another unit", "1Gi", "1024Mi", []],
  ["another amount", "1Gi", "2Gi", ["spec.volumeClaimTemplates[0].spec.resources.requests.storage"]],
  ["the default mode of a volume", "accessModes:", "volumeMode: Filesystem\n        accessModes:", []],
  [
    "another mode",
    "accessModes:",
    "volumeMode: Block\n        accessModes:",
    ["spec.volumeClaimTemplates[0].spec.volumeMode"],
  ],
  ["the kind of a claim template", "- metadata:", "- kind: PersistentVolumeClaim\n      metadata:", []],
  [
    'a storage class "" is another one than none',
    "accessModes:",
    'storageClassName: ""\n        accessModes:',
    ["spec.volumeClaimTemplates[0].spec.storageClassName"],
  ],
  ["one more claim template", /$/, "    - metadata: { name: logs }\n", ["spec.volumeClaimTemplates"]],
  ["no claim templates any more", / {2}volumeClaimTemplates[^]*/, "", ["spec.volumeClaimTemplates"]],
  ["what a tool will write", "serviceName: db", "serviceName: ${SERVICE}", []],
];

describe("what a live StatefulSet does not let change", () => {
  for (const [title, from, to, changed] of edits) {
    test(title, () => {
      const after = before.replace(from, to);
      assert.notEqual(after, before);
      const found = immutableChanges(read(before), read(after), defaultConfig).map(({ path }) => formatPath(path));
      assert.deepEqual(found, changed);
    });
  }
  test("nothing has changed in the same manifest", () =>
    assert.deepEqual(immutableChanges(read(before), read(before), defaultConfig), []));
});
