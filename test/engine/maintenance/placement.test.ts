import assert from "node:assert/strict";
import { test } from "node:test";
import { playVerdict } from "../../../server/src/engine/maintenance/play-report.js";
import { readShortNode, type ClusterNode } from "../../../server/src/engine/maintenance/nodes.js";
import { playOn, setWith } from "./manifests.js";

const drain = { type: "drain-node", node: "one" } as const;

const nodes: readonly ClusterNode[] = [
  { name: "one", zone: "a", labels: { disk: "ssd", cores: "8" } },
  { name: "two", zone: "a", labels: { disk: "hdd", cores: "4" } },
  { name: "three", zone: "b", taints: [{ key: "gpu", value: "yes", effect: "NoSchedule" }] },
].map((short) => {
  const node = readShortNode(short);
  if (typeof node === "string") throw new Error(node);
  return node;
});

/** The nodes of the pods when they are first placed, or why one finds none. */
function check(pod: string, replicas: number, expected: string, spec = ""): void {
  const result = playOn(setWith({ pod, replicas, spec }), 0, drain, { nodes });
  if (result.outcome.type === "impossible") {
    assert.equal(playVerdict(result).title, expected);
    return;
  }
  const [report] = result.nodes;
  assert.equal(report?.evicted.join(" "), expected, pod);
}

test("pods go where selectors, affinity and taints let them", () => {
  check("nodeSelector: { disk: ssd }", 2, "default/db-0 default/db-1");
  check("nodeSelector: { disk: hdd }", 2, "");
  check(
    "nodeSelector: { disk: tape }",
    1,
    "No node takes db-0: 2 nodes that its node selector or node affinity does not allow, 1 node with a taint that it does not tolerate (gpu)",
  );
  const cores = (operator: string): string =>
    `affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: cores, operator: ${operator}, values: ["6"] }] }] } } }`;
  check(cores("Gt"), 2, "default/db-0 default/db-1");
  check(cores("Lt"), 2, "");
  const prefers =
    "affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: disk, operator: In, values: [hdd] }] } }] } }";
  check(prefers, 2, "");
  check("tolerations: [{ key: gpu, operator: Exists }]", 3, "default/db-0");
});

test("pods are kept apart and together", () => {
  const term = (key: string): string => `[{ topologyKey: ${key}, labelSelector: { matchLabels: { app: db } } }]`;
  const anti = (key: string): string =>
    `affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: ${term(key)} } }`;
  check(anti("kubernetes.io/hostname"), 2, "default/db-0");
  check(
    anti("topology.kubernetes.io/zone"),
    2,
    "No node takes db-1: 2 nodes that its required anti-affinity keeps it from (topology.kubernetes.io/zone), 1 node with a taint that it does not tolerate (gpu)",
  );
  const together = `affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: ${term("kubernetes.io/hostname")} } }`;
  check(together, 3, "default/db-0 default/db-1 default/db-2");
});

test("a spread counts a cordoned node, so that a drained pod may find none", () => {
  const spread = (policy: string): string =>
    `topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: db } }${policy} }]`;
  const away = (policy: string): readonly string[] => {
    const result = playOn(setWith({ pod: spread(policy) }), 3, { type: "drain-node", node: "node-0" });
    return result.homeless.map(({ pod, why }) => `${pod}: ${why}`);
  };
  assert.deepEqual(away(""), [
    "default/db-0: 1 node cordoned, 2 nodes where it would break its spread over kubernetes.io/hostname (maxSkew 1)",
  ]);
  assert.deepEqual(away(", nodeTaintsPolicy: Honor"), []);
});

test("a volume keeps its pod in its zone, or on its node", () => {
  const spec =
    "volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]";
  const away = (volumeBinding: "zone" | "node" | "anywhere"): readonly string[] =>
    playOn(
      setWith({ spec, replicas: 2 }),
      3,
      { type: "drain-node", node: "node-0" },
      { volumeBinding, zones: ["a", "b"] },
    ).homeless.map(({ why }) => why);
  assert.deepEqual(away("zone"), []);
  assert.deepEqual(away("node"), ["1 node cordoned, 2 nodes out of reach of its volume data-db-0"]);
  assert.deepEqual(away("anywhere"), []);
});
