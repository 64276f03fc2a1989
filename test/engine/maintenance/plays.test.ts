import assert from "node:assert/strict";
import { test } from "node:test";
import { playVerdict } from "../../../server/src/engine/maintenance/play-report.js";
import type { PlayResult } from "../../../server/src/engine/maintenance/plays.js";
import { apart, budgetFor, playOn, setWith } from "./manifests.js";

const drainAll = { type: "drain-all", surge: false } as const;
const one = budgetFor("maxUnavailable: 1");

/** The sentence that a play comes to. */
function check(result: PlayResult, title: string): PlayResult {
  assert.equal(playVerdict(result).title, title);
  return result;
}

test("every node drains in turn where the budget lets one pod go", () => {
  const result = check(
    playOn(setWith({ pod: apart }) + one, 3, drainAll),
    "Every node drains in about 6 min, at least 2 of 3 ready",
  );
  assert.deepEqual(
    result.nodes.map(({ node, evicted }) => [node, evicted]),
    [
      ["node-0", ["default/db-0"]],
      ["node-1", ["default/db-1"]],
      ["node-2", ["default/db-2"]],
    ],
  );
  // With anti-affinity by host each pod waits for its node to come back.
  assert.ok(result.nodes.slice(1).every(({ refusals }) => refusals === 1));
});

test("with another node before each one goes, no pod waits for a node", () => {
  const result = check(
    playOn(setWith({ pod: apart }) + one, 3, { type: "drain-all", surge: true }),
    "Every node drains in about 6 min, at least 2 of 3 ready",
  );
  assert.deepEqual(
    result.nodes.map(({ refusals }) => refusals),
    [0, 0, 0],
  );
});

test("a drain hangs, and is said to, where a budget never allows an eviction", () => {
  const tooMuch = (limit: string, why: string): void => {
    const title = `Hangs at node-0: budget db allows no eviction because ${why}`;
    check(playOn(setWith({}) + budgetFor(limit), 3, drainAll), title);
  };
  tooMuch("minAvailable: 3", "minAvailable 3 needs all 3 of its pods");
  tooMuch("maxUnavailable: 0", "maxUnavailable 0 needs all 3 of its pods");
  tooMuch('minAvailable: "67%"', "minAvailable 67% needs all 3 of its pods");
});

test("two budgets over one pod are refused at once", () => {
  const two = one + budgetFor("maxUnavailable: 1").replace("name: db", "name: other");
  check(
    playOn(setWith({}) + two, 3, drainAll),
    "Hangs at node-0: db-0 stays: several budgets select it (db and other), which the Eviction API refuses",
  );
});

test("a rollout to a template that never becomes Ready blocks the drain", () => {
  const faults = [{ revision: "new", effect: { type: "neverReady" } }] as const;
  const played = playOn(setWith({ pod: apart }) + one, 4, drainAll, { rollout: true, faults });
  check(played, "Hangs at node-0: budget db allows no eviction because db-2 is not Ready");
});

test("without a budget two pods of one node go at once, and the quorum with them", () => {
  const result = playOn(setWith({ spec: "podManagementPolicy: Parallel" }), 2, { type: "drain-node", node: "node-0" });
  check(result, "The quorum is lost for 4 s");
  check(
    playOn(setWith({ spec: "podManagementPolicy: Parallel" }) + one, 2, { type: "drain-node", node: "node-0" }),
    "node-0 drains in about 7 s, at least 2 of 3 ready",
  );
});

test("a node or a zone that is lost takes its pods for good", () => {
  const zones = ["a", "b", "c"];
  const lost = playOn(setWith({}) + one, 3, { type: "lose-zone", zone: "b" }, { zones });
  check(lost, "The loss of zone b is survived, at least 2 of 3 ready");
  assert.deepEqual(
    lost.steps.map(({ at, type, pod }) => [at, type, pod]),
    [
      [0, "lost", undefined],
      [50, "unready", "default/db-1"],
      [350, "terminating", "default/db-1"],
    ],
  );
  check(
    playOn(setWith({}) + one, 3, { type: "lose-zone", zone: "a" }, { zones: ["a", "a", "b"] }),
    "The quorum is lost, and does not come back: 1 of 3 ready",
  );
});

