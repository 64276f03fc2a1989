import assert from "node:assert/strict";
import { test } from "node:test";
import { planJson } from "../../../server/src/engine/rollout/plan-json.js";
import { formatSeconds, planText } from "../../../server/src/engine/rollout/plan-text.js";
import { acting, creating, editing } from "../../../server/src/engine/rollout/scenario.js";
import { db, played } from "./rollouts.js";

test("a plan as text: verdict, picture, steps, claims", () => {
  const spec = db({ replicas: 1 });
  assert.equal(
    planText(played(creating(spec)), "Create db"),
    `Create db: converges in about 5 s, no claim deleted

        0 s               2 s               4 s               6 s
  db-0  ..................----------------------------111111111111111111
        1 ready on v1   . pending   - running

  0 s  >             You apply the manifest
  0 s  +  revision   The pod template is recorded as the first revision
  0 s  +  data-db-0  db-0 needs its own claim of data, and there is none yet
  0 s  +  db-0       db-0 is missing, and it comes first
  2 s  ~  db-0       db-0 is scheduled and its containers start, after 2 s
  5 s  =  db-0       db-0 passes its readiness checks, 3 s after its start

Claims:
  data-db-0  kept  It was created for its pod

\`kubectl rollout status\` and \`helm upgrade --wait\` succeed
Assumed: neither the set nor its claims exist at the start; a pod starts in 2 s (its images are on the node); becomes Ready 3 s later; stops in 2 s; a lost node keeps its volumes attached for up to 6 min`,
  );
});

test("a plan tells what keeps its old template", () => {
  const partitioned = (revision: string) => db({ revision, updateStrategy: { rollingUpdate: { partition: 1 } } });
  assert.match(
    planText(played(editing(partitioned("old"), partitioned("new"))), "Edit db"),
    /\n {2} *\d+ s {2}= {2,}db-0 keeps the old template\. The partition is 1: ordinals below 1 keep the old template until it is lowered\n/,
  );
});

test("a plan that loses data or gets nowhere says so first", () => {
  const losing = acting(db({ persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }), {
    type: "scale",
    replicas: 1,
  });
  assert.match(planText(played(losing), "Scale db"), /^Scale db: converges in about 4 s, .*, 2 CLAIMS DELETED\n/);
  const stuck = { ...editing(db(), db({ revision: "new" })), faults: [{ effect: { type: "neverReady" as const } }] };
  const text = planText(played(stuck), "Edit db");
  assert.match(text, /^Edit db: stuck after about 4 s: db-2 never becomes Ready/);
  assert.match(text, /To recover:\n {2}# Go back .*\n {2}kubectl rollout undo statefulset\/db\n/);
  const rejected = planText(played(creating(db({ replicas: -1 }))), "Create db");
  assert.equal(
    rejected,
    "Create db: rejected by the API server: spec.replicas: Invalid value: -1: must be greater than or equal to 0",
  );
});

test("a plan as JSON has the documented shape", () => {
  const json = planJson(played(creating(db({ replicas: 1, claims: [] }))));
  assert.deepEqual(JSON.parse(JSON.stringify(json)), {
    version: 1,
    outcome: { type: "converged", at: 5 },
    measure: json.measure,
    steps: [
      { at: 0, kind: "cluster", action: "apply", why: "You apply the manifest", field: "spec" },
      {
        at: 0,
        kind: "controller",
        action: "createRevision",
        revision: "old",
        why: "The pod template is recorded as the first revision",
        field: "spec.template",
      },
      {
        at: 0,
        kind: "controller",
        action: "createPod",
        pod: "db-0",
        revision: "old",
        why: "db-0 is missing, and it comes first",
        field: "spec.replicas",
      },
      {
        at: 2,
        kind: "cluster",
        action: "running",
        pod: "db-0",
        revision: "old",
        why: "db-0 is scheduled and its containers start, after 2 s",
        field: "spec.template.spec.containers",
      },
      {
        at: 5,
        kind: "cluster",
        action: "ready",
        pod: "db-0",
        revision: "old",
        why: "db-0 passes its readiness checks, 3 s after its start",
        field: "spec.template.spec.containers",
      },
    ],
    claims: [],
    pipeline: "`kubectl rollout status` and `helm upgrade --wait` succeed",
    assumptions: [
      { about: "start", text: "neither the set nor its claims exist at the start" },
      { about: "toRunning", text: "a pod starts in 2 s (its images are on the node)" },
      { about: "toReady", text: "becomes Ready 3 s later" },
      { about: "toGone", text: "stops in 2 s" },
      { about: "toDetach", text: "a lost node keeps its volumes attached for up to 6 min" },
    ],
  });
  const stuck = planJson(played({ ...creating(db()), faults: [{ effect: { type: "unschedulable" } }] }));
  assert.deepEqual(stuck.outcome, {
    type: "stuck",
    at: 0,
    blocker: "db-0",
    reason:
      "db-0 finds no node and stays Pending. db-1 waits: db-0 is not Ready, and podManagementPolicy is OrderedReady",
    recovery: [
      "# Find out why the pod is not Ready: events first, then what its containers last wrote",
      "kubectl describe pod db-0",
      "kubectl logs db-0 --all-containers --previous",
      "# Correct the manifest and apply it; replace FILE by its name",
      "kubectl apply --filename FILE",
      "# The controller does not replace this pod by itself: delete it",
      "kubectl delete pod db-0",
    ],
    runbook: {
      kind: "brokenPod",
      title: "Repair the pods",
      steps: [
        {
          reason: "Find out why the pod is not Ready: events first, then what its containers last wrote",
          commands: ["kubectl describe pod db-0", "kubectl logs db-0 --all-containers --previous"],
        },
        {
          reason: "Correct the manifest and apply it; replace FILE by its name",
          commands: ["kubectl apply --filename FILE"],
        },
        {
          reason: "The controller does not replace this pod by itself: delete it",
          commands: ["kubectl delete pod db-0"],
        },
      ],
      losesClaims: [],
    },
  });
});

test("durations are told in the words of a reader", () => {
  const told = [0, 0.5, 59, 60, 200, 3600, 3900, 90_000].map(formatSeconds);
  assert.deepEqual(told, ["0 s", "0.5 s", "59 s", "1 min", "3 min 20 s", "1 h", "1 h 5 min", "25 h"]);
});
