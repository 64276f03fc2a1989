import assert from "node:assert/strict";
import { test } from "node:test";
import type { Declared } from "../../server/src/tools/schema/read-declarations.js";
import { decisions, goneFields, newFields } from "../../server/src/tools/schema/release-data.js";

const known = {
  Container: { image: "s", name: "s", old: "s" },
  "apps.v1.StatefulSetSpec": { replicas: "i", workloadRef: "s until=36" },
};

const newest = new Map([
  ["io.k8s.api.core.v1.Container", [field("name"), field("image"), field("ulimits", "Ulimits"), field("stale")]],
  ["io.k8s.api.apps.v1.StatefulSetSpec", [field("replicas", "number"), field("pace", "number")]],
  ["io.k8s.api.node.v1.RuntimeClass", [field("handler")]],
]);

function field(name: string, type = "string", description = ""): Declared {
  return { name, type: { type: "named", name: type }, required: false, description, schema: undefined };
}

test("new fields are those of known types that the data lack", () => {
  const found = newFields(known, newest, ["io.k8s.api.core.v1.Container#stale"]);
  assert.deepEqual(
    found.map(({ key }) => key),
    ["Container#ulimits", "apps.v1.StatefulSetSpec#pace"],
  );
});

test("gone fields are those that the package lacks, unless their end is known", () => {
  assert.deepEqual(goneFields(known, newest), ["Container#old"]);
});

test("a person is asked what the package does not say", () => {
  const mode = "Defaults to 0777. This field requires the EmptyDirVolumeMode feature gate to be enabled.";
  assert.deepEqual(decisions({ key: "EmptyDirVolumeSource#pace", declared: field("pace", "number", mode) }), [
    "int32 or int64? (overlay.ts, newestIntegers; k8s.io/api types.go)",
    "behind a feature gate? the description names EmptyDirVolumeMode, which is known (kubernetes/gates.ts)",
    "what is refused of its values? (kubernetes/validation/, from pkg/apis/core/validation or the KEP)",
  ]);
  const [values, gate] = decisions({ key: "Container#imagePullPolicy", declared: field("imagePullPolicy") });
  assert.equal(values, "a list of values? (overlay.ts, values and refusesEmpty)");
  assert.equal(gate, "behind a feature gate? the description names none (kubernetes/gates.ts)");
});
