import assert from "node:assert/strict";
import { test } from "node:test";
import { simulationInput, type Choices } from "../../client/src/webview/choices.js";
import { firstChoices } from "../../client/src/webview/model.js";
import { storyOf } from "../../server/src/engine/rollout/story.js";
import { formatMoment } from "../../server/src/engine/rollout/time.js";
import { verdictOf } from "../../server/src/engine/rollout/verdict.js";
import { pictureOf, type Bar, type Picture } from "../../server/src/engine/rollout/picture.js";
import { noWhatIf } from "../../client/src/webview/what-if.js";
import { simulate, type Simulation } from "../../server/src/engine/rollout/simulate.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { manifestOf, written } from "./specs.js";

interface Case {
  readonly name: string;
  readonly before?: WrittenSpec;
  readonly now: WrittenSpec;
  readonly choices: Partial<Choices>;
  /** A line for each pod and claim, for the links and for the ready pods over time. */
  readonly picture: readonly string[];
  readonly verdict: string;
}

const cases: readonly Case[] = [
  {
    name: "pods are created one after the other, each with its claim",
    now: written({ claims: ["data"] }),
    choices: { play: { type: "create" } },
    picture: [
      "db-0: 0-2 pending v1, 2-5 running v1, 5-12 up v1",
      "  data-db-0: 0-12 kept",
      "db-1: 5-7 pending v1, 7-10 running v1, 10-12 up v1",
      "  data-db-1: 5-12 kept",
      "links: 5 db-0 -> db-1",
      "ready of 2: 0 at 0, 1 at 5, 2 at 10",
    ],
    verdict: "good: Converges in about 10 s; claims deleted 0",
  },
  {
    name: "an edit replaces the pods from the highest ordinal down to the partition",
    before: written({}),
    now: written({ revision: "two", updateStrategy: { rollingUpdate: { partition: 1 } } }),
    choices: { play: { type: "edit" } },
    picture: [
      "db-0: 0-9 up v1",
      "db-1: 0-2 terminating v1, 2-4 pending v2, 4-7 running v2, 7-9 up v2",
      "partition 1 above db-1",
      "links: ",
      "ready of 2: 1 at 0, 2 at 7",
    ],
    verdict: "good: Converges in about 7 s; at least 1 of 2 ready; replaces db-1; stay on v1 db-0",
  },
  {
    name: "claims go with their pods where whenScaled is Delete",
    now: written({ claims: ["data"], persistentVolumeClaimRetentionPolicy: { whenScaled: "Delete" } }),
    choices: { play: { type: "scale", replicas: 1 } },
    picture: [
      "db-0: 0-4 up v1",
      "  data-db-0: 0-4 kept",
      "db-1: 0-2 terminating v1",
      "  data-db-1: 0-2 kept, gone",
      "links: ",
      "ready of 1: 1 at 0",
    ],
    verdict: "bad: Converges in about 2 s, and the data of 1 claim is lost; at least 1 of 1 ready; claims deleted 1",
  },
  {
    name: "a pod that never becomes Ready holds up the rest and is marked",
    before: written({}),
    now: written({ revision: "two" }),
    choices: {
      play: { type: "edit" },
      whatIf: { ...noWhatIf, faults: [{ ordinal: 1, effect: { type: "neverReady" } }] },
    },
    picture: [
      "db-0: 0-6 up v1",
      "db-1: 0-2 terminating v1, 2-4 pending v2, 4-6 running v2 stuck",
      "links: ",
      "ready of 2: 1 at 0",
    ],
    verdict: "bad: Stuck after about 4 s; at least 1 of 2 ready; replaces db-1; stay on v1 db-0",
  },
  {
    name: "a Ready pod that is not yet Available is told apart",
    now: written({ replicas: 1, minReadySeconds: 10 }),
    choices: { play: { type: "create" } },
    picture: [
      "db-0: 0-2 pending v1, 2-5 running v1, 5-15 settling v1, 15-17 up v1",
      "links: ",
      "ready of 1: 0 at 0, 1 at 5",
    ],
    verdict: "good: Converges in about 15 s",
  },
  {
    name: "what the API server refuses is not played",
    now: written({ replicas: -1 }),
    choices: { play: { type: "create" } },
    picture: ["links: ", "ready of 0: 0 at 0"],
    verdict: "bad: Rejected by the API server",
  },
  {
    name: "an edit that changes nothing",
    now: written({ replicas: 1 }),
    choices: { play: { type: "edit" } },
    picture: ["db-0: 0-2 up v1", "links: ", "ready of 1: 1 at 0"],
    verdict: "neutral: Nothing changes for the pods",
  },
  {
    name: "everything goes at once with the set",
    now: written({}),
    choices: { play: { type: "delete", propagation: "Background" } },
    picture: ["db-0: 0-2 terminating v1", "db-1: 0-2 terminating v1", "links: ", "ready of 2: 0 at 0"],
    verdict: "good: Gone after about 2 s",
  },
  {
    name: "a set that goes without its pods",
    now: written({ replicas: 1 }),
    choices: { play: { type: "delete", propagation: "Orphan" } },
    picture: ["db-0: 0-2 up v1", "links: ", "ready of 1: 1 at 0"],
    verdict: "good: Gone at once",
  },
  {
    name: "with OnDelete an edit replaces nothing by itself",
    before: written({ updateStrategy: { type: "OnDelete" } }),
    now: written({ revision: "two", updateStrategy: { type: "OnDelete" } }),
    choices: { play: { type: "edit" } },
    picture: ["db-0: 0-2 up v1", "db-1: 0-2 up v1", "links: ", "ready of 2: 2 at 0"],
    verdict: "neutral: No pod is replaced; at least 2 of 2 ready; stay on v1 db-0, 1",
  },
];

