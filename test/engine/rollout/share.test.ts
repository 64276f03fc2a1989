import assert from "node:assert/strict";
import { test } from "node:test";
import { asMermaid, asText, sharedOf, type Shared } from "../../../server/src/engine/rollout/share.js";
import { behaviourOf, defaultRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { creating, editing, type Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { simulate } from "../../../server/src/engine/rollout/simulate.js";
import { written } from "../../client/specs.js";

test("the preview as text: verdict, story, data", () => {
  const one = shared("db", creating(written({ replicas: 1, claims: ["data"] })));
  const lines = asText(one).split("\n");
  assert.deepEqual(lines.slice(0, 3), ["db: Converges in about 5 s", "  claims deleted 0", ""]);
  assert.ok(lines.includes("0:00  create db-0 on v1, with data-db-0"));
  assert.ok(lines.includes("0:05  db-0 is Ready"));
  assert.deepEqual(lines.slice(-7, -3), ["Data", "  kept: data-db-0", "    It was created for its pod", ""]);
});

test("a stuck rollout takes its recovery along", () => {
  const scenario = editing(written({}), written({ revision: "two" }));
  const text = asText(shared("db", { ...scenario, faults: [{ effect: { type: "neverReady" } }] }));
  assert.match(text, /^db: Stuck after about 4 s\n {2}db-1 never becomes Ready/);
  assert.match(text, /\nTo recover\n {2}# Go back .*\n {2}kubectl rollout undo statefulset\/db\n/);
});

test("the lanes as a Gantt chart of Mermaid", () => {
  assert.equal(
    asMermaid(shared("db", creating(written({ replicas: 1 })))),
    `gantt
    title db, Converges in about 5 s
    dateFormat X
    axisFormat %M:%S
    section db-0
    pending v1 :done, 0, 2
    running v1 :active, 2, 5
    ready v1 :5, 7
`,
  );
});

test("a name cannot break out of its line of Mermaid, nor become markup", () => {
  const name = "a:b\n%%{init}%%<img onerror=x>";
  const chart = asMermaid(shared(name, creating(written({ name, replicas: 1 }))));
  assert.equal(chart.split("\n").length, 9);
  assert.ok(chart.includes("section a_b____init____img onerror_x_-0\n"));
});

function shared(name: string, scenario: Scenario): Shared {
  return sharedOf(name, simulate({ scenario, behaviour: behaviourOf(defaultRelease, {}) }));
}
