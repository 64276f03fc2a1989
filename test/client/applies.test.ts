import assert from "node:assert/strict";
import { test } from "node:test";
import { toPage } from "../../client/src/webview/messages.js";
import { firstChoices, initialModel, reduce, type Model, type ModelEvent } from "../../client/src/webview/model.js";
import type { StatefulSet } from "../../server/src/engine/kubernetes/kinds/statefulset.js";
import { planText } from "../../server/src/engine/rollout/plan-text.js";
import { read } from "../../server/src/engine/rollout/schema.js";
import { verdictOf } from "../../server/src/engine/rollout/verdict.js";
import { claimOf, editedManifest, plannedBy, setNamed, setWith, templateOf } from "./applies.js";

/** The page after it was told of an edit, and after what its reader did. */
function pageOf(before: StatefulSet, after: StatefulSet, ...events: readonly ModelEvent[]): Model {
  const message = read(toPage, { type: "show", ...editedManifest(before, after) });
  assert.ok(message !== undefined);
  return [{ type: "received", message } as const, ...events].reduce(reduce, initialModel(firstChoices));
}

const image = templateOf("postgres:18");
const plain = setWith();

const edits: readonly (readonly [what: string, before: StatefulSet, after: StatefulSet, title: RegExp])[] = [
  ["another image", plain, setWith(image), /^Converges in about 12 s$/],
  [
    "a default that is written out",
    plain,
    setWith("podManagementPolicy: OrderedReady"),
    /^Nothing changes for the pods$/,
  ],
  ["another Service", plain, setWith("serviceName: other"), /^Rejected: serviceName is immutable$/],
  [
    "another Service and more storage",
    setWith(claimOf("1Gi")),
    setWith("serviceName: other", claimOf("2Gi")),
    /^Rejected: (?:serviceName and volumeClaimTemplates|volumeClaimTemplates and serviceName) are immutable$/,
  ],
  [
    "OnDelete, where the merge keeps the block",
    plain,
    setWith("updateStrategy: { type: OnDelete }"),
    /^Rejected by the API server$/,
  ],
  ["no image", plain, setWith(templateOf("")), /^Rejected by the API server$/],
  [
    "fewer replicas, whose claims are deleted",
    setWith(claimOf("1Gi"), "persistentVolumeClaimRetentionPolicy: { whenScaled: Delete }"),
    setWith(claimOf("1Gi"), "persistentVolumeClaimRetentionPolicy: { whenScaled: Delete }", "replicas: 1"),
    /^Converges in about 4 s, and the data of 2 claims is lost$/,
  ],
];
for (const [what, before, after, title] of edits) {
  test(`the panel says what plan says: ${what}`, () => {
    const { judged } = pageOf(before, after, { type: "played", play: { type: "edit" } });
    assert.ok(judged !== undefined);
    assert.match(verdictOf(judged).title, title);
    assert.equal(planText(judged, "edit"), planText(plannedBy(before, after), "edit"));
  });
}

test("the creation is judged as well: a name of which no pod can be created", () => {
  const long = setNamed("d".repeat(60));
  const { judged } = pageOf(long, long, { type: "played", play: { type: "create" } });
  assert.equal(judged?.outcome.type, "stuck");
  assert.equal(planText(judged ?? assert.fail(), "create"), planText(plannedBy(undefined, long), "create"));
});

test("each refused field has its old and its new value", () => {
  const { judged } = pageOf(plain, setWith("serviceName: other"));
  const { refused } = verdictOf(judged ?? assert.fail());
  assert.deepEqual(
    refused.flatMap(({ field, change }) => (change === undefined ? [] : [{ field, ...change }])),
    [{ field: "spec.serviceName", before: '"db"', after: '"other"' }],
  );
});

test("a runbook is played from the state in which it is printed, until something else is chosen", () => {
  const [before, after] = [setWith(claimOf("1Gi")), setWith(claimOf("2Gi"))];
  const page = pageOf(before, after);
  assert.equal(page.judged?.outcome.type, "rejected");
  assert.equal(page.simulation, page.judged);
  assert.equal(page.recovery?.outcome.type, "converged");
  const followed = reduce(page, { type: "followed", follows: true });
  assert.equal(followed.simulation?.outcome.type, "converged");
  assert.equal(followed.judged?.outcome.type, "rejected");
  assert.ok(followed.story.length > page.story.length);
  // The template is the same, so its pods are adopted and run on.
  assert.deepEqual([page.recovery?.measure.lowestReady, page.recovery?.measure.claimsDeleted], [3, []]);
  const other = reduce(followed, { type: "played", play: { type: "restart" } });
  assert.equal(other.simulation, other.judged);
});

test("what is supposed is played on top of what the API server makes of the edit", () => {
  const page = pageOf(plain, setWith(image), { type: "supposed", whatIf: { replicas: 1, secondsToReady: 60 } });
  assert.equal(page.judged?.measure.lowestReady, 0);
  assert.equal(page.judged?.outcome.type, "converged");
  const faults = [{ ordinal: 2, effect: { type: "crashLoop" as const } }];
  const broken = pageOf(plain, setWith(image), { type: "supposed", whatIf: { faults } });
  assert.ok(broken.judged?.outcome.type === "stuck" && broken.judged.outcome.runbook.kind === "brokenRevision");
});
