import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { explain, recordedFiles, replayFile, report } from "../../../server/src/tools/conformance.js";
import { repo } from "../../harness/repo.js";
import { sampled } from "../../harness/fast.js";

for (const file of recordedFiles) {
  test(`every recording of ${file} replays`, () => {
    const verdicts = replayFile(sampled(readFileSync(repo("test/truth", file), "utf8").split("\n")).join("\n"));
    const failed = verdicts.find(({ passed }) => !passed);
    assert.equal(failed === undefined ? "" : explain(failed).join("\n"), "");
    assert.equal(report(verdicts).at(-1), `${verdicts.length} passed, 0 failed`);
  });
}

const recorded = JSON.stringify({
  id: "one",
  kubernetes: "1.36",
  category: "create",
  policy: "k1",
  stages: [{ apply: { replicas: 1, image: "v1" } }],
  out: [
    {
      rounds: [
        {
          k: [["apply"]],
          c: [
            ["rev-create", "v1", 1],
            ["create", "web-0", "v1"],
          ],
          s: [1, 0, 0, 1, 1, "v1", "v1"],
          n: 3,
        },
        { k: [["ready", "web-0"]], s: [1, 1, 1, 1, 1, "v1", "v1"], n: 2 },
      ],
      end: "quiescent",
      pods: [["web-0", "v1", "available"]],
      revs: [["v1", 1]],
      status: [1, 1, 1, 1, 1, "v1", "v1"],
    },
  ],
});

/** A recording that is changed in one place no longer replays. */
function checkFails(original: string, changed: string, where: string): void {
  assert.ok(recorded.includes(original), original);
  const [verdict] = replayFile(recorded.replace(original, changed));
  assert.equal(verdict?.passed, false, changed);
  const shown = verdict?.error ?? explain(verdict ?? fail()).find((line) => line.startsWith("!"));
  assert.equal(shown, where);
}

function fail(): never {
  throw new Error("no verdict");
}

test("a recording that says otherwise fails, and the round is shown", () => {
  assert.equal(replayFile(recorded)[0]?.passed, true);
  checkFails('["create","web-0","v1"]', '["create","web-0","v2"]', "! stage 0, round 0");
  checkFails('"s":[1,1,1,1,1,"v1","v1"],"n":2', '"s":[1,1,0,1,1,"v1","v1"],"n":2', "! stage 0, round 1");
  checkFails('"revs":[["v1",1]]', '"revs":[["v1",2]]', "! stage 0, end");
  checkFails(',{"k":[["ready","web-0"]],"s":[1,1,1,1,1,"v1","v1"],"n":2}', "", "! stage 0, end");
  checkFails('["ready","web-0"]', '["explodes","web-0"]', "unknown event explodes");
  checkFails('"kubernetes":"1.36"', '"kubernetes":"new"', "unknown Kubernetes version new");
});

test("a file of another kind is refused with its line", () => {
  assert.throws(() => replayFile(`${recorded}\n{"id":"two"}`), /line 2: no recording of a known format/);
  assert.throws(() => replayFile("no json"), /line 1/);
  assert.deepEqual(replayFile(""), []);
});
