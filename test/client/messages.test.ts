import assert from "node:assert/strict";
import { test } from "node:test";
import { firstAsked, type Choices } from "../../client/src/webview/choices.js";
import { pageMemory, toHost, toPage } from "../../client/src/webview/messages.js";
import { firstChoices } from "../../client/src/webview/model.js";
import type { AskedPlay } from "../../server/src/engine/maintenance/panel-play.js";
import { read } from "../../server/src/engine/rollout/schema.js";
import type { TimingHints, WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { manifestOf, written } from "./specs.js";

const isToPage = (value: unknown) => read(toPage, value) !== undefined;
const isToHost = (value: unknown) => read(toHost, value) !== undefined;
const isPageMemory = (value: unknown) => read(pageMemory, value) !== undefined;

const timing: Required<TimingHints> = {
  containers: [{ readinessProbe: { initialDelaySeconds: 1 }, startupProbe: { periodSeconds: 2 } }],
  initContainers: 1,
  preStopSleepSeconds: 2,
  terminationGracePeriodSeconds: 3,
  tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoExecute", tolerationSeconds: 5 }],
};

/** Every field that there is, so that the guard is asked about each. */
const full: Required<WrittenSpec> = {
  apiVersion: "apps/v1",
  name: "db",
  namespace: "prod",
  revision: "one",
  replicas: 3,
  podManagementPolicy: "Parallel",
  updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1, maxUnavailable: "30%" } },
  ordinals: { start: 2 },
  minReadySeconds: 5,
  persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete", whenDeleted: "Retain" },
  revisionHistoryLimit: 2,
  claims: ["data"],
  immutableFields: { serviceName: "x" },
  timing,
};
const show = { type: "show", ...manifestOf(full, full) };

test("what the host says is taken, also when nothing has become null on the way", () => {
  assert.ok(isToPage({ ...show, now: { ...written({}), timing: null, updateStrategy: null } }));
  assert.ok(isToPage({ ...show, former: null }));
  assert.ok(isToPage({ ...show, former: { label: "old.yaml", isBase: false, written: full, problem: null } }));
  assert.ok(isToPage({ type: "formerChosen" }));
  assert.ok(isToPage({ type: "stale", reason: "x" }));
  assert.ok(isToPage({ type: "cursor", field: "spec.replicas" }));
  assert.ok(isToPage({ type: "cursor", field: null }));
});

test("of what is taken nothing is lost", () => {
  const sent: unknown = JSON.parse(JSON.stringify(show));
  assert.deepEqual(JSON.parse(JSON.stringify(read(toPage, sent))), sent);
  const chosen: unknown = JSON.parse(JSON.stringify({ type: "choices", choices }));
  assert.deepEqual(JSON.parse(JSON.stringify(read(toHost, chosen))), chosen);
});

for (const [field, wrong] of [
  ["name", undefined],
  ["apiVersion", 1],
  ["revision", 1],
  ["replicas", "3"],
  ["replicas", Infinity],
  ["minReadySeconds", NaN],
  ["updateStrategy", { rollingUpdate: { partition: "1" } }],
  ["updateStrategy", { rollingUpdate: { maxUnavailable: {} } }],
  ["ordinals", { start: "0" }],
  ["persistentVolumeClaimRetentionPolicy", { whenScaled: 1 }],
  ["claims", [1]],
  ["claims", "data"],
  ["timing", { containers: [{ readinessProbe: { periodSeconds: "1" } }] }],
  ["timing", { containers: {} }],
] as const) {
  test(`a show message with ${field}: ${JSON.stringify(wrong)} is not taken`, () => {
    assert.equal(isToPage({ ...show, now: { ...full, [field]: wrong } }), false);
  });
}

for (const message of [
  undefined,
  null,
  "show",
  [],
  {},
  { type: "run" },
  { ...show, release: "1.36" },
  { ...show, featureGates: { StatefulSetWings: true } },
  { ...show, featureGates: { StatefulSetMinReadySeconds: "on" } },
  { ...show, former: "old.yaml" },
  { ...show, former: { label: "old.yaml", written: { name: 1 } } },
  { type: "stale" },
  { type: "cursor", field: 1 },
]) {
  test(`the page does not take ${JSON.stringify(message)?.slice(0, 40)}`, () => assert.equal(isToPage(message), false));
}

/** Every field that there is, as JSON has it. */
const choices: Choices = {
  play: { type: "rollBack", after: 30 },
  compareWith: "saved",
  follows: true,
  whatIf: {
    replicas: 5,
    partition: 1,
    maxUnavailable: "30%",
    podManagementPolicy: "Parallel",
    strategy: "RollingUpdate",
    minReadySeconds: 3,
    whenScaled: "Delete",
    whenDeleted: "Retain",
    release: { minor: 37, patch: undefined },
    secondsToReady: 12,
    secondsToStart: 1,
    secondsToStop: 4,
    secondsToDetach: 60,
    faults: [
      { ordinal: 2, effect: { type: "neverReady" } },
      { ordinal: 1, effect: { type: "slow", secondsToReady: 300 } },
    ],
  },
  speed: 4,
  zoom: 2,
};

const asked: AskedPlay = { ...firstAsked(manifestOf(full, full)), node: "node-1" };
const played = {
  type: "played",
  tone: "good",
  headline: "Every node drains",
  reasons: ["x"],
  notes: [],
  steps: [{ at: 1, tone: "note", title: "node-0 is cordoned", why: "" }],
  seconds: 1,
  nodes: ["node-0"],
  zones: [],
  setsInFile: 1,
  drawing: { markup: "<svg/>", left: 150, pixelsPerSecond: 2 },
  text: "play drain-all",
};

