import assert from "node:assert/strict";
import { test } from "node:test";
import { alikeNodes, Nodes, readShortNode, type ClusterNode } from "../../../server/src/engine/maintenance/nodes.js";
import { Occupancy } from "../../../server/src/engine/maintenance/occupancy.js";
import { playVerdict } from "../../../server/src/engine/maintenance/play-report.js";
import { readPodTemplate } from "../../../server/src/engine/maintenance/pod-template.js";
import type { Pod } from "../../../server/src/engine/maintenance/pod.js";
import { placePod } from "../../../server/src/engine/maintenance/schedule.js";
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

test("a host port is taken once on each node; that of an init container that ends is not", () => {
  const first = (container: string): string => `initContainers: [{ name: log, image: "example:1", ${container} }]`;
  check(first("restartPolicy: Always, ports: [{ containerPort: 9, hostPort: 9 }]"), 2, "default/db-0");
  check(first("ports: [{ containerPort: 9, hostPort: 9 }]"), 2, "default/db-0");
  check(
    first("restartPolicy: Always, ports: [{ containerPort: 9, hostPort: 9 }]"),
    3,
    "No node takes db-2: 2 nodes where host port 9 is taken, 1 node with a taint that it does not tolerate (gpu)",
  );
  check(
    `hostNetwork: true, ${first("restartPolicy: Always, ports: [{ containerPort: 9 }]")}`,
    3,
    "No node takes db-2: 2 nodes where host port 9 is taken, 1 node with a taint that it does not tolerate (gpu)",
  );
});

/** A pod that runs on a node. */
function podOn(node: string, app: string, number: number, spec: object = {}, labels: object = {}): Pod {
  const name = `${app}-${number}`;
  const template = readPodTemplate({ metadata: { labels: { app, ...labels } }, spec });
  const controller = { kind: "StatefulSet", name: app, uid: app };
  const state = { phase: "Running", ready: true, terminating: false, isMirror: false } as const;
  return { namespace: "default", name, uid: name, labels: template.labels, template, node, controller, ...state };
}

function placeOn(pods: readonly Pod[], pod: Pod): ReturnType<typeof placePod> {
  const occupancy = new Occupancy();
  for (const one of pods) occupancy.add(one);
  return placePod(pod, occupancy, new Nodes(nodes), []);
}

const term = (labels: object, others: object = {}): object => ({
  topologyKey: "kubernetes.io/hostname",
  labelSelector: { matchLabels: labels },
  ...others,
});

test("pods that only one of two required affinity terms is about do not count", () => {
  const affinity = {
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ app: "db" }), term({ tier: "fast" })] },
  };
  const db = podOn("two", "db", 0);
  assert.equal(placeOn([db], podOn("", "web", 0, { affinity })).type, "none");
  const both = podOn("two", "db", 1, {}, { tier: "fast" });
  assert.deepEqual(placeOn([db, both], podOn("", "web", 0, { affinity })), { type: "node", node: "two" });
});

test("a label key that a pod does not have narrows no selector", () => {
  const apart = (keys: object): object => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ app: "db" }, keys)] } },
  });
  const others = [podOn("one", "db", 0, {}, { shard: "x" }), podOn("two", "db", 1, {}, { shard: "x" })];
  const place = (spec: object, labels: object = {}) => placeOn(others, podOn("", "db", 2, spec, labels)).type;
  assert.equal(place(apart({ matchLabelKeys: ["shard"] })), "none");
  assert.equal(place(apart({ matchLabelKeys: ["shard"] }), { shard: "x" }), "none");
  assert.equal(place(apart({ matchLabelKeys: ["shard"] }), { shard: "y" }), "node");
  assert.equal(place(apart({ mismatchLabelKeys: ["shard"] }), { shard: "x" }), "node");
});

test("terms that tell the pods of a set apart are asked of each of them", () => {
  const own = "statefulset.kubernetes.io/pod-name";
  const first = podOn("one", "db", 0, {}, { [own]: "db-0" });
  const second = podOn("two", "db", 1, {}, { [own]: "db-1" });
  const near = { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ [own]: "db-1" })] } };
  assert.deepEqual(placeOn([first, second], podOn("", "web", 0, { affinity: near })), { type: "node", node: "two" });
});

test("a pod is placed without a look at the pods of other sets", () => {
  const spread = (app: string): object => ({
    affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term({ app })] } },
    topologySpreadConstraints: [
      {
        topologyKey: "topology.kubernetes.io/zone",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app } },
      },
    ],
  });
  const lookedAt = (sets: number): number => {
    const seen = new Set<string>();
    const watched = (pod: Pod): Pod =>
      new Proxy(pod, {
        get(target, key: keyof Pod) {
          seen.add(target.name);
          return target[key];
        },
      });
    const occupancy = new Occupancy();
    const wide = new Nodes(alikeNodes(100, ["a", "b", "c"]));
    for (let set = 0; set < sets; set++)
      for (let number = 0; number < 20; number++) {
        const node = `node-${(set + number * 5) % 100}`;
        occupancy.add(watched(podOn(node, `set-${set}`, number, spread(`set-${set}`))));
      }
    seen.clear();
    assert.equal(placePod(podOn("", "set-0", 20, spread("set-0")), occupancy, wide, []).type, "node");
    return seen.size;
  };
  assert.equal(lookedAt(2), 0);
  assert.equal(lookedAt(50), 0);
});

test("pods are there to begin with in whatever order their sets are written", () => {
  const near = (app: string): string =>
    `affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app: ${app} } } }] } }`;
  const drainFirst = { type: "drain-node", node: "node-0" } as const;
  const web = setWith({ name: "web", replicas: 1, pod: near("db") });
  assert.deepEqual(playOn(web + setWith({ replicas: 1 }), 2, drainFirst).nodes[0]?.evicted, [
    "default/db-0",
    "default/web-0",
  ]);
  assert.equal(
    playVerdict(playOn(web + setWith({ replicas: 1, pod: near("web") }), 2, drainFirst)).title,
    "web-0 and db-0 wait for each other: each requires a node that runs the other (required pod affinity)",
  );
  assert.equal(
    playVerdict(playOn(web, 2, drainFirst)).title,
    "No node takes web-0: 2 nodes away from the pods that its required affinity asks for (kubernetes.io/hostname)",
  );
});
