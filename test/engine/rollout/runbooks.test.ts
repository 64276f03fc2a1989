import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { Behaviour } from "../../../server/src/engine/kubernetes/versions.js";
import { following, runbookLines, type Runbook, type RunbookKind } from "../../../server/src/engine/rollout/runbook.js";
import {
  acting,
  creating,
  editing,
  type Scenario,
  type ScenarioFault,
  type UserAction,
} from "../../../server/src/engine/rollout/scenario.js";
import type { DescribedStart } from "../../../server/src/engine/rollout/start.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { cluster, db, played, today } from "./rollouts.js";
import { many } from "../../harness/fast.js";

/** The runbook of a scenario that gets stuck. */
function runbookOf(scenario: Scenario, behaviour: Behaviour): Runbook {
  const { outcome } = played(scenario, behaviour);
  assert.equal(outcome.type, "stuck");
  return outcome.type === "stuck" ? outcome.runbook : assert.fail();
}

function checkRecovers(scenario: Scenario, behaviour: Behaviour, runbook: Runbook): void {
  const before = played(scenario, behaviour);
  const after = played(following(scenario, runbook), behaviour);
  assert.equal(after.outcome.type, "converged", JSON.stringify(after.outcome));
  const lost = after.measure.claimsDeleted.filter((name) => !before.measure.claimsDeleted.includes(name));
  assert.deepEqual(
    lost.filter((name) => !runbook.losesClaims.includes(name)),
    [],
  );
}

interface Wish {
  readonly scenario: Scenario;
  readonly behaviour?: Behaviour;
  readonly kind: RunbookKind;
  /** The commands, without the reasons. */
  readonly commands: readonly string[];
}

function check(title: string, { scenario, behaviour = today, kind, commands }: Wish): void {
  test(`runbook: ${title}`, () => {
    const runbook = runbookOf(scenario, behaviour);
    assert.equal(runbook.kind, kind);
    assert.deepEqual(
      runbookLines(runbook).filter((line) => !line.startsWith("#")),
      commands,
    );
    checkRecovers(scenario, behaviour, runbook);
  });
}

function then(scenario: Scenario, ...actions: readonly UserAction[]): Scenario {
  const later = actions.map((action) => ({ when: { type: "settled" as const }, action }));
  return { ...scenario, actions: [...scenario.actions, ...later] };
}

function edited(changes: Partial<WrittenSpec> = {}, fault: ScenarioFault["effect"] = { type: "crashLoop" }): Scenario {
  return {
    ...editing(db(changes), db({ ...changes, revision: "new" })),
    faults: [{ revision: "new", effect: fault }],
  };
}