for (const { name, now, before, choices, picture, verdict } of cases) {
  test(name, () => {
    const simulation = played(now, before ?? now, choices);
    assert.deepEqual(describePicture(pictureOf(simulation)), picture);
    assert.equal(describeVerdict(simulation), verdict);
  });
}

test("the story tells each step with its reason and field, claims with their pods", () => {
  const simulation = played(written({ claims: ["data"] }), written({}), { play: { type: "create" } });
  const lines = storyOf(simulation).map(
    ({ at, tone, title, field }) => `${formatMoment(at)} ${tone}: ${title} (${field})`,
  );
  assert.deepEqual(lines, [
    "0:00 user: You apply the manifest (spec)",
    "0:00 note: record the template as v1 (spec.template)",
    "0:00 create: create db-0 on v1, with data-db-0 (spec.replicas)",
    "0:00 wait: db-1 waits for db-0 (spec.podManagementPolicy)",
    "0:05 ready: db-0 is Ready (spec.template.spec.containers)",
    "0:05 create: create db-1 on v1, with data-db-1 (spec.podManagementPolicy)",
    "0:10 ready: db-1 is Ready (spec.template.spec.containers)",
  ]);
});

function played(now: WrittenSpec, before: WrittenSpec, choices: Partial<Choices>): Simulation {
  const input = simulationInput(manifestOf(now, before), { ...firstChoices, ...choices });
  assert.ok(input);
  return simulate(input);
}

function describePicture({ lanes, links, partition, curve }: Picture): readonly string[] {
  const lines = lanes.flatMap(({ pod, bars, claims }) => [
    `${pod}: ${bars.map(describeBar).join(", ")}`,
    ...claims.map(
      ({ name, spans }) =>
        `  ${name}: ${spans.map(({ from, to, state, removed }) => `${from}-${to} ${state}${removed ? ", gone" : ""}`).join(", ")}`,
    ),
  ]);
  if (partition !== undefined) lines.push(`partition ${partition.partition} above db-${partition.ordinal}`);
  lines.push(`links: ${links.map(({ at, blocker, waiter }) => `${at} db-${blocker} -> db-${waiter}`).join(", ")}`);
  lines.push(`ready of ${curve.wanted}: ${curve.points.map(({ at, ready }) => `${ready} at ${at}`).join(", ")}`);
  return lines;
}

function describeBar({ from, to, look, revision, stuck }: Bar): string {
  return `${from}-${to} ${look} v${revision + 1}${stuck ? " stuck" : ""}`;
}

function describeVerdict(simulation: Simulation): string {
  const { tone, title, facts } = verdictOf(simulation);
  return [`${tone}: ${title}`, ...facts.map(({ label, value }) => `${label} ${value}`)].join("; ");
}
