import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { judge, readCases, report, type ValidationCase } from "../../../../server/src/tools/validate.js";
import { repo } from "../../../harness/repo.js";
import { sampled } from "../../../harness/fast.js";

test("what a real API server answered is what is found", () => {
  const verdicts = sampled(readCases(readFileSync(repo("test/truth/validation.jsonl"), "utf8"))).map(judge);
  const failed = verdicts.filter(({ problems }) => problems.length > 0);
  assert.deepEqual(
    failed.map(({ id, problems }) => `${id}: ${problems.join("; ")}`),
    [],
  );
  assert.equal(report(verdicts).at(-1), `${verdicts.length} passed, 0 failed`);
});

const manifest = (replicas: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  replicas: ${replicas}
  selector:
    matchLabels: { app: web }
  template:
    metadata:
      labels: { app: web }
    spec:
      containers: [{ name: web, image: nginx }]
`;

const recorded: ValidationCase = {
  id: "one",
  kind: "create",
  category: "replicas",
  accepted: true,
  yaml: manifest("3"),
};

const verdicts: readonly (readonly [title: string, recorded: ValidationCase, problems: readonly string[]])[] = [
  ["accepted and nothing found", recorded, []],
  [
    "accepted and an error found",
    { ...recorded, yaml: manifest("-1") },
    ["accepted, but value-out-of-range at spec.replicas"],
  ],
  ["rejected and nothing found", { ...recorded, accepted: false }, ["rejected, but nothing is found"]],
  [
    "an error where the server names it",
    {
      ...recorded,
      accepted: false,
      yaml: manifest("-1"),
      errors: [{ field: "spec.replicas", type: "FieldValueInvalid" }],
    },
    [],
  ],
  [
    "an error elsewhere",
    {
      ...recorded,
      accepted: false,
      yaml: manifest("-1"),
      errors: [{ field: "spec.serviceName", type: "FieldValueInvalid" }],
    },
    ["no error at spec.serviceName (FieldValueInvalid)"],
  ],
  [
    "an error in a struct that Go has embedded",
    {
      ...recorded,
      accepted: false,
      yaml: `${manifest("3")}      volumes: [{ name: v, nfs: { readOnly: 1 } }]\n`,
      errors: [{ field: "spec.template.spec.volumes.VolumeSource.nfs.readOnly", type: "TypeMismatch" }],
    },
    [],
  ],
  [
    "an error of another kind",
    {
      ...recorded,
      target: "v1/ServiceAccount",
      accepted: false,
      yaml: "metadata: { name: A }",
      errors: [{ field: "metadata.name", type: "FieldValueInvalid" }],
    },
    [],
  ],
  [
    "what another release forgets",
    {
      ...recorded,
      kubernetes: "1.35.4",
      yaml: manifest("3").replace("image: nginx", "image: nginx, lifecycle: { stopSignal: SIGNOPE }"),
    },
    [],
  ],
  [
    "a name that the address of an update has",
    {
      ...recorded,
      kind: "update",
      yaml: manifest("3").replace("metadata:\n  name: web\n", ""),
      oldYaml: manifest("2"),
    },
    [],
  ],
  [
    "a warning that nothing answers",
    { ...recorded, warnings: ["spec.revisionHistoryLimit: a negative value retains all historical revisions"] },
    ["no warning at spec.revisionHistoryLimit"],
  ],
  [
    "sent to another namespace",
    { ...recorded, yaml: manifest("3").replace("name: web", "name: web\n  namespace: other") },
    ["accepted, but request at metadata.namespace"],
  ],
];

for (const [title, one, problems] of verdicts) {
  test(`a replay tells: ${title}`, () => assert.deepEqual(judge(one).problems, problems));
}

test("what is not a recording is refused", () => {
  assert.throws(() => readCases('{"id":"one"}\n'), /line 1 is no recorded validation/);
});