for (const type of ["crashLoop", "neverReady", "unschedulable"] as const) {
  check(`one bad template (${type})`, {
    scenario: edited({}, { type }),
    kind: "brokenRevision",
    commands: ["kubectl rollout undo statefulset/db", "kubectl delete pod db-2"],
  });
}
check("one bad template under Parallel replaces its pod by itself", {
  scenario: edited({ podManagementPolicy: "Parallel" }),
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db"],
});
check("two bad templates: back to the one before", {
  scenario: then(edited(), { type: "changeImage" }, { type: "deletePod", ordinal: 2 }),
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db --to-revision=1", "kubectl delete pod db-2"],
});
check("two bad templates, of which no pod tried the second", {
  scenario: then(edited(), { type: "changeImage" }),
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db --to-revision=1", "kubectl delete pod db-2"],
});
check("a bad template, then a good one: only the broken pod has to go", {
  scenario: {
    ...then(editing(db(), db({ revision: "bad" })), { type: "apply", spec: db() }),
    faults: [{ revision: "new", effect: { type: "neverReady" } }],
  },
  kind: "brokenOldPod",
  commands: ["kubectl delete pod db-2"],
});
check("a restart that worked, then two bad templates: back to the restarted one", {
  scenario: {
    ...then(
      acting(db(), { type: "restart" }),
      { type: "apply", spec: db({ revision: "bad" }) },
      { type: "apply", spec: db({ revision: "worse" }) },
      { type: "deletePod", ordinal: 2 },
    ),
    faults: [{ ordinals: [2], revision: "new", effect: { type: "neverReady" } }],
  },
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db --to-revision=1", "kubectl delete pod db-2"],
});
check("maxUnavailable under OrderedReady", {
  scenario: edited({ replicas: 4, updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } } }),
  behaviour: cluster("1.37"),
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db", "kubectl delete pod db-2"],
});
check("OnDelete: the pod that was deleted is broken", {
  scenario: then(edited({ updateStrategy: { type: "OnDelete" } }), { type: "deletePod", ordinal: 1 }),
  kind: "brokenRevision",
  commands: ["kubectl rollout undo statefulset/db", "kubectl delete pod db-1"],
});
check("a new set is broken from the start", {
  scenario: { ...creating(db()), faults: [{ effect: { type: "crashLoop" } }] },
  kind: "brokenPod",
  commands: [
    "kubectl describe pod db-0",
    "kubectl logs db-0 --all-containers --previous",
    "kubectl apply --filename FILE",
    "kubectl delete pod db-0",
  ],
});
check("total outage: every pod of a Parallel set fails", {
  scenario: { ...creating(db({ podManagementPolicy: "Parallel" })), faults: [{ effect: { type: "neverReady" } }] },
  kind: "brokenPod",
  commands: [
    "kubectl describe pod db-2",
    "kubectl logs db-2 --all-containers --previous",
    "kubectl apply --filename FILE",
  ],
});
const node = (pod: string): string => `$(kubectl get pod ${pod} --output 'jsonpath={.spec.nodeName}')`;
check("a lost node", {
  scenario: acting(db(), { type: "loseNode", ordinal: 1 }),
  kind: "lostNode",
  commands: [
    "kubectl get pod db-1 --output wide",
    `kubectl taint nodes "${node("db-1")}" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`,
    "kubectl taint nodes NODE node.kubernetes.io/out-of-service-",
  ],
});
check("a lost node that the pod tolerates without limit", {
  scenario: acting(db({ timing: { tolerations: [{ operator: "Exists" }] } }), { type: "loseNode", ordinal: 1 }),
  kind: "lostNode",
  commands: [
    "kubectl get pod db-1 --output wide",
    "kubectl delete pod db-1 --wait=false",
    `kubectl taint nodes "${node("db-1")}" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute`,
    "kubectl taint nodes NODE node.kubernetes.io/out-of-service-",
  ],
});
check("two lost nodes, in a namespace", {
  scenario: then(acting(db({ namespace: "shop" }), { type: "loseNode", ordinal: 0 }), { type: "loseNode", ordinal: 2 }),
  kind: "lostNode",
  commands: [
    "kubectl get pod db-0 db-2 --output wide --namespace shop",
    ...["db-0", "db-2"].map(
      (pod) =>
        `kubectl taint nodes "$(kubectl get pod ${pod} --output 'jsonpath={.spec.nodeName}' --namespace shop)" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute --overwrite`,
    ),
    "kubectl taint nodes NODE node.kubernetes.io/out-of-service-",
  ],
});
check("Recreate whose gate is off", {
  scenario: editing(
    db({ updateStrategy: { type: "Recreate" } }),
    db({ updateStrategy: { type: "Recreate" }, revision: "new" }),
  ),
  behaviour: cluster("1.37"),
  kind: "recreateGateOff",
  commands: [
    `kubectl patch statefulset db --type merge --patch '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}'`,
  ],
});

for (const [title, spec] of [
  ["a claim that a finalizer keeps", db()],
  [
    "a claim that a finalizer keeps, where scaling deletes claims",
    db({ persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }),
  ],
] as const) {
  const described: DescribedStart = {
    set: "present",
    pods: [{ ordinals: [1], is: "missing", revision: "current" }],
    claims: [{ ordinals: [1], is: "held" }],
  };
  check(title, {
    scenario: { start: { type: "steady", spec, described }, actions: [], faults: [] },
    kind: "claimTerminating",
    commands: [
      "kubectl get pvc data-db-1 --output custom-columns=NAME:.metadata.name,FINALIZERS:.metadata.finalizers",
      `kubectl patch pvc data-db-1 --type merge --patch '{"metadata":{"finalizers":null}}'`,
      "kubectl annotate statefulset db example.com/touched=1 --overwrite",
    ],
  });
}