test("a pool that gets too small says which constraint needs the nodes", () => {
  check(
    playOn(setWith({ pod: apart }) + one, 3, { type: "scale-down", to: 2 }),
    "db-2 finds no node: 2 nodes that its required anti-affinity keeps it from (kubernetes.io/hostname)",
  );
  check(
    playOn(setWith({}) + one, 3, { type: "scale-down", to: 1 }),
    "The pool shrinks to 1 node in about 11 s, at least 2 of 3 ready",
  );
});

test("several sets and their budgets are drained together", () => {
  const text = setWith({ pod: apart }) + one + setWith({ name: "web" }) + budgetFor("minAvailable: 3", "web");
  const result = playOn(text, 3, drainAll);
  check(result, "Hangs at node-0: budget web allows no eviction because minAvailable 3 needs all 3 of its pods");
  assert.deepEqual(result.nodes[0]?.evicted, ["default/db-0"]);
});

test("a single pod is away for a while, which is told and is no failure", () => {
  const single = playOn(setWith({ replicas: 1 }), 2, { type: "drain-node", node: "node-0" });
  const { tone, title, reasons } = playVerdict(single);
  assert.deepEqual(
    [tone, title, reasons],
    ["good", "node-0 drains in about 2 s, at least 0 of 1 ready", ["No pod of db is Ready for 4 s"]],
  );
});

test("a play is the same when it is played again", () => {
  const played = (): unknown => playOn(setWith({ pod: apart }) + one, 5, drainAll).steps;
  assert.deepEqual(played(), played());
});

test("budgets that select nothing, or everything, are noted", () => {
  const notes = (budget: string): readonly string[] =>
    playOn(setWith({}) + setWith({ name: "web" }) + budget, 3, drainAll).notes;
  assert.deepEqual(notes(one), []);
  assert.deepEqual(notes(budgetFor("maxUnavailable: 1", "bd")), ["Budget `bd` selects no pod, so it protects none"]);
  assert.deepEqual(notes(one.replace("{ matchLabels: { app: db } }", "{}")), [
    "Budget `db` selects every pod of its namespace (6): they count together",
  ]);
  assert.deepEqual(notes(one.replace(", selector: { matchLabels: { app: db } }", "")), [
    "Budget `db` selects no pod, so it protects none",
  ]);
});

test("a zone that is lost still is one that pods are spread over", () => {
  const spread =
    "topologySpreadConstraints: [{ maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: db } } }], tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30 }]";
  const faults = [{ ordinals: [0], revision: "new", effect: { type: "neverReady" } }] as const;
  const lost = playOn(
    setWith({ pod: spread }),
    3,
    { type: "lose-zone", zone: "a" },
    { zones: ["a", "b", "c"], faults },
  );
  assert.deepEqual(
    lost.steps.map(({ at, type, pod }) => [at, type, pod]),
    [
      [0, "lost", undefined],
      [50, "unready", "default/db-0"],
      [80, "terminating", "default/db-0"],
    ],
  );
});

test("pods that tolerate a cordon end with the node that is removed", () => {
  const pod = 'tolerations: [{ operator: "Exists" }]';
  const result = playOn(setWith({ pod }) + one, 3, { type: "scale-down", to: 1 });
  const left = new Map<string, string>();
  for (const { pod: name, node } of result.start) left.set(name, node);
  for (const { type, pod: name = "", node = "" } of result.steps) if (type === "bound") left.set(name, node);
  assert.deepEqual(new Set(left.values()), new Set(["node-0"]));
  assert.deepEqual(
    result.sets.map(({ readyAtEnd }) => readyAtEnd),
    [3],
  );
});
