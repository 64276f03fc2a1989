import assert from "node:assert/strict";
import { test } from "node:test";
import {
  creating,
  type Scenario,
  type ScenarioFault,
  type UserAction,
} from "../../../server/src/engine/rollout/scenario.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { replayFile, explain } from "../../../server/src/tools/conformance.js";
import { db, played } from "./rollouts.js";

interface Wish {
  readonly actions: readonly UserAction[];
  readonly faults?: readonly ScenarioFault[];
  readonly spec?: Partial<WrittenSpec>;
  readonly outcome: "converged" | "stuck";
  /** Claims whose data is lost. */
  readonly lost: readonly string[];
  /** A part of what is said of the deletion. */
  readonly said?: string;
}

/** The same from a set that is created first, and from one that runs already. */
function check(title: string, { actions, faults = [], spec = {}, outcome, lost, said = "" }: Wish): void {
  const written = db({ name: "inbox", ...spec });
  const settled = actions.map((action) => ({ when: { type: "settled" as const }, action }));
  const created = creating(written);
  const starts: readonly (readonly [string, Scenario])[] = [
    ["created", { ...created, actions: [...created.actions, ...settled], faults }],
    ["running", { start: { type: "steady", spec: written }, actions: settled, faults }],
  ];
  for (const [start, scenario] of starts) {
    test(`${title} (${start})`, () => {
      const simulation = played(scenario);
      const deleted = simulation.claims.filter(({ fate }) => fate === "deleted").map(({ name }) => name);
      assert.deepEqual({ outcome: simulation.outcome.type, deleted }, { outcome, deleted: lost });
      assert.deepEqual(simulation.measure.claimsDeleted, lost);
      const step = simulation.steps.find(({ action }) => action === "deleteClaim");
      assert.ok((step?.why ?? "").includes(said), step?.why);
    });
  }
}

const scale = (replicas: number): UserAction => ({ type: "scale", replicas });
const deleteClaim = (ordinal: number): UserAction => ({ type: "deleteClaim", claim: "data", ordinal });

check("a claim in use goes with its pod, and its data with it", {
  actions: [deleteClaim(1), { type: "deletePod", ordinal: 1 }],
  outcome: "converged",
  lost: ["data-inbox-1"],
  said: "It stays as long as its pod inbox-1",
});
check("a claim in use that is deleted is as good as lost", {
  actions: [deleteClaim(1)],
  outcome: "converged",
  lost: ["data-inbox-1"],
});
check("a left-over claim goes at once and comes again empty", {
  actions: [scale(1), deleteClaim(2), scale(3)],
  outcome: "converged",
  lost: ["data-inbox-2"],
  said: "No pod uses it, so it goes at once",
});
check("a left-over claim of a Parallel set goes at once", {
  actions: [scale(0), deleteClaim(0), scale(2)],
  spec: { podManagementPolicy: "Parallel" },
  outcome: "converged",
  lost: ["data-inbox-0"],
});
check("a pod that failed frees its deleted claim", {
  actions: [deleteClaim(1), { type: "failPod", ordinal: 1 }],
  outcome: "converged",
  lost: ["data-inbox-1"],
});
check("a pod deleted by force frees its deleted claim", {
  actions: [deleteClaim(2), { type: "forceDeletePod", ordinal: 2 }],
  outcome: "converged",
  lost: ["data-inbox-2"],
});
check("a failed pod that is scaled away takes its claim along under whenScaled: Delete", {
  actions: [{ type: "loseNode", ordinal: 0 }, { type: "failPod", ordinal: 2 }, scale(2)],
  spec: { podManagementPolicy: "Parallel", persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } },
  outcome: "stuck",
  lost: ["data-inbox-2"],
});
check("a claim that does not exist cannot be deleted", {
  actions: [deleteClaim(7)],
  outcome: "converged",
  lost: [],
  said: "You delete data-inbox-7, which does not exist",
});

test("a pod without a node does not use its claim: the claim goes, and a new one is made", () => {
  const scenario = creating(db({ replicas: 1 }));
  const simulation = played({
    ...scenario,
    actions: [...scenario.actions, { when: { type: "settled" }, action: deleteClaim(0) }],
    faults: [{ effect: { type: "unschedulable" } }],
  });
  const claims = simulation.steps.filter(({ claim }) => claim !== undefined);
  assert.deepEqual(
    claims.map(({ action }) => action),
    ["createClaim", "deleteClaim", "claimGone", "createClaim"],
  );
  assert.match(claims[1]?.why ?? "", /db-0 has no node and does not use it/);
  // No pod ever wrote to it.
  assert.deepEqual(simulation.measure.claimsDeleted, []);
});

test("a recording in which a left-over claim is deleted before the set grows again", () => {
  const fields = { podManagementPolicy: "OrderedReady", image: "a", vct: ["disk"] };
  const row = (pods: number): unknown => [pods, pods, pods, pods, pods, "a", "a"];
  const claim = (ordinal: number): unknown => [`disk-web-${ordinal}`, "none"];
  const pod = (ordinal: number): unknown => [`web-${ordinal}`, "a", "available"];
  const create = (ordinal: number): readonly unknown[] => [
    ["pvc-create", `disk-web-${ordinal}`],
    ["create", `web-${ordinal}`, "a"],
  ];
  const end = (pods: number, claims: readonly number[]): object => ({
    end: "quiescent",
    pods: [0, 1].slice(0, pods).map(pod),
    pvcs: claims.map(claim),
    revs: [["a", 1]],
    status: row(pods),
  });
  const first = { k: [["apply"]], c: [["rev-create", "a", 1], ...create(0)], s: [1, 0, 0, 1, 1, "a", "a"] };
  const second = { k: [["ready", "web-0"]], c: create(1), s: [2, 1, 1, 2, 2, "a", "a"] };
  const recording = {
    id: "left-over",
    kubernetes: "1.36",
    category: "edge",
    policy: "k1",
    stages: [
      { apply: { replicas: 2, ...fields } },
      { apply: { replicas: 1, ...fields } },
      { killPVC: ["disk-web-1"] },
      { apply: { replicas: 2, ...fields } },
    ],
    out: [
      { rounds: [first, second, { k: [["ready", "web-1"]], s: row(2) }], ...end(2, [0, 1]) },
      {
        rounds: [
          { k: [["apply"]], c: [["delete", "web-1"]], s: [2, 2, 2, 1, 1, "a", "a"] },
          { k: [["gone", "web-1"]], s: row(1) },
        ],
        ...end(1, [0, 1]),
      },
      { rounds: [{ k: [["user-pvc-delete", "disk-web-1"]] }], ...end(1, [0]) },
      {
        rounds: [
          { k: [["apply"]], c: create(1), s: [2, 1, 1, 2, 2, "a", "a"] },
          { k: [["ready", "web-1"]], s: row(2) },
        ],
        ...end(2, [0, 1]),
      },
    ],
  };
  const [verdict] = replayFile(JSON.stringify(recording));
  assert.ok(verdict?.passed, verdict === undefined ? "" : explain(verdict).join("\n"));
});