check("total outage under OrderedReady: no pod is Ready any more", {
  scenario: {
    start: {
      type: "steady",
      spec: db(),
      described: { set: "present", pods: [{ is: "crashLoop", revision: "current" }], claims: [] },
    },
    actions: [],
    faults: [],
  },
  kind: "brokenPod",
  commands: [
    "kubectl describe pod db-0",
    "kubectl logs db-0 --all-containers --previous",
    "kubectl apply --filename FILE",
    "kubectl delete pod db-0 db-1 db-2",
  ],
});

/** An edit that is refused, and what its runbook does instead: it ends converged and loses no claim. */
function checkRefused(
  title: string,
  wish: {
    readonly before?: Partial<WrittenSpec>;
    readonly after: Partial<WrittenSpec>;
    readonly kind: RunbookKind;
    readonly commands: readonly string[];
  },
): void {
  for (const version of ["1.36", "1.37"]) {
    test(`runbook: ${title} (${version})`, () => {
      const behaviour = cluster(version);
      const before = db(wish.before);
      const { outcome } = played(editing(before, { ...before, ...wish.after }), behaviour);
      assert.ok(outcome.type === "rejected" && outcome.runbook !== undefined, JSON.stringify(outcome));
      const { runbook } = outcome;
      assert.equal(runbook.kind, wish.kind);
      assert.deepEqual(
        runbookLines(runbook).filter((line) => !line.startsWith("#")),
        wish.commands,
      );
      const after = played(
        following({ start: { type: "steady", spec: before }, actions: [], faults: [] }, runbook),
        behaviour,
      );
      assert.equal(after.outcome.type, "converged", JSON.stringify(after.outcome));
      assert.deepEqual(after.measure.claimsDeleted, []);
    });
  }
}

function fields(storage: number, changes: Readonly<Record<string, string>> = {}): Partial<WrittenSpec> {
  const template = { metadata: { name: "data" }, spec: { resources: { requests: { storage } } } };
  const shared = { selector: '{"a":1}', serviceName: '"db"', volumeClaimTemplates: JSON.stringify([template]) };
  return { immutableFields: { ...shared, ...changes } };
}

const gibibyte = 2 ** 30;
const recreate = ["kubectl delete statefulset db --cascade=orphan", "kubectl apply --filename FILE"];
const recreateWithPods = [
  "kubectl delete statefulset db --cascade=orphan",
  "kubectl delete pod db-0 db-1 db-2",
  "kubectl apply --filename FILE",
];

checkRefused("larger volumes", {
  before: { ...fields(5 * gibibyte), replicas: 2, ordinals: { start: 3 } },
  after: fields(20 * gibibyte),
  kind: "growVolume",
  commands: [
    "kubectl get storageclass",
    "kubectl get pvc data-db-3",
    `kubectl patch pvc data-db-3 --patch '{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}'`,
    `kubectl patch pvc data-db-4 --patch '{"spec":{"resources":{"requests":{"storage":"20Gi"}}}}'`,
    ...recreate,
  ],
});
checkRefused("smaller volumes", {
  before: fields(5 * gibibyte),
  after: fields(4 * gibibyte),
  kind: "shrinkVolume",
  commands: ["kubectl apply --filename FILE"],
});
checkRefused("another Service", {
  before: fields(gibibyte),
  after: fields(gibibyte, { serviceName: '"other"' }),
  kind: "recreateSet",
  commands: [...recreate, "kubectl rollout restart statefulset/db"],
});
checkRefused("another podManagementPolicy", {
  before: fields(gibibyte),
  after: { podManagementPolicy: "Parallel" },
  kind: "recreateSet",
  commands: recreate,
});
checkRefused("labels of a claim template", {
  before: fields(gibibyte),
  after: fields(gibibyte, {
    volumeClaimTemplates: JSON.stringify([
      { metadata: { name: "data", labels: { a: "b" } }, spec: { resources: { requests: { storage: gibibyte } } } },
    ]),
  }),
  kind: "recreateSet",
  commands: recreate,
});
checkRefused("another selector", {
  before: fields(gibibyte),
  after: fields(gibibyte, { selector: '{"a":2}' }),
  kind: "recreateSet",
  commands: recreateWithPods,
});
checkRefused("another selector, where the set deletes its claims", {
  before: { ...fields(gibibyte), persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
  after: fields(gibibyte, { selector: '{"a":2}' }),
  kind: "recreateSet",
  commands: recreateWithPods,
});
checkRefused("another claim template", {
  before: fields(gibibyte),
  after: { claims: ["data", "logs"], ...fields(gibibyte, { volumeClaimTemplates: "[]" }) },
  kind: "recreateSet",
  commands: recreateWithPods,
});
checkRefused("another Service, and OnDelete with a block rollingUpdate", {
  before: fields(gibibyte),
  after: {
    ...fields(gibibyte, { serviceName: '"other"' }),
    updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 0 } },
  },
  kind: "recreateSet",
  commands: [...recreate, "kubectl rollout restart statefulset/db"],
});
checkRefused("OnDelete with a block rollingUpdate", {
  after: { updateStrategy: { type: "OnDelete", rollingUpdate: { partition: 0 } } },
  kind: "dropRollingUpdate",
  commands: [
    `kubectl patch statefulset db --type merge --patch '{"spec":{"updateStrategy":{"type":"OnDelete","rollingUpdate":null}}}'`,
  ],
});

