import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { usualDrain } from "../../../server/src/engine/maintenance/drain.js";
import { drainOptions } from "../../../server/src/tools/drain-lines.js";
import { explain, replayFile } from "../../../server/src/tools/conformance.js";
import { repo } from "../../harness/repo.js";

const lines = readFileSync(repo("test/truth/eviction.jsonl"), "utf8").split("\n");

/** A recording of an eviction that is changed in one place no longer replays, and the step is shown. */
function checkFails(id: string, original: string, changed: string, where: string): void {
  const line = lines.find((one) => one.includes(`"id": "${id}"`)) ?? "";
  assert.ok(line.includes(original), `${id} has ${original}`);
  const [verdict] = replayFile(line.replace(original, changed));
  assert.equal(verdict?.passed, false, changed);
  const shown = verdict === undefined ? "" : (verdict.error ?? explain(verdict).find((text) => text.startsWith("!")));
  assert.equal(shown, where);
}

test("a recorded eviction that says otherwise fails", () => {
  checkFails("form-002", '"code": 201', '"code": 429', "! step 1: evict web-0");
  checkFails("form-002", "needs 1 healthy pods and has 1", "needs 2 healthy pods and has 1", "! step 2: evict web-1");
  checkFails("form-002", '"web": [2, 1, 2, 1,', '"web": [2, 1, 2, 2,', "! start");
  checkFails(
    "life-003",
    "except web-2",
    "except web-1",
    "! step 2: removes terminating pods, makes pods ready, except web-1",
  );
  checkFails("life-008", "scale to 5", "grow to 5", "unknown step of the user: grow to 5");
});

test("a recorded drain that says otherwise fails", () => {
  checkFails("drain-001", "pod/web-0 evicted", "pod/web-0 deleted", "! drain of a");
  checkFails("drain-013", "timeout reached: 8s", "timeout reached: 9s", "! drain of a");
  checkFails("drain-006", '"evictedPerRound": [1, 1, 1]', '"evictedPerRound": [2, 1]', "! evictedPerRound");
  checkFails("drain-034", "--timeout=40s --disable-eviction", "--timeout=40s --force", "! drain of a");
  checkFails("drain-036", "--timeout=8s", "--surprise", "unknown option --surprise");
});

test("the options of a drain are read as kubectl reads them", () => {
  const selected = (selector: string) => drainOptions(`kubectl drain node-a --pod-selector=${selector}`).podSelector;
  assert.deepEqual(selected("app=web,tier!=fast"), [
    { key: "app", operator: "In", values: ["web"] },
    { key: "tier", operator: "NotIn", values: ["fast"] },
  ]);
  assert.deepEqual(drainOptions("kubectl drain node-a --dry-run=client --grace-period=0"), {
    ...usualDrain,
    ignoreDaemonSets: false,
    deleteEmptyDirData: false,
    dryRun: "client",
    immediately: true,
  });
  const line = lines.find((one) => one.includes(`"id": "drain-039"`)) ?? "";
  const others = ["app,!canary,apps.kubernetes.io/pod-index==1", "apps.kubernetes.io/pod-index", "app!=web"];
  const passed = others.map((one) => replayFile(line.replace("apps.kubernetes.io/pod-index=1", one))[0]?.passed);
  assert.deepEqual(passed, [true, false, false]);
});

test("a drain that only pretends does not ask the API server", () => {
  const recorded: object = JSON.parse(lines.find((one) => one.includes(`"id": "drain-037"`)) ?? "");
  const stdout = [
    "evicting pod default/web-0 (dry run)",
    "evicting pod default/web-1 (dry run)",
    "node/node-a cordoned (dry run)",
    "node/node-a drained (dry run)",
  ];
  const out = { drains: [{ node: "a", exit: 0, stdout, stderr: [] }], evicted: [], rounds: [] };
  const command = "kubectl drain NODE --ignore-daemonsets --dry-run=client";
  const [verdict] = replayFile(JSON.stringify({ ...recorded, command, out }));
  assert.deepEqual([verdict?.passed, verdict?.error], [true, undefined]);
});
