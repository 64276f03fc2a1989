import assert from "node:assert/strict";
import { test } from "node:test";
import { playForPanel } from "../../../server/src/engine/drawing/panel-play.js";
import { inlinePlay } from "../../../server/src/engine/drawing/play-files.js";
import { readObjects } from "../../../server/src/engine/maintenance/objects.js";
import type { AskedPlay, PanelPlay } from "../../../server/src/engine/maintenance/panel-play.js";
import { behaviourOf, newestRelease } from "../../../server/src/engine/kubernetes/versions.js";
import { apart, budgetFor, playOn, setWith } from "../maintenance/manifests.js";

const text = setWith({ pod: apart }) + budgetFor("maxUnavailable: 1");
const usual: AskedPlay = {
  play: "drain-all",
  nodes: 3,
  zones: 3,
  node: undefined,
  zone: undefined,
  to: undefined,
  surge: false,
  volumes: "zone",
  rollout: false,
  sets: "one",
  lanes: "node",
};

test("the panel has the verdict and the very drawing of the command line", () => {
  const result = playOn(text, 3, { type: "drain-all", surge: false }, { zones: ["a", "b", "c"] });
  const panel = played({});
  assert.equal(panel.headline, "Every node drains in about 6 min, at least 2 of 3 ready");
  assert.equal(panel.drawing.markup, inlinePlay(result, { by: "node", width: 800 }, "play").markup);
  assert.equal(panel.steps.length, result.steps.length);
  assert.equal(panel.drawing.left + panel.drawing.pixelsPerSecond * panel.seconds, 800 - 16);
});

test("a hang is a headline and its reason", () => {
  const panel = played({}, text.replace("maxUnavailable: 1", "minAvailable: 3"));
  assert.equal(panel.tone, "bad");
  assert.equal(panel.headline, "Hangs at node-0");
  assert.match(panel.why ?? "", /^budget db allows no eviction because/);
});

test("a node or zone that is not chosen, or gone, is the first one", () => {
  assert.equal(played({ play: "drain-node" }).node, "node-0");
  assert.equal(played({ play: "lose-node", node: "node-9" }).node, "node-0");
  assert.equal(played({ play: "lose-node", node: "node-2" }).node, "node-2");
  assert.deepEqual(played({ play: "lose-zone", zone: "c" }).zones, ["a", "b", "c"]);
  assert.deepEqual(played({ play: "lose-zone", nodes: 4, zones: 2, zone: "c" }).zone, "a");
  assert.equal(played({ play: "scale-down", nodes: 5 }).to, 4);
  assert.equal(played({ play: "scale-down", nodes: 5, to: 9 }).to, 4);
});

for (const [asked, problem] of [
  [{ nodes: 0 }, /`nodes` must be a whole number from 1/],
  [{ nodes: 201 }, /up to 200 nodes/],
  [{ play: "lose-zone", zones: 0 }, /No node has a zone/],
] as const) {
  test(`${JSON.stringify(asked)} is not played`, () => {
    const panel = panelOf(asked, text);
    assert.ok(panel.type === "invalid");
    assert.match(panel.problems.join(), problem);
  });
}

function played(asked: Partial<AskedPlay>, manifest = text): Extract<PanelPlay, { readonly type: "played" }> {
  const panel = panelOf(asked, manifest);
  assert.ok(panel.type === "played", JSON.stringify(panel));
  return panel;
}

function panelOf(asked: Partial<AskedPlay>, manifest: string): PanelPlay {
  const read = readObjects(manifest);
  assert.ok(read.type === "read");
  const statefulSets = read.objects.flatMap(({ resource }) => (resource.kind === "StatefulSet" ? [resource] : []));
  const budgets = read.objects.flatMap(({ resource, value }) =>
    resource.kind === "PodDisruptionBudget" ? [value] : [],
  );
  return playForPanel(
    { statefulSets, budgets, notes: [], setsInFile: 1 },
    { ...usual, ...asked },
    { behaviour: behaviourOf(newestRelease, {}), width: 800 },
  );
}
