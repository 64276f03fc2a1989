import assert from "node:assert/strict";
import { test } from "node:test";
import { assumptionsText } from "../../../server/src/engine/rollout/assumptions.js";
import { rolloutStatusNote } from "../../../server/src/engine/rollout/rollout-status.js";
import { acting, creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { verdictOf } from "../../../server/src/engine/rollout/verdict.js";
import { cluster, db, played, today } from "./rollouts.js";

function edited(changes: Partial<WrittenSpec>): Scenario {
  return editing(db(changes), db({ ...changes, revision: "new" }));
}

function partitioned(partition: number): Scenario {
  return edited({ updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition } } });
}

const neverReady = { revision: "new", effect: { type: "neverReady" } } as const;

const notes: readonly (readonly [title: string, scenario: Scenario, note: RegExp | undefined])[] = [
  ["a rolling update", edited({}), /status` and `helm upgrade --wait` succeed$/],
  [
    "OnDelete",
    edited({ updateStrategy: { type: "OnDelete" } }),
    /fails: .*OnDelete; `helm upgrade --wait` does not wait$/,
  ],
  [
    "Recreate",
    edited({ updateStrategy: { type: "Recreate" } }),
    /fails: .*Recreate; Helm 3 does not wait for it, Helm 4 does$/,
  ],
  ["a partition", partitioned(2), /succeed when the pods from ordinal 2 on are updated/],
  ["a partition that keeps all pods", partitioned(3), /succeed at once/],
  [
    "stuck",
    { ...edited({}), faults: [neverReady] },
    /waits without end unless it has a `--timeout`; `helm upgrade --wait` fails/,
  ],
  ["slower than Helm waits", { ...edited({}), timing: { toReady: 200 } }, /needs a longer `--timeout` .* about 10 min/],
  ["refused", editing(db(), db({ replicas: -1 })), undefined],
  ["deleted", acting(db(), { type: "delete", propagation: "Background" }), undefined],
];
for (const [title, scenario, note] of notes) {
  test(`what a pipeline sees: ${title}`, () => {
    const behaviour = title === "Recreate" ? cluster("1.37", { StatefulSetRecreateStrategy: true }) : today;
    const said = rolloutStatusNote(played(scenario, behaviour));
    if (note === undefined) assert.equal(said, undefined);
    else assert.match(said ?? "", note);
  });
}

test("what is assumed: the start, and how long pods take", () => {
  const text = (scenario: Scenario): string => assumptionsText(played(scenario)) ?? "";
  assert.match(text(edited({})), /^Assumed: the set is healthy and up to date at the start; a pod starts in 2 s/);
  assert.match(text(creating(db())), /^Assumed: neither the set nor its claims exist at the start/);
  const timing = { toRunning: 9, toReady: 0, toGone: 61, toDetach: 30 };
  assert.match(
    text({ ...edited({}), timing }),
    /starts in 9 s .*; becomes Ready at once; stops in 1 min 1 s; .* for up to 30 s$/,
  );
  assert.equal(text(editing(db(), db({ replicas: -1 }))), "");
});

test("lost data is never good, and durations are estimates", () => {
  const retention = { persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: "Delete" } };
  const verdicts = [
    acting(db(retention), { type: "scale", replicas: 1 }),
    acting(db(retention), { type: "delete", propagation: "Background" }),
    acting(db(), { type: "scale", replicas: 1 }),
  ].map((scenario) => verdictOf(played(scenario)));
  assert.deepEqual(
    verdicts.map(({ tone, title }) => `${tone}: ${title}`),
    [
      "bad: Converges in about 4 s, and the data of 2 claims is lost",
      "bad: Gone after about 2 s, and the data of 3 claims is lost",
      "good: Converges in about 4 s",
    ],
  );
});
