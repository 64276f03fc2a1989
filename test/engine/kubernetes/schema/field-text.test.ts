import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { types } from "../../../../server/src/engine/kubernetes/schema/data/types.js";
import { documentedDefault, fieldText } from "../../../../server/src/engine/kubernetes/schema/field-text.js";
import { knownKinds, rootType, typeSchema } from "../../../../server/src/engine/kubernetes/schema/schema.js";
import { schemaSpot, typeName } from "../../../../server/src/engine/kubernetes/schema/walk.js";

function fieldOf(owner: string, name: string) {
  const field = typeSchema(owner).get(name);
  assert.ok(field);
  return field;
}

describe("defaults that the documentation tells", () => {
  const defaults: readonly (readonly [owner: string, field: string, expected: string | undefined])[] = [
    ["Probe", "failureThreshold", "3"],
    ["Probe", "periodSeconds", "10"],
    ["Probe", "timeoutSeconds", "1"],
    ["ContainerPort", "protocol", "TCP"],
    ["PodSpec", "enableServiceLinks", "true"],
    ["PodSpec", "hostNetwork", "false"],
    ["PodSpec", "preemptionPolicy", "PreemptLowerPriority"],
    ["ServiceSpec", "allocateLoadBalancerNodePorts", "true"],
    ["ServiceSpec", "externalTrafficPolicy", "Cluster"],
    ["SecretVolumeSource", "defaultMode", "0644"],
    ["storage.v1.StorageClass", "reclaimPolicy", "Delete"],
    // Defaults to Always if :latest tag is specified, or IfNotPresent otherwise.
    ["Container", "imagePullPolicy", undefined],
    // Defaults to 1 hour and must be at least 10 minutes.
    ["ServiceAccountTokenProjection", "expirationSeconds", undefined],
    // Default value is 1 and 0 is not allowed: but the field is required.
    ["TopologySpreadConstraint", "maxSkew", undefined],
    // MountPropagation must be None or unspecified (which defaults to None).
    ["VolumeMount", "recursiveReadOnly", undefined],
    ["Toleration", "tolerationSeconds", undefined],
  ];
  for (const [owner, name, expected] of defaults) {
    test(`${owner}.${name}: ${expected}`, () => {
      assert.equal(documentedDefault(fieldOf(owner, name), fieldText(owner, name)?.summary ?? ""), expected);
    });
  }
});

test("every field that a known release has is described, but for apiVersion and kind", () => {
  for (const type of Object.keys(types)) {
    for (const { name, until } of typeSchema(type).values()) {
      const isTypeMeta = (name === "apiVersion" || name === "kind") && typeSchema(type).has("metadata");
      if (until === undefined && !isTypeMeta) assert.ok(fieldText(type, name), `${type}.${name}`);
    }
  }
});

test("values are explained apart", () => {
  const text = fieldText("apps.v1.StatefulSetSpec", "podManagementPolicy");
  assert.deepEqual([...(text?.values.keys() ?? [])], ["OrderedReady", "Parallel"]);
  assert.doesNotMatch(text?.summary ?? "", /enum/);
});

test("a path leads to its field", () => {
  const type = rootType("apps/v1", "StatefulSet") ?? "";
  const at = (...path: (string | number)[]) => {
    const spot = schemaSpot(type, path);
    return spot && `${spot.field?.owner}.${spot.field?.schema.name} ${typeName(spot.type)}`;
  };
  const container = ["spec", "template", "spec", "containers", 0];
  assert.equal(at(...container), "PodSpec.containers Container");
  assert.equal(at(...container, "args", 1), "Container.args string");
  assert.equal(at("metadata", "labels", "app"), "ObjectMeta.labels string");
  assert.equal(at("metadata", "labels"), "ObjectMeta.labels map[string]string");
  assert.equal(at("spec", "template", "spec", "containers"), "PodSpec.containers []Container");
  assert.equal(at("spec", "replicas", "x"), undefined);
  assert.equal(at("spec", "containers"), undefined);
  assert.equal(at(...container, 0), undefined);
  assert.ok(knownKinds.length > 5);
});
