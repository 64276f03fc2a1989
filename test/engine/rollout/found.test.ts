import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { behaviourOf, parseRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { readObjects } from "../../../server/src/engine/maintenance/objects.js";
import { readSetDumps, type SetDump } from "../../../server/src/engine/maintenance/set-dump.js";
import type { TimedAction, UserAction } from "../../../server/src/engine/rollout/scenario.js";
import { simulate } from "../../../server/src/engine/rollout/simulate.js";
import { calmWorld } from "../../../server/src/engine/rollout/world.js";
import { repo } from "../../harness/repo.js";

const release = parseRelease("1.36");
assert.ok(release !== undefined);
const behaviour = behaviourOf(release, {});

/** A real cluster of test/truth/dumps.jsonl. */
function found(id: string): SetDump {
  const lines = readFileSync(repo("test/truth/dumps.jsonl"), "utf8").trim().split("\n");
  const cases = lines.map((line): { readonly id: string; readonly dump: string } => JSON.parse(line));
  const recorded = cases.find((one) => one.id === id);
  assert.ok(recorded !== undefined);
  const read = readObjects(recorded.dump);
  assert.equal(read.type, "read");
  const world = calmWorld({ nodeGraceSeconds: 40, timingOverride: {}, faults: [] });
  const dumps = read.type === "read" ? readSetDumps(read.objects, { behaviour, world }) : undefined;
  assert.equal(dumps?.type, "read");
  const dump = dumps?.type === "read" ? dumps.dumps[0] : undefined;
  assert.ok(dump !== undefined);
  return dump;
}

function goOn({ state, written, faults }: SetDump, actions: readonly TimedAction[] = []): ReturnType<typeof simulate> {
  return simulate({ scenario: { start: { type: "found", state, written, faults }, actions, faults: [] }, behaviour });
}

function settled(action: UserAction): TimedAction {
  return { when: { type: "settled" }, action };
}

test("a rollout half way goes on by itself", () => {
  const { outcome, steps } = goOn(found("mid-rollout-03"));
  assert.equal(outcome.type, "converged");
  const deleted = steps.filter(({ action }) => action === "deletePod").map(({ pod }) => pod);
  assert.deepEqual(deleted, ["web-2", "web-1", "web-0"]);
});

test("an image that cannot be pulled stays so, and the runbook deletes the pod", () => {
  const { outcome } = goOn(found("stuck-04"));
  assert.equal(outcome.type, "stuck");
  assert.match(outcome.type === "stuck" ? outcome.reason : "", /^web-2 never becomes Ready/);
});

test("nothing wakes the controller when a claim that it waited for is gone, but a touch does", () => {
  const again = { type: "scale", replicas: 5 } as const;
  const dump = found("scale-down-03");
  const asleep = goOn(dump, [{ when: { type: "at", seconds: 0 }, action: again }]);
  assert.equal(asleep.outcome.type, "stuck");
  assert.equal(asleep.outcome.type === "stuck" ? asleep.outcome.runbook.kind : "", "controllerAsleep");
  const touched = goOn(dump, [{ when: { type: "at", seconds: 0 }, action: again }, settled({ type: "touch" })]);
  assert.equal(touched.outcome.type, "converged");
});

test("a controller at rest is not woken by being looked at", () => {
  assert.deepEqual(goOn(found("healthy-03")).steps, []);
});
