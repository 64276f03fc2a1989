import assert from "node:assert/strict";
import { test } from "node:test";
import { playHtml, playSvg } from "../../../server/src/engine/drawing/play-files.js";
import { drawPlay } from "../../../server/src/engine/drawing/play-drawing.js";
import { playPicture } from "../../../server/src/engine/maintenance/play-picture.js";
import { checkGolden } from "../../harness/golden.js";
import { apart, budgetFor, playOn, setWith } from "../maintenance/manifests.js";

const drainAll = { type: "drain-all", surge: false } as const;
const zones = ["a", "b", "c"];
const hanging = (): ReturnType<typeof playOn> =>
  playOn(
    setWith({ pod: apart }) +
      budgetFor("maxUnavailable: 1") +
      setWith({ name: "web" }) +
      budgetFor("minAvailable: 3", "web"),
    3,
    drainAll,
    { zones },
  );

test("a drain that hangs, as files", () => {
  checkGolden("test/engine/drawing/golden/drain-hangs.svg", playSvg(hanging(), "both"));
  checkGolden("test/engine/drawing/golden/drain-hangs.html", playHtml(hanging()));
});

test("pods are on their nodes, and evictions that are refused are marked", () => {
  const picture = playPicture(hanging());
  const [first, second] = picture.nodes;
  assert.deepEqual(
    first?.phases.map(({ state }) => state),
    ["hangs"],
  );
  assert.deepEqual(
    first?.stays.map(({ pod, refusedAt }) => [pod, refusedAt.length > 0]),
    [
      ["db-0", false],
      ["web-0", true],
    ],
  );
  assert.deepEqual(
    second?.stays.map(({ pod }) => pod),
    ["db-1", "web-1"],
  );
  assert.deepEqual(picture.pods.find(({ pod }) => pod === "db-0")?.waits.length, 1);
  assert.deepEqual(
    picture.curves.map(({ set, lowest, budgets }) => [set, lowest, budgets]),
    [
      ["db", 2, [{ budget: "db", needed: 2, spare: 1 }]],
      ["web", 3, [{ budget: "web", needed: 3, spare: 0 }]],
    ],
  );
});

test("a pod that moves is drawn where it was and where it comes", () => {
  const { curves, moves, nodes } = playPicture(playOn(setWith({}) + budgetFor("maxUnavailable: 1"), 2, drainAll));
  assert.equal(curves[0]?.points.at(-1)?.ready, 3);
  assert.deepEqual(
    moves.slice(0, 2).map(({ pod, from, to }) => [pod, from, to]),
    [
      ["db-0", "node-0", "node-1"],
      ["db-0", "node-1", "node-0"],
    ],
  );
  assert.deepEqual(
    nodes.map(({ phases }) => phases.map(({ state }) => state)),
    [
      ["draining", "away"],
      ["draining", "away"],
    ],
  );
});

test("many nodes are folded, and many pods are left to them", () => {
  const sets = Array.from({ length: 10 }, (_, index) => setWith({ name: `set-${index}`, replicas: 20 })).join("");
  const picture = playPicture(playOn(sets, 100, drainAll, { zones }));
  const heights = (["node", "pod"] as const).map((by) => drawPlay(picture, { by, width: 1200 }).height);
  assert.ok(Math.max(...heights) < 4500, heights.join());
  assert.match(drawPlay(picture, { by: "pod", width: 1200 }).markup.markup, /50 more pods: lanes by node show them/);
});
