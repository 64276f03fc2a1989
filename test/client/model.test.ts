import assert from "node:assert/strict";
import { test } from "node:test";
import { firstAsked, playOf } from "../../client/src/webview/choices.js";
import {
  askedNodes,
  firstChoices,
  initialModel,
  reduce,
  speedOf,
  type Model,
  type ModelEvent,
} from "../../client/src/webview/model.js";
import type { ToPage } from "../../client/src/webview/messages.js";
import type { PanelPlay } from "../../server/src/engine/maintenance/panel-play.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { manifestOf, written } from "./specs.js";

const two = written({});

test("without an edit the creation is played, with one the edit, until the user chooses", () => {
  assert.equal(playedBy(modelAfter(show(two, two))), "create");
  assert.equal(playedBy(modelAfter(show(written({ replicas: 3 }), two))), "edit");
  const chosen: ModelEvent = { type: "played", play: { type: "restart" } };
  assert.equal(playedBy(modelAfter(show(two, two), chosen, show(written({ replicas: 3 }), two))), "restart");
});

test("step, story and moment are one selection", () => {
  const model = modelAfter(show(two, two), { type: "stepped", by: 1 }, { type: "stepped", by: 100 });
  assert.deepEqual(model.playhead, { at: 10, entry: model.story.length - 1 });
  assert.deepEqual(reduce(model, { type: "stepped", by: -1 }).playhead, { at: 5, entry: model.story.length - 2 });
  assert.deepEqual(reduce(model, { type: "sought", at: 7.5 }).playhead, { at: 7.5, entry: model.story.length - 2 });
  assert.deepEqual(reduce(model, { type: "sought", at: -3 }).playhead.at, 0);
  assert.deepEqual(reduce(model, { type: "entrySelected", entry: -5 }).playhead, { at: 0, entry: 0 });
});

test("playing passes virtual time and stops at the end, from where it begins again", () => {
  const model = modelAfter(
    show(two, two),
    { type: "speedChosen", speed: 2 },
    { type: "playToggled" },
    { type: "ticked", seconds: 1.5 },
  );
  assert.deepEqual([model.playing, model.playhead.at], [true, 3]);
  const ended = reduce(model, { type: "ticked", seconds: 60 });
  assert.deepEqual([ended.playing, ended.playhead.at], [false, 10]);
  const again = reduce(ended, { type: "playToggled" });
  assert.deepEqual([again.playing, again.playhead.at], [true, 0]);
  assert.equal(reduce(ended, { type: "ticked", seconds: 1 }), ended);
});

test("the edit from another file is played once that is chosen, under the name that the set has here", () => {
  const former = {
    label: "old.yaml",
    isBase: false,
    written: written({ name: "old-db", replicas: 5 }),
    problem: undefined,
  };
  const message: ToPage = { type: "show", ...manifestOf(two, two), former };
  const model = modelAfter({ type: "received", message });
  assert.equal(playedBy(model), "create");
  const chosen = reduce(model, { type: "received", message: { type: "formerChosen" } });
  assert.equal(playedBy(chosen), "edit");
  assert.deepEqual(
    chosen.story.filter(({ tone }) => tone === "delete").map(({ title }) => title),
    ["delete db-4", "delete db-3", "delete db-2"],
  );
});

test("without the other file the edit is that since the panel was opened", () => {
  const compared = modelAfter(show(written({ replicas: 3 }), two), {
    type: "compared",
    compareWith: "former",
  });
  assert.ok(compared.story.some(({ title }) => title === "create db-2 on v1"));
});

test("a number of replicas that nobody can look at is not played while it is typed", () => {
  const { simulation } = modelAfter(show(written({ replicas: 100_000 }), two));
  assert.equal(simulation?.outcome.type, "stepLimit");
  assert.equal(simulation?.steps.length, 0);
});

test("a rejected edit has a story: what the API server says", () => {
  const { story } = modelAfter(show(written({ podManagementPolicy: "Sometimes" }), two));
  assert.deepEqual(
    story.map(({ tone, field }) => [tone, field]),
    [
      ["trouble", "spec.podManagementPolicy"],
      ["trouble", "spec"],
    ],
  );
});

test("a fitted speed plays the whole in about a quarter of a minute", () => {
  const long = written({ replicas: 60 });
  assert.equal(speedOf(modelAfter(show(long, long))), 20);
  assert.equal(speedOf(modelAfter(show(two, two))), 1);
});

