import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
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