test("a runbook names the claims that a smaller set deletes with its pods", () => {
  const retention = { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } };
  const before = db({ ...fields(gibibyte), ...retention });
  const { outcome } = played(editing(before, { ...before, podManagementPolicy: "Parallel", replicas: 1 }));
  assert.ok(outcome.type === "rejected" && outcome.runbook !== undefined);
  assert.equal(runbookLines(outcome.runbook)[0], "# This loses the data of data-db-1, data-db-2");
  const after = played(
    following({ start: { type: "steady", spec: before }, actions: [], faults: [] }, outcome.runbook),
  );
  assert.deepEqual(after.measure.claimsDeleted, ["data-db-1", "data-db-2"]);
});

/** What is printed is a shell command even where a name is not one that Kubernetes takes. */
test("names are quoted for the shell", () => {
  const scenario = {
    ...creating(db({ name: "a; rm -rf 'x'" })),
    faults: [{ effect: { type: "neverReady" as const } }],
  };
  const lines = runbookLines(runbookOf(scenario, today));
  assert.ok(lines.includes(`kubectl delete pod 'a; rm -rf '\\''x'\\''-0'`), lines.join("\n"));
});

test("random trouble: following the runbooks ends converged and loses no claim that they do not name", () => {
  const ordinal = fc.nat(3);
  const effect = fc.constantFrom("neverReady" as const, "crashLoop" as const, "unschedulable" as const);
  const action: fc.Arbitrary<UserAction> = fc.oneof(
    fc.record({ type: fc.constantFrom("restart" as const, "changeImage" as const) }),
    fc.record({ type: fc.constantFrom("deletePod" as const, "loseNode" as const, "failPod" as const), ordinal }),
    fc.record({ type: fc.constant("scale" as const), replicas: fc.integer({ min: 1, max: 5 }) }),
  );
  const cases = fc.record({
    policy: fc.constantFrom("OrderedReady", "Parallel"),
    strategy: fc.constantFrom(
      undefined,
      { type: "OnDelete" },
      { type: "RollingUpdate", rollingUpdate: { partition: 1 } },
      { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } },
    ),
    fromNothing: fc.boolean(),
    actions: fc.array(action, { minLength: 1, maxLength: 3 }),
    faults: fc.array(
      fc.record({
        ordinals: fc.option(fc.array(ordinal, { minLength: 1, maxLength: 2 }), { nil: undefined }),
        revision: fc.constant("new" as const),
        effect: effect.map((type) => ({ type })),
      }),
      { maxLength: 2 },
    ),
    version: fc.constantFrom("1.33", "1.36", "1.37"),
  });
  fc.assert(
    fc.property(cases, ({ policy, strategy, fromNothing, actions, faults, version }) => {
      const spec = db({ podManagementPolicy: policy, updateStrategy: strategy });
      const start: Scenario = fromNothing
        ? creating(spec)
        : { ...creating(spec), start: { type: "steady", spec }, actions: [] };
      const behaviour = cluster(version);
      let scenario: Scenario = { ...then(start, ...actions), faults };
      // Trouble may be behind trouble: a lost node, and then a broken template.
      for (let round = 0; round < 4; round++) {
        const { outcome } = played(scenario, behaviour);
        if (outcome.type !== "stuck") break;
        scenario = following(scenario, outcome.runbook);
      }
      const { outcome, measure } = played(scenario, behaviour);
      assert.equal(outcome.type, "converged");
      assert.deepEqual(measure.claimsDeleted, []);
    }),
    { numRuns: many(300) },
  );
});
