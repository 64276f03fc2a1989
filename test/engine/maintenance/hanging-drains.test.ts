import assert from "node:assert/strict";
import { test } from "node:test";
import { behaviourOf, newestRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { createDrains, hangingDrains } from "../../../server/src/engine/maintenance/hanging-drains.js";
import { readObjects } from "../../../server/src/engine/maintenance/objects.js";
import { apart, setWith } from "./manifests.js";

const spread = (more = "", key = "kubernetes.io/hostname"): string =>
  `topologySpreadConstraints: [{ maxSkew: 1, topologyKey: ${key}, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: db } }${more} }]`;

/** The number of nodes on which every drain hangs, and why a pod waits there. */
function check(replicas: number, pod: string, expected: readonly [nodes: number, why: string] | undefined): void {
  const read = readObjects(setWith({ replicas, pod }));
  const [set] = read.type === "read" ? read.objects : [];
  assert.ok(set?.resource.kind === "StatefulSet");
  const budget = { metadata: { name: "db" }, spec: { maxUnavailable: 1, selector: {} } };
  const found = hangingDrains(set.resource, budget, behaviourOf(newestRelease, {}));
  assert.deepEqual(found && [found.nodes, found.waiting.why], expected);
  assert.ok((found?.plays ?? 0) <= 14);
}

const broken = "1 node cordoned, 1 node where it would break its spread over kubernetes.io/hostname (maxSkew 1)";

test("a hard spread over nodes lets no drain end where each has as many pods", () => {
  check(4, spread(), [2, broken]);
  check(6, spread(), [2, broken]);
  check(3, spread(), undefined);
  check(4, spread(", nodeTaintsPolicy: Honor"), undefined);
  check(4, spread().replace("maxSkew: 1", "maxSkew: 2"), undefined);
  check(4, spread().replace("DoNotSchedule", "ScheduleAnyway"), undefined);
});

test("pods that are kept apart wait for their node, and let the drain end", () => {
  check(3, apart, undefined);
  check(2, apart, undefined);
  check(4, "", undefined);
});

test("drains are played again only when something has changed that decides about them", () => {
  let played = 0;
  const drainsOf = createDrains(behaviourOf(newestRelease, {}), (...given) => {
    played += 1;
    return hangingDrains(...given);
  });
  const budget = { metadata: { name: "db" }, spec: { maxUnavailable: 1, selector: {} } };
  const hangs = setWith({ replicas: 4, pod: spread() });
  // Each is played as it is, and as it is mended.
  for (const [text, plays] of [
    [hangs, 2],
    [hangs, 2],
    [`# another comment\n${hangs}`, 2],
    [hangs.replace("example:1", "example:2"), 2],
    [hangs.replace("name: db }", "name: db, annotations: { a: b } }"), 2],
    [hangs.replace("maxSkew: 1", "maxSkew: 2"), 3],
    [hangs.replace("replicas: 4", "replicas: 6"), 5],
    [hangs, 5],
  ] as const) {
    const read = readObjects(text);
    const [set] = read.type === "read" ? read.objects : [];
    assert.ok(set?.resource.kind === "StatefulSet");
    const { hanging, honoringHelps } = drainsOf(set.resource, budget);
    assert.equal(honoringHelps, hanging !== undefined);
    assert.equal(played, plays, text);
  }
  const read = readObjects(hangs);
  const [set] = read.type === "read" ? read.objects : [];
  assert.ok(set?.resource.kind === "StatefulSet");
  drainsOf(set.resource, { ...budget, spec: { maxUnavailable: 2, selector: {} } });
  assert.ok(played > 5);
});