test("plays of nodes are asked for and answered", () => {
  assert.ok(isToHost({ type: "playNodes", asked, width: 900 }));
  assert.ok(isToPage({ type: "playNodes", asked: { ...asked, node: null } }));
  assert.ok(isToPage({ type: "nodesPlayed", play: played }));
  assert.ok(isToPage({ type: "nodesPlayed", play: { type: "invalid", problems: ["x"] } }));
});

for (const [field, wrong] of [
  ["play", "explode"],
  ["nodes", "3"],
  ["nodes", -1],
  ["zones", 27],
  ["node", 1],
  ["volumes", "cloud"],
  ["lanes", undefined],
] as const) {
  test(`a play of nodes with ${field}: ${JSON.stringify(wrong)} is not taken`, () => {
    assert.equal(isToHost({ type: "playNodes", asked: { ...asked, [field]: wrong }, width: 900 }), false);
    assert.equal(isToPage({ type: "playNodes", asked: { ...asked, [field]: wrong } }), false);
  });
}

for (const [field, wrong] of [
  ["tone", "neutral"],
  ["steps", [{ at: Infinity, tone: "note", title: "x", why: "" }]],
  ["seconds", NaN],
  ["drawing", "<svg/>"],
  ["drawing", { ...played.drawing, markup: 1 }],
] as const) {
  test(`an answer about nodes with ${field}: ${JSON.stringify(wrong)} is not taken`, () =>
    assert.equal(isToPage({ type: "nodesPlayed", play: { ...played, [field]: wrong } }), false));
}

for (const chosen of [
  firstChoices,
  choices,
  ...[
    { type: "create" },
    { type: "edit" },
    { type: "changeImage" },
    { type: "restart" },
    { type: "scale", replicas: 0 },
    { type: "rollBack" },
    { type: "delete", propagation: "Orphan" },
    { type: "deletePod", ordinal: 1 },
    { type: "loseNode", ordinal: 1 },
    { type: "nodes", asked },
  ].map((play) => ({ ...choices, play })),
]) {
  test(`choices are remembered: ${JSON.stringify(chosen.play) ?? "none"}`, () => {
    const message: unknown = JSON.parse(JSON.stringify({ type: "choices", choices: chosen }));
    assert.ok(isToHost(message));
    assert.ok(isToPage(message));
  });
}

for (const [field, wrong] of [
  ["play", { type: "explode" }],
  ["play", { type: "scale" }],
  ["play", { type: "delete", propagation: "Never" }],
  ["compareWith", "git"],
  ["speed", "fast"],
  ["zoom", undefined],
  ["whatIf", undefined],
  ["whatIf", { ...choices.whatIf, replicas: "5" }],
  ["whatIf", { ...choices.whatIf, strategy: 1 }],
  ["whatIf", { ...choices.whatIf, release: "1.36" }],
  ["whatIf", { ...choices.whatIf, faults: undefined }],
  ["whatIf", { ...choices.whatIf, faults: [{ ordinal: 1, effect: { type: "slow" } }] }],
  ["whatIf", { ...choices.whatIf, faults: [{ ordinal: -1, effect: { type: "crashLoop" } }] }],
] as const) {
  test(`choices with ${field}: ${JSON.stringify(wrong)} are forgotten`, () => {
    const message = { type: "choices", choices: { ...choices, [field]: wrong } };
    assert.equal(isToHost(message), false);
    assert.equal(isToPage(message), false);
  });
}

test("what the page says is taken", () => {
  assert.ok(isToHost({ type: "ready" }));
  assert.ok(isToHost({ type: "reveal", field: "spec.updateStrategy.rollingUpdate.partition" }));
  assert.ok(isToHost({ type: "copy", text: "kubectl get pods" }));
  assert.ok(isToHost({ type: "write", edits: [{ field: "spec.replicas", value: 5 }] }));
  assert.ok(isToHost({ type: "write", edits: [{ field: "spec.updateStrategy.rollingUpdate", value: null }] }));
  assert.ok(isToHost({ type: "save", format: "svg", content: "PHN2Zy8+" }));
});

for (const message of [
  { type: "reveal", field: "../../etc/passwd" },
  { type: "reveal" },
  { type: "copy", text: 1 },
  { type: "save", format: "exe", content: "" },
  { type: "save", format: "svg", content: "<svg/>" },
  { type: "eval", code: "1" },
  { type: "playNodes", asked, width: 0 },
  { type: "playNodes", asked, width: 1e9 },
  { type: "playNodes", width: 900 },
  { type: "write", edits: [] },
  { type: "write", edits: { field: "spec.replicas", value: 5 } },
  { type: "write", edits: [{ field: "spec.template", value: 5 }] },
  { type: "write", edits: [{ field: "toString", value: 5 }] },
  { type: "write", edits: [{ field: "spec.replicas", value: null }] },
  { type: "write", edits: [{ field: "spec.replicas", value: -1 }] },
  { type: "write", edits: [{ field: "spec.replicas", value: 2 ** 31 }] },
  { type: "write", edits: [{ field: "spec.podManagementPolicy", value: "Sometimes" }] },
  { type: "write", edits: [{ field: "spec.updateStrategy.rollingUpdate.maxUnavailable", value: "101%" }] },
  { type: "write", edits: [{ field: "spec.updateStrategy.rollingUpdate.maxUnavailable", value: 0 }] },
]) {
  test(`the host does not take ${JSON.stringify(message)}`, () => assert.equal(isToHost(message), false));
}

test("memory of another kind is no memory", () => {
  assert.ok(isPageMemory({ source: show.source, opened: full }));
  assert.equal(isPageMemory({ source: show.source }), false);
  assert.equal(isPageMemory(undefined), false);
});
