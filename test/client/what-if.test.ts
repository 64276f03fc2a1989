import assert from "node:assert/strict";
import { test } from "node:test";
import { editsOf, noWhatIf, withoutWritten, type WhatIf } from "../../client/src/webview/what-if.js";
import { areFieldEdits } from "../../server/src/engine/rollout/fields.js";
import type { WrittenSpec } from "../../server/src/engine/rollout/spec.js";
import { written } from "./specs.js";

const rolling: Partial<WrittenSpec> = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 1 } } };
const onDelete: Partial<WrittenSpec> = { updateStrategy: { type: "OnDelete" } };

const cases: readonly (readonly [
  name: string,
  fields: Partial<WrittenSpec>,
  whatIf: Partial<WhatIf>,
  edits: Readonly<Record<string, unknown>>,
])[] = [
  ["nothing is supposed", {}, {}, {}],
  ["what is around the manifest", {}, { secondsToReady: 3, release: { minor: 37, patch: undefined } }, {}],
  ["what the manifest says", { replicas: 5 }, { replicas: 5 }, {}],
  [
    "every field",
    {},
    {
      replicas: 0,
      partition: 1,
      maxUnavailable: "30%",
      podManagementPolicy: "Parallel",
      strategy: "RollingUpdate",
      minReadySeconds: 5,
      whenScaled: "Delete",
      whenDeleted: "Delete",
    },
    {
      "spec.replicas": 0,
      "spec.podManagementPolicy": "Parallel",
      "spec.minReadySeconds": 5,
      "spec.updateStrategy.type": "RollingUpdate",
      "spec.updateStrategy.rollingUpdate.partition": 1,
      "spec.updateStrategy.rollingUpdate.maxUnavailable": "30%",
      "spec.persistentVolumeClaimRetentionPolicy.whenScaled": "Delete",
      "spec.persistentVolumeClaimRetentionPolicy.whenDeleted": "Delete",
    },
  ],
  ["one of two", rolling, { maxUnavailable: 2 }, { "spec.updateStrategy.rollingUpdate.maxUnavailable": 2 }],
  [
    "a strategy without the block",
    rolling,
    { strategy: "OnDelete" },
    { "spec.updateStrategy.type": "OnDelete", "spec.updateStrategy.rollingUpdate": null },
  ],
  ["what another strategy does not have", onDelete, { partition: 1 }, {}],
];
for (const [name, fields, whatIf, expected] of cases) {
  test(`what is written to the manifest: ${name}`, () => {
    const edits = editsOf(written(fields), { ...noWhatIf, ...whatIf });
    assert.deepEqual(Object.fromEntries(edits.map(({ field, value }) => [field, value])), expected);
    assert.equal(areFieldEdits(edits), edits.length > 0);
  });
}

test("what has been written is supposed no longer", () => {
  const whatIf = { ...noWhatIf, replicas: 5, partition: 2 };
  assert.deepEqual(withoutWritten(whatIf, written({ replicas: 5 })), { ...noWhatIf, partition: 2 });
  assert.equal(withoutWritten(whatIf, written({ replicas: 4 })), whatIf);
});