test("an edit keeps the playhead where it is, and half-typed YAML keeps the last good state", () => {
  const model = modelAfter(show(two, two), { type: "sought", at: 6 });
  const edited = reduce(model, show(written({ replicas: 3 }), written({ replicas: 3 })));
  assert.deepEqual([edited.playhead.at, edited.story[edited.playhead.entry]?.at], [6, 5]);
  const shorter = reduce(model, show(written({ replicas: 1 }), written({ replicas: 1 })));
  assert.equal(shorter.playhead.at, 5);
  const stale = reduce(model, { type: "received", message: { type: "stale", reason: "the YAML cannot be read" } });
  assert.deepEqual([stale.stale, stale.simulation], ["the YAML cannot be read", model.simulation]);
  assert.equal(reduce(stale, show(two, two)).stale, undefined);
});

test("what is supposed is played without being written", () => {
  const model = modelAfter(show(two, two), { type: "supposed", whatIf: { replicas: 1 } });
  assert.equal(model.simulation?.outcome.at, 5);
  assert.equal(reduce(model, { type: "supposedNothing" }).simulation?.outcome.at, 10);
});

test("to suppose another pod management policy is no edit of the running set", () => {
  const edited = modelAfter(show(written({ revision: "two" }), two), {
    type: "supposed",
    whatIf: { podManagementPolicy: "Parallel" },
  });
  assert.equal(edited.simulation?.outcome.type, "converged");
});

test("a maxUnavailable of the new release, and a strategy without a block", () => {
  const four = written({ replicas: 4 });
  const model = modelAfter(show({ ...four, revision: "two" }, four), {
    type: "supposed",
    whatIf: { release: { minor: 37, patch: undefined }, maxUnavailable: 2 },
  });
  assert.equal(model.simulation?.measure.podsDownAtOnce, 2);
  const onDelete = reduce(model, { type: "supposed", whatIf: { strategy: "OnDelete" } });
  assert.equal(onDelete.simulation?.measure.podsDeleted, 0);
});

test("the zoom stays within its bounds", () => {
  const model = modelAfter({ type: "zoomed", zoom: 0.2 });
  assert.equal(model.choices.zoom, 1);
  assert.equal(reduce(model, { type: "zoomed", zoom: 1e9 }).choices.zoom, 200);
});

const steps = [0, 4, 20].map((at) => ({ at, tone: "note" as const, title: `step at ${at}`, why: "" }));
const drained: PanelPlay = {
  type: "played",
  tone: "good",
  headline: "Every node drains",
  why: undefined,
  reasons: [],
  notes: [],
  steps,
  seconds: 20,
  nodes: ["node-0"],
  zones: [],
  node: undefined,
  zone: undefined,
  to: undefined,
  setsInFile: 1,
  drawing: { markup: "<svg/>", left: 150, pixelsPerSecond: 2 },
  runbook: undefined,
  text: "",
};

test("a play of nodes is told step by step, and another drawing of it leaves the moment as it is", () => {
  const asked = firstAsked(manifestOf(two, two));
  const answered: ModelEvent = { type: "received", message: { type: "nodesPlayed", play: drained } };
  const model = modelAfter(show(two, two), { type: "received", message: { type: "playNodes", asked } }, answered);
  assert.equal(playedBy(model), "nodes");
  assert.deepEqual(
    model.story.map(({ title }) => title),
    ["step at 0", "step at 4", "step at 20"],
  );
  const later = reduce(model, { type: "stepped", by: 1 });
  assert.deepEqual(later.playhead, { at: 4, entry: 1 });
  const drawnAnew = [{ type: "lanesChosen", lanes: "pod" } as const, answered].reduce(reduce, later);
  assert.deepEqual([drawnAnew.playhead, askedNodes(drawnAnew)?.lanes], [later.playhead, "pod"]);
  assert.equal(reduce(later, { type: "sought", at: 1000 }).playhead.at, 20);
  const shorter = { ...drained, steps: steps.slice(0, 1), seconds: 0 };
  assert.equal(reduce(later, { type: "received", message: { type: "nodesPlayed", play: shorter } }).playhead.at, 0);
});

test("what cannot be played has no story, and a rollout has its own again", () => {
  const asked = firstAsked(manifestOf(two, two));
  const model = modelAfter(
    show(two, two),
    { type: "received", message: { type: "playNodes", asked } },
    { type: "received", message: { type: "nodesPlayed", play: { type: "invalid", problems: ["x"] } } },
    { type: "playToggled" },
    { type: "ticked", seconds: 1 },
  );
  assert.deepEqual([model.story, model.playing, model.playhead.at], [[], false, 0]);
  assert.equal(reduce(model, { type: "played", play: { type: "create" } }).simulation?.outcome.type, "converged");
});

function modelAfter(...events: readonly ModelEvent[]): Model {
  return events.reduce(reduce, initialModel(firstChoices));
}

function show(now: WrittenSpec, before: WrittenSpec): ModelEvent {
  return { type: "received", message: { type: "show", ...manifestOf(now, before) } };
}

function playedBy({ manifest, choices }: Model): string {
  assert.ok(manifest);
  return playOf(manifest, choices).type;
}
