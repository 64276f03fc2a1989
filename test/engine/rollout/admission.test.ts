import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readResource } from "../../../server/src/engine/kubernetes/resources/resource.js";
import { behaviourOf, type Behaviour } from "../../../server/src/engine/kubernetes/versions.js";
import { begin } from "../../../server/src/engine/rollout/begin.js";
import { readWrittenSpec } from "../../../server/src/engine/rollout/read.js";
import { admit, admitUpdate, type ApiError, type WrittenSpec } from "../../../server/src/engine/rollout/spec.js";
import { parse } from "../../../server/src/engine/yaml/parse.js";
import { sampled } from "../../harness/fast.js";
import { repo } from "../../harness/repo.js";

/** A recorded answer of the API server: test/truth/README.md, validation.jsonl. */
interface Answer {
  readonly id: string;
  readonly kind: "create" | "update" | "service";
  readonly errors?: readonly RecordedError[];
  readonly gateOn?: { readonly errors?: readonly RecordedError[] };
  readonly yaml: string;
  readonly oldYaml?: string;
}
interface RecordedError {
  readonly field: string | null;
  readonly type: string;
  readonly detail: string;
}

/** What a rollout depends on; other fields are checked elsewhere. */
const fields =
  /^spec(\.(replicas|podManagementPolicy|updateStrategy.*|ordinals\.start|minReadySeconds|persistentVolumeClaimRetentionPolicy.*))?$/;

/** Types that the text itself is refused for: the API server never gets as far as validating. */
const decodingErrors = new Set(["UnknownField", "DuplicateKey", "TypeMismatch", "BadRequest"]);

function check(answer: Answer, errors: readonly RecordedError[], behaviour: Behaviour): void {
  if (errors.some(({ type, field }) => field === null || decodingErrors.has(type))) return;
  const spec = specIn(answer.yaml);
  const existing = answer.oldYaml === undefined ? undefined : specIn(answer.oldYaml);
  if (spec === undefined) return;
  const expected = errors
    .filter(({ field }) => fields.test(field ?? ""))
    .map(({ field, detail }) => `${field}: ${detail}`);
  assert.deepEqual(refusals(spec, existing, behaviour), expected, answer.id);
}

function refusals(spec: WrittenSpec, existing: WrittenSpec | undefined, behaviour: Behaviour): readonly string[] {
  const before = existing === undefined ? undefined : admit(existing, behaviour);
  const admission = before?.type === "admitted" ? admitUpdate(spec, before.spec, behaviour) : admit(spec, behaviour);
  const errors: readonly ApiError[] = admission.type === "rejected" ? admission.errors : [];
  return errors.map(({ field, detail }) => `${field}: ${detail}`);
}

function specIn(yaml: string): WrittenSpec | undefined {
  const resource = readResource(parse(yaml).root);
  return resource?.kind === "StatefulSet" ? readWrittenSpec(resource).spec : undefined;
}

function cluster136(gate: boolean): Behaviour {
  return behaviourOf({ minor: 36, patch: 2 }, { MaxUnavailableStatefulSet: gate });
}

test("a version that no release serves any more is refused, but was no mistake of the set that is there", () => {
  const manifest = (version: string) =>
    specIn(`apiVersion: ${version}\nkind: StatefulSet\nmetadata: { name: db }\nspec: { template: {} }\n`);
  const old = manifest("apps/v1beta1");
  const now = manifest("apps/v1");
  assert.ok(old !== undefined && now !== undefined);
  const told = 'apiVersion: no matches for kind "StatefulSet" in version "apps/v1beta1"';
  assert.deepEqual(refusals(old, undefined, cluster136(false)), [told]);
  assert.deepEqual(refusals(old, now, cluster136(false)), [told]);
  const limits = { steps: 1, replicas: 10 };
  const start = { type: "steady", spec: old } as const;
  assert.equal(begin({ start, actions: [], faults: [] }, cluster136(false), limits).type, "ready");
});

const answers = sampled(readFileSync(repo("test/truth/validation.jsonl"), "utf8").trimEnd().split("\n"))
  .map((line) => JSON.parse(line) as Answer)
  .filter(({ kind }) => kind !== "service");

test("what the API server refuses is refused in its words", () => {
  for (const answer of answers) check(answer, answer.errors ?? [], cluster136(false));
});

test("with the gate MaxUnavailableStatefulSet its values are checked too", () => {
  for (const answer of answers) {
    if (answer.gateOn !== undefined) check(answer, answer.gateOn.errors ?? [], cluster136(true));
  }
});
