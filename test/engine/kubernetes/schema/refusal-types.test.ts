import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { defaultConfig } from "../../../../server/src/engine/config/config.js";
import { readRequest } from "../../../../server/src/engine/lint/check-request.js";
import { refusalsOf } from "../../../../server/src/engine/kubernetes/resources/refusals.js";
import { parseRelease } from "../../../../server/src/engine/kubernetes/versions.js";
import { formatPath } from "../../../../server/src/engine/yaml/path.js";
import { readCases, targetOf } from "../../../../server/src/tools/validate.js";
import { repo } from "../../../harness/repo.js";
import { many, sampled } from "../../../harness/fast.js";

test("a refusal has a type that the API server answered with at the same field", () => {
  const wrong: string[] = [];
  let compared = 0;
  for (const recorded of sampled(readCases(readFileSync(repo("test/truth/validation.jsonl"), "utf8")))) {
    const resource = readRequest(recorded.yaml, targetOf(recorded));
    const kubernetesVersion = parseRelease(recorded.kubernetes ?? "1.36.2");
    if (resource === undefined || kubernetesVersion === undefined) continue;
    for (const { type, reason, at } of refusalsOf(resource, { ...defaultConfig, kubernetesVersion })) {
      const field = formatPath(at.place.path);
      const answered = (recorded.errors ?? []).filter((error) => error.field === field).map((error) => error.type);
      if (answered.length === 0 || type === "Warning" || type === "Dropped") continue;
      compared++;
      if (!answered.includes(type)) wrong.push(`${recorded.id} ${field}: ${type} (${reason}), not ${answered.join()}`);
    }
  }
  assert.ok(compared > many(200), `${compared} fields`);
  assert.deepEqual(wrong, []);
});
