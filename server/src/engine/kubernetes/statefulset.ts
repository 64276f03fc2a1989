import { textOrSymbol, unsetIfEmpty, valueOr, type Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import { readPodTemplate, type PodTemplate } from "./pod-template.js";
import type { Metadata } from "./resource.js";
import { readLabelSelector, type LabelSelector } from "./selectors.js";

/** apps/v1 StatefulSet; field names are those of the API, places are kept beside them. */
export interface StatefulSet extends Metadata {
  readonly kind: "StatefulSet";
  readonly spec: Place;
  readonly serviceName: Field<string>;
  readonly replicas: Field<number>;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  readonly claimTemplates: Field<readonly ClaimTemplate[]>;
  readonly podManagementPolicy: Field<string>;
  readonly updateStrategy: UpdateStrategy;
  readonly minReadySeconds: Field<number>;
  readonly revisionHistoryLimit: Field<number>;
  /** `spec.ordinals.start`: the number of the first pod. */
  readonly firstOrdinal: Field<number>;
  readonly retention: Retention;
}

export interface UpdateStrategy {
  readonly place: Place;
  readonly type: Field<string>;
  readonly rollingUpdate: Place;
  readonly partition: Field<number>;
  readonly maxUnavailable: Field<number | string>;
}

/** `spec.persistentVolumeClaimRetentionPolicy`. */
export interface Retention {
  readonly place: Place;
  readonly whenDeleted: Field<string>;
  readonly whenScaled: Field<string>;
}

/** One of `spec.volumeClaimTemplates`: makes a claim `<name>-<pod>` for every pod. */
export interface ClaimTemplate {
  readonly place: Place;
  readonly name: Field<string>;
  readonly storage: Field<number | string>;
}

export function readStatefulSet(metadata: Metadata): StatefulSet {
  const spec = metadata.place.at("spec");
  const updateStrategy = spec.at("updateStrategy");
  const rollingUpdate = updateStrategy.at("rollingUpdate");
  const retention = spec.at("persistentVolumeClaimRetentionPolicy");
  const templates = spec.at("volumeClaimTemplates").list();
  return {
    ...metadata,
    kind: "StatefulSet",
    spec,
    serviceName: unsetIfEmpty(spec.at("serviceName").string()),
    replicas: spec.at("replicas").integer(),
    selector: readLabelSelector(spec.at("selector")),
    template: readPodTemplate(spec.at("template")),
    claimTemplates:
      templates.state === "present" ? { ...templates, value: templates.value.map(readClaimTemplate) } : templates,
    // The API server defaults "" as it does an omitted value (truth/validation.jsonl, Kubernetes 1.36).
    podManagementPolicy: unsetIfEmpty(spec.at("podManagementPolicy").string()),
    updateStrategy: {
      place: updateStrategy,
      type: unsetIfEmpty(updateStrategy.at("type").string()),
      rollingUpdate,
      partition: rollingUpdate.at("partition").integer(),
      maxUnavailable: rollingUpdate.at("maxUnavailable").intOrString(),
    },
    minReadySeconds: spec.at("minReadySeconds").integer(),
    revisionHistoryLimit: spec.at("revisionHistoryLimit").integer(),
    firstOrdinal: spec.at("ordinals", "start").integer(),
    retention: {
      place: retention,
      whenDeleted: unsetIfEmpty(retention.at("whenDeleted").string()),
      whenScaled: unsetIfEmpty(retention.at("whenScaled").string()),
    },
  };
}

function readClaimTemplate(place: Place): ClaimTemplate {
  return {
    place,
    name: place.at("metadata", "name").string(),
    storage: place.at("spec", "resources", "requests", "storage").intOrString(),
  };
}

/**
 * Whether this is only a part of a StatefulSet, as one in five is in 136 public repositories: a patch, or a base whose
 * rest an overlay adds. Without containers no API server would take it, so nothing is "missing" from it. The same goes
 * for one without a selector, unless it has labels: then it has all but the selector.
 */
export function isPartial({ selector, template }: StatefulSet): boolean {
  if (!template.containers.exists) return true;
  return !selector.place.exists && template.place.at("metadata", "labels").entries().length === 0;
}

/** `db-0`, `db-1`, ...: the set's pods; `undefined` where a part of the name is unknown. */
export function podNames(statefulSet: StatefulSet): PodNames | undefined {
  const count = valueOr(statefulSet.replicas, 1);
  const first = valueOr(statefulSet.firstOrdinal, 0);
  const base = textOrSymbol(statefulSet.name);
  if (base === undefined || count === undefined || first === undefined) return undefined;
  if (count < 0 || first < 0) return undefined;
  return { base, first, count, name: (index) => `${base}-${first + index}` };
}

/** Names of pods without making them all: `replicas` may be any number that a user types. */
export interface PodNames {
  readonly base: string;
  readonly first: number;
  readonly count: number;
  /** The name of the pod at an index of the range, 0 for the lowest ordinal. */
  readonly name: (index: number) => string;
}

/** `db-0 ... db-9`: a phrase for a reader. */
export function describePods(pods: PodNames): string {
  return describeRange(pods, (pod) => pod);
}

/** `data-db-0 ... data-db-9` for each template; `undefined` where a part of the names is unknown. */
export function describeClaims(statefulSet: StatefulSet): string | undefined {
  const pods = podNames(statefulSet);
  if (pods === undefined || statefulSet.claimTemplates.state !== "present") return undefined;
  const names = statefulSet.claimTemplates.value.map(({ name }) => (name.state === "present" ? name.value : undefined));
  if (names.includes(undefined)) return undefined;
  return names.map((name) => describeRange(pods, (pod) => `${name}-${pod}`)).join(", ");
}

function describeRange(pods: PodNames, nameFor: (pod: string) => string): string {
  const first = nameFor(pods.name(0));
  switch (pods.count) {
    case 0:
      return "none";
    case 1:
      return first;
    case 2:
      return `${first} and ${nameFor(pods.name(1))}`;
    default:
      return `${first} ... ${nameFor(pods.name(pods.count - 1))}`;
  }
}
