import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { startOfDump } from "../../../server/src/engine/maintenance/manifests.js";
import { readObjects } from "../../../server/src/engine/maintenance/objects.js";
import { playVerdict } from "../../../server/src/engine/maintenance/play-report.js";
import { playMaintenance } from "../../../server/src/engine/maintenance/plays.js";
import { behaviourOf, newestRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { repo } from "../../harness/repo.js";

const lines = readFileSync(repo("test/truth/drain-dumps.jsonl"), "utf8").split("\n");

/** The dump of a recording. */
function dumpOf(id: string): string {
  const line = lines.find((one) => one.includes(`"id": "${id}"`)) ?? "{}";
  const { dump }: { readonly dump: string } = JSON.parse(line);
  return dump;
}

/** What a play of all nodes comes to, or why the dump cannot be played. */
function told(dump: string): string {
  const read = readObjects(dump);
  if (read.type === "unreadable") return `line ${read.line}: ${read.problem}`;
  const start = startOfDump(read.objects, [], { behaviour: behaviourOf(newestRelease, {}), timing: {} });
  if (start.type === "invalid") return start.problems.join("; ");
  const play = { type: "drain-all", surge: false } as const;
  return playVerdict(playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: "anywhere" })).title;
}

test("a cluster is played as it is", () => {
  assert.equal(told(dumpOf("drain-01")), "Every node drains in about 6 min, at least 2 of 3 ready");
  assert.equal(told(dumpOf("drain-06")), "Hangs at node-a: budget web allows no eviction because web-1 is not Ready");
  assert.equal(
    told(dumpOf("drain-27")),
    "Hangs at node-a: budget web allows no eviction because web-0 itself is not Ready",
  );
});

test("a dump that is cut, mixed or of something else is not played", () => {
  const dump = dumpOf("drain-01");
  const cutAt = (text: string): string => dump.slice(0, dump.indexOf(text));
  assert.match(told(cutAt("kind: List")), /^line \d+: The list has items and no `kind`.*the text is cut$/);
  assert.equal(told(`${dump}---\n${dumpOf("drain-06")}`), "Node node-a is in it twice: two dumps are mixed");
  assert.match(
    told("apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n"),
    /^There are no nodes in it\. `kubectl get nodes,/,
  );
  const without = (kind: string): string => dump.replaceAll(`kind: ${kind}\n  metadata`, "kind: ConfigMap\n  metadata");
  assert.match(
    told(without("StatefulSet")),
    /^Pod default\/web-0 belongs to the StatefulSet web, which is not in it: it is cut/,
  );
  assert.match(
    told(without("Pod")),
    /^StatefulSet default\/web has 3 pods by its status, and none is in it: it is cut$/,
  );
  const moved = dump.replace("nodeName: node-b", "nodeName: node-x");
  assert.match(
    told(moved),
    /^Pod default\/web-1 runs on node-x, which is not in it: it is cut, or of several clusters$/,
  );
});

test("pods and claims whose uids were removed stay apart", () => {
  const steps = (dump: string): readonly unknown[] => {
    const read = readObjects(dump);
    assert.ok(read.type === "read");
    const start = startOfDump(read.objects, [], { behaviour: behaviourOf(newestRelease, {}), timing: {} });
    assert.ok(start.type !== "invalid");
    const play = { type: "drain-all", surge: false } as const;
    return playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: "anywhere" }).steps;
  };
  const dump = dumpOf("drain-01");
  const isUnnamed = (uid: string): boolean => dump.split(uid).length === 2;
  const without = dump.replaceAll(/^ {4}uid: (\S+)\n/gm, (line, uid: string) => (isUnnamed(uid) ? "" : line));
  assert.deepEqual(steps(without), steps(dump));
});

test("a pod without a controller keeps its whole node, and one of a DaemonSet stays", () => {
  const bare = `
apiVersion: v1
kind: Pod
metadata: { name: tool, namespace: default, uid: tool }
spec: { nodeName: node-b, containers: [{ name: tool, image: "tool:1" }] }
status: { phase: Running, conditions: [{ type: Ready, status: "True" }] }
`;
  const owned = bare.replace(
    "uid: tool }",
    "uid: tool, ownerReferences: [{ apiVersion: apps/v1, kind: DaemonSet, name: tool, uid: d, controller: true }] }",
  );
  assert.equal(
    told(`${dumpOf("drain-01")}---${bare}`),
    "Nothing leaves node-b: kubectl drain cannot delete Pods that declare no controller (use --force to override): tool",
  );
  assert.equal(told(`${dumpOf("drain-01")}---${owned}`), "Every node drains in about 6 min, at least 2 of 3 ready");
});

test("a volume of the dump keeps its pod on the nodes that reach it", () => {
  const dump = dumpOf("drain-01");
  const name = /volumeName: (\S+)/.exec(dump)?.[1] ?? "";
  const volume = `
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${name} }
spec: { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [node-a] }] }] } } }
`;
  const read = readObjects(`${dump}---${volume}`);
  assert.ok(read.type === "read");
  const start = startOfDump(read.objects, [], { behaviour: behaviourOf(newestRelease, {}), timing: {} });
  assert.ok(start.type === "ready");
  const play = { type: "drain-node", node: "node-a" } as const;
  const result = playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: "anywhere" });
  assert.deepEqual(result.homeless, [
    { pod: "default/web-0", why: "1 node cordoned, 2 nodes out of reach of its volume data-web-0" },
  ]);
});

test("a dump without claims, or without volumes, does not promise that pods find their data", () => {
  const dump = dumpOf("drain-01");
  assert.match(
    told(dump.replaceAll("kind: PersistentVolumeClaim\n", "kind: ConfigMap\n")),
    /^StatefulSet default\/web has volume claim templates, and no claim of it is in it: `kubectl get nodes,/,
  );
  const read = readObjects(dump);
  assert.ok(read.type === "read");
  const start = startOfDump(read.objects, [], { behaviour: behaviourOf(newestRelease, {}), timing: {} });
  assert.ok(start.type === "ready");
  assert.deepEqual(start.start.notes, [
    "The volume of claim `default/data-web-0` (and 2 more) is not in the dump: every node may reach it here",
  ]);
});

