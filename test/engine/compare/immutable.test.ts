import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { immutableChanges } from "../../../server/src/engine/compare/immutable.js";
import { readResource } from "../../../server/src/engine/kubernetes/resources/resource.js";
import type { StatefulSet } from "../../../server/src/engine/kubernetes/kinds/statefulset.js";
import { defaultRelease, parseRelease } from "../../../server/src/engine/kubernetes/versions.js";
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

const claim = (spec: string, status = "") => `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data-db-0 }
spec: ${spec}
${status}`;
const sized = (storage: string, more = "") =>
  `{ accessModes: [ReadWriteOnce], resources: { requests: { storage: ${storage} } }${more} }`;
const bound = (got: string, phase = "Bound") => `status: { phase: ${phase}, capacity: { storage: ${got} } }`;
const lessThanCapacity = "spec.resources.requests.storage: field can not be less than status.capacity";
const specIsImmutable = "spec is immutable after creation except resources.requests and volumeAttributesClassName";
const storageClass = (more: string) => `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fast }
provisioner: ebs.csi.aws.com
${more}`;

/** What is not let change of other kinds, and what the API server of a release says. */
const others: readonly (readonly [
  title: string,
  before: string,
  after: string,
  said: readonly string[],
  version?: string,
])[] = [
  ["a claim grows", claim(sized("5Gi")), claim(sized("6Gi")), []],
  ["a claim asks for the same in another unit", claim(sized("5Gi")), claim(sized("5120Mi")), []],
  ["a claim shrinks", claim(sized("5Gi")), claim(sized("5G")), [lessThanCapacity]],
  [
    "a claim shrinks before 1.32",
    claim(sized("5Gi")),
    claim(sized("4Gi")),
    ["spec.resources.requests.storage: field can not be less than previous value"],
    "1.31",
  ],
  ["a live claim whose expansion failed", claim(sized("5Gi"), bound("1Gi")), claim(sized("2Gi")), []],
  ["and no further", claim(sized("5Gi"), bound("2Gi")), claim(sized("2Gi")), [lessThanCapacity]],
  [
    "a live claim without a volume",
    claim(sized("5Gi"), "status: { phase: Pending }"),
    claim(sized("6Gi")),
    [`spec.resources.requests.storage: ${specIsImmutable} for bound claims`],
  ],
  [
    "another class of storage",
    claim(sized("5Gi", ", storageClassName: slow")),
    claim(sized("5Gi", ", storageClassName: fast")),
    [`spec.storageClassName: ${specIsImmutable}`],
  ],
  [
    "a class of storage that the cluster may have chosen",
    claim(sized("5Gi")),
    claim(sized("5Gi", ", storageClassName: fast")),
    [],
  ],
  ["the default mode", claim(sized("5Gi")), claim(sized("5Gi", ", volumeMode: Filesystem")), []],
  [
    "another mode than the default",
    claim(sized("5Gi")),
    claim(sized("5Gi", ", volumeMode: Block")),
    [`spec.volumeMode: ${specIsImmutable}`],
  ],
  [
    "a limit",
    claim("{ resources: { requests: { storage: 1Gi } } }"),
    claim("{ resources: { requests: { storage: 1Gi }, limits: { storage: 2Gi } } }"),
    [`spec.resources.limits: ${specIsImmutable}`],
  ],
  [
    "another source",
    claim(sized("5Gi", ", dataSource: { kind: PersistentVolumeClaim, name: a }")),
    claim(sized("5Gi", ", dataSource: { kind: PersistentVolumeClaim, name: b }")),
    [`spec.dataSource.name: ${specIsImmutable}`],
  ],
  [
    "a source that goes",
    claim(sized("5Gi", ", dataSource: { kind: PersistentVolumeClaim, name: a }")),
    claim(sized("5Gi")),
    [],
  ],
  ["a claim that a tool will size", claim(sized("5Gi")), claim(sized("${SIZE}")), []],
  ["a class may allow expansion", storageClass(""), storageClass("allowVolumeExpansion: true\n"), []],
  ["defaults of a class", storageClass(""), storageClass("reclaimPolicy: Delete\nvolumeBindingMode: Immediate\n"), []],
  [
    "all else of a class",
    storageClass("parameters: { type: gp2 }\n"),
    storageClass("parameters: { type: gp3 }\nreclaimPolicy: Retain\nvolumeBindingMode: WaitForFirstConsumer\n"),
    [
      "parameters.type: updates to parameters are forbidden.",
      "reclaimPolicy: updates to reclaimPolicy are forbidden.",
      "volumeBindingMode: field is immutable",
    ],
  ],
];

describe("what objects beside a StatefulSet do not let change", () => {
  for (const [title, from, to, said, version = "1.36"] of others) {
    test(title, () => {
      const [old, now] = [from, to].map((yaml) => readResource(parse(yaml).root));
      assert.ok(old && now);
      const cluster = { ...defaultConfig, kubernetesVersion: parseRelease(version) ?? defaultRelease };
      const found = immutableChanges(old, now, cluster);
      assert.deepEqual(
        found.map(({ path, answer }) => `${formatPath(path)}: ${answer}`),
        said,
      );
    });
  }
});
