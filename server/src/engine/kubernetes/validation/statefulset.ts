import { isDns1123Label } from "../names.js";
import { missing, type Refusal } from "../refusal.js";
import type { StatefulSet } from "../statefulset.js";
import type { TargetCluster } from "../versions.js";
import { claimSpecRefusals } from "./claims.js";
import { metadataRefusals, selectorRefusals } from "./metadata.js";
import { podTemplateRefusals } from "./pod.js";
import { formRefusals, hidesNames, rangeRefusals, textAt } from "./read.js";

/**
 * ValidateStatefulSet (pkg/apis/apps/validation/validation.go, Kubernetes 1.36), but for what has a rule of its own:
 * missing and empty selectors, the strategy's parts, restartPolicy, minReadySeconds.
 */
export function* statefulSetRefusals(statefulSet: StatefulSet, cluster: TargetCluster): Iterable<Refusal> {
  const { place, spec, selector, template, updateStrategy } = statefulSet;
  yield* metadataRefusals(place.at("metadata"), isDns1123Label, "podBaseName");
  yield* rangeRefusals(spec.at("replicas"), 0);
  yield* rangeRefusals(spec.at("ordinals", "start"), 0);
  // validateRollingUpdateStatefulSet
  yield* rangeRefusals(updateStrategy.rollingUpdate.at("partition"), 0);
  yield* selectorRefusals(selector.place);
  const claimTemplates = spec.at("volumeClaimTemplates");
  const names = new Set<string>();
  for (const claimTemplate of claimTemplates.items()) {
    const name = claimTemplate.at("metadata", "name");
    // The server makes a volume of each claim template and validates that.
    if (textAt(name) === "") yield missing(name);
    yield* formRefusals(name, isDns1123Label);
    names.add(textAt(name) ?? "");
    yield* claimSpecRefusals(claimTemplate.at("spec"));
  }
  yield* podTemplateRefusals(
    template.place,
    { names, areAll: !hidesNames(claimTemplates, ["metadata", "name"]) },
    cluster,
  );
}
