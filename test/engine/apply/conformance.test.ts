import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { explain, replayFile, report } from "../../../server/src/tools/conformance.js";
import { repo } from "../../harness/repo.js";
import { sampled } from "../../harness/fast.js";

const text = readFileSync(repo("test/truth", "apply.jsonl"), "utf8");

test("every recorded apply, edit and command answers as the real API server and controller did", () => {
  const verdicts = replayFile(sampled(text.split("\n")).join("\n"));
  const failed = verdicts.find(({ passed }) => !passed);
  assert.equal(failed === undefined ? "" : explain(failed).join("\n"), "");
  assert.equal(report(verdicts).at(-1), `${verdicts.length} passed, 0 failed`);
});

/** A recording that is changed in one place no longer passes. */
function checkFails(id: string, original: string, changed: string): void {
  const line = text.split("\n").find((one) => one.includes(`"id": "${id}"`)) ?? "";
  assert.equal(replayFile(line)[0]?.passed, true, id);
  const edited = line.replaceAll(original, changed);
  assert.notEqual(edited, line, original);
  assert.equal(replayFile(edited)[0]?.passed, false, changed);
}

test("a recording that says otherwise fails", () => {
  checkFails("default-003", '"generation": "same"', '"generation": "+1"');
  checkFails("quantity-006", '"revision": "new"', '"revision": "none"');
  checkFails("quantity-006", '"1Gi", "1073741824"', '"1Gi", "1024Mi"');
  checkFails("default-015", '"deletedFirst": ["web-2"]', '"deletedFirst": ["web-0"]');
  checkFails("default-021", "readinessProbe.httpGet.port", "readinessProbe.httpGet.path");
  checkFails("lastapplied-014", ".spec.volumeClaimTemplates", ".spec.replicas");
  checkFails("restart-010", '"accepted": true', '"accepted": false');
  checkFails("status-036", "2 new pods have been updated", "1 new pods have been updated");
});