test("a node that does not answer lets no pod go", () => {
  const dump = dumpOf("drain-01");
  const lost = dump.replace(
    'reason: KubeletReady\n      status: "True"',
    "reason: NodeStatusUnknown\n      status: Unknown",
  );
  assert.notEqual(lost, dump);
  assert.equal(told(lost), "Hangs at node-a: web-0 stays: it never ends: its node does not answer");
});

test("an eviction that was allowed and never happened is forgotten after two minutes", () => {
  const dump = dumpOf("drain-01");
  const used = dump.replace(
    /^( +)disruptionsAllowed: 1\n/m,
    '$1disruptionsAllowed: 0\n$1disruptedPods: { web-2: "2026-01-01T00:00:00Z" }\n',
  );
  assert.notEqual(used, dump);
  assert.equal(told(used), "Every node drains in about 8 min, at least 2 of 3 ready");
});

const nodes = ["a", "b", "c", "d"]
  .map((name) => `apiVersion: v1\nkind: Node\nmetadata: { name: ${name} }\n---\n`)
  .join("");

/** A pod `web-...` of a ReplicaSet of the Deployment `web`, on a node. */
function webPod(hash: string, node: string, ready: boolean): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web-${hash}-${node}
  namespace: prod
  uid: ${hash}-${node}
  labels: { app: web, pod-template-hash: ${hash} }
  ownerReferences: [{ apiVersion: apps/v1, kind: ReplicaSet, name: web-${hash}, uid: ${hash}, controller: true }]
spec: { nodeName: ${node}, containers: [{ name: web, image: "web:1" }] }
status: { phase: Running, conditions: [{ type: Ready, status: "${ready ? "True" : "False"}" }] }
---
`;
}

/** The old pods of a Deployment of three, and the first one of its next template, which is not Ready. */
const rolling = nodes + webPod("one", "a", true) + webPod("one", "b", true) + webPod("one", "c", true);
const surge = webPod("two", "d", false);
const webBudget = (limit: string, status = ""): string => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: web, namespace: prod, generation: 1 }
spec: { ${limit}, selector: { matchLabels: { app: web } } }
${status}---
`;
const counted = "status: { observedGeneration: 1, expectedPods: 3 }\n";
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: prod }
spec: { replicas: 3 }
---
`;
const replicaSet = (hash: string): string => `apiVersion: apps/v1
kind: ReplicaSet
metadata: { name: web-${hash}, namespace: prod, uid: ${hash}, ownerReferences: [{ kind: Deployment, name: web, uid: w, controller: true }] }
spec: { replicas: 3 }
---
`;

for (const [what, dump, expected] of [
  ["its Deployment, once", rolling + surge + deployment + webBudget("maxUnavailable: 1"), 3],
  [
    "its Deployment, by ReplicaSets",
    rolling + surge + deployment + replicaSet("one") + replicaSet("two") + webBudget("maxUnavailable: 1"),
    3,
  ],
  ["what the budget has counted", rolling + surge + webBudget("maxUnavailable: 1", counted), 3],
  [
    "a count that is out of date not at all",
    rolling + surge + webBudget("maxUnavailable: 1", counted.replace("1,", "0,")),
    4,
  ],
  ["a number of minAvailable by the pods", rolling + surge + deployment + webBudget("minAvailable: 2", counted), 4],
  ["the pods, where nothing else is known", rolling + surge + webBudget("maxUnavailable: 1"), 4],
] as const) {
  test(`a Deployment in the middle of its rollout is counted by ${what}`, () => {
    const read = readObjects(dump);
    assert.ok(read.type === "read");
    const start = startOfDump(read.objects, [], { behaviour: behaviourOf(newestRelease, {}), timing: {} });
    assert.ok(start.type === "ready");
    const play = { type: "drain-node", node: "a" } as const;
    const { budgets, outcome } = playMaintenance({ ...start, play, nodeSeconds: 120, volumeBinding: "anywhere" });
    assert.equal(budgets[0]?.status.expectedPods, expected);
    // Of four expected pods, three are needed, and no more are Ready.
    const mayGo = dump.includes("minAvailable") || expected === 3;
    assert.equal(outcome.type, mayGo ? "done" : "hangs");
  });
}
