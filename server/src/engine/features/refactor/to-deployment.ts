import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { podNameLabel } from "../../kubernetes/selection.js";
import { code } from "../../words/markdown.js";
import { autoscalersOf } from "../../workspace/autoscalers.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Edit } from "../../yaml/edit.js";
import { textOrSymbol, valueOr } from "../../yaml/field.js";
import type { Document } from "../document.js";
import type { Files } from "../navigation/named.js";
import { followKind } from "./mentions.js";
import { changeOf, headOf, unavailable, type Change, type Refactoring, type Unavailable } from "./refactoring.js";

/** Turns a StatefulSet of one pod without claims of its own into a Deployment. */
export function toDeployment(files: Files, document: Document, set: StatefulSet): readonly Refactoring[] {
  return [
    {
      title: "Convert to a Deployment",
      sort: "rewrite",
      spans: headOf(document, set),
      result: () => converted(files, document, set),
    },
  ];
}

/** What a StatefulSet's spec has and a Deployment's has not (apps/v1, Kubernetes 1.36). */
const onlyOfSets = [
  "serviceName",
  "podManagementPolicy",
  "updateStrategy",
  "volumeClaimTemplates",
  "persistentVolumeClaimRetentionPolicy",
  "ordinals",
];

function converted(files: Files, document: Document, set: StatefulSet): Change | Unavailable {
  const { key, spec, place, claimTemplates, replicas, serviceName } = set;
  const scope = document.scope();
  const templates = valueOr(claimTemplates, []);
  if (templates === undefined || templates.length > 0)
    return unavailable("Each of its pods has claims of its own, and the pods of a Deployment would share them.");
  if (valueOr(replicas, 1) !== 1)
    return unavailable("It has not exactly one pod, and the pods of a Deployment are alike.");
  if (autoscalersOf(key, scope).length > 0) return unavailable("An autoscaler changes how many pods it has.");
  const service = textOrSymbol(serviceName);
  if (service !== undefined && scope.usesPodDns(key.name, service))
    return unavailable(`The DNS name of its pod, ${code(`${key.name}-0.${service}`)}, is used, and would be gone.`);
  const byPod = scope
    .all("Service")
    .find(
      (one) =>
        sameNamespace(one.key, key.namespace) && one.selector?.get(podNameLabel)?.startsWith(`${key.name}-`) === true,
    );
  if (byPod !== undefined)
    return unavailable(`Service ${code(byPod.key.name)} selects the pod by its name, which would change.`);
  const followed = followKind(files, document, set, "Deployment");
  if ("type" in followed) return followed;
  const edits: readonly Edit[] = [
    { op: "set", path: place.at("apiVersion").path, value: "apps/v1" },
    { op: "set", path: place.at("kind").path, value: "Deployment" },
    ...onlyOfSets.map((field) => ({ op: "remove", path: spec.at(field).path }) as const),
    // As of a set, the new pod waits until the old one is gone.
    { op: "set", path: spec.at("strategy").path, value: { type: "Recreate" } },
  ];
  return changeOf(document, [...edits, ...followed], {
    notes: [
      `${code("kubectl apply")} does not delete the StatefulSet ${code(key.name)}. Delete it before you apply the Deployment, or both select the same pods.`,
      `The pod is no longer named ${code(`${key.name}-0`)}.`,
    ],
  });
}
