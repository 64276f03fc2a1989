import { textOrSymbol, unsetIfEmpty, valueOr, type Field } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { statefulSetDocs } from "../docs/statefulset.js";
import type { KindDescriptor } from "../kind.js";
import { isDns1123Label } from "../names.js";
import type { Metadata } from "../object.js";
import { podLabels, portNames, portNumbers, readPodTemplate, type PodTemplate } from "../pod-template.js";
import { podReferences, reference } from "../references.js";
import { missing, type Refusal } from "../refusal.js";
import { readSelector, type Selector } from "../selection.js";
import { readLabelSelector, type LabelSelector, type Labels } from "../selectors.js";
import { claimSpecRefusals } from "../validation/claims.js";
import { metadataRefusals, selectorRefusals } from "../validation/metadata.js";
import { podTemplateRefusals } from "../validation/pod.js";
import { formRefusals, hidesNames, rangeRefusals, textAt } from "../validation/read.js";
import type { TargetCluster } from "../versions.js";
import { headlessService } from "./service.js";

// Probes and the grace period are the application's business: what would stand here would only look right.
const skeleton = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: {1:app}
spec:
  serviceName: {1:app}
  replicas: {4:3}
  selector:
    matchLabels:
      app.kubernetes.io/name: {1:app}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: {1:app}
    spec:
      containers:
        - name: {1:app}
          image: {5:image}
          ports:
            - name: {2:main}
              containerPort: {3:8080}
          volumeMounts:
            - name: {6:data}
              mountPath: {7:/data}
  volumeClaimTemplates:
    - metadata:
        name: {6:data}
      spec:
        accessModes: [ReadWriteOnce]
        resources:
          requests:
            storage: {8:1Gi}
  persistentVolumeClaimRetentionPolicy:
    whenDeleted: {9:Retain}
    whenScaled: {10:Retain}
`;

const statefulSet: KindDescriptor<StatefulSet, StatefulSetDigest> = {
  group: "apps",
  kind: "StatefulSet",
  view: "StatefulSet",
  read: readStatefulSet,
  digest,
  // A container without an image is part of a patch, unless the set says which pods are its own and what labels they
  // have, as no patch needs to.
  isPartial: (set) => isPartial(set) || (!namesItsPods(set) && !set.template.containers.items().every(hasImage)),
  refusals,
  references: [
    reference("spec.serviceName", "/Service"),
    reference("spec.volumeClaimTemplates[].spec.storageClassName", "storage.k8s.io/StorageClass"),
    ...podReferences("spec.template"),
  ],
  docs: statefulSetDocs,
  skeletons: [
    {
      label: "StatefulSet",
      detail: "with its headless Service",
      text: `${headlessService}---\n${skeleton}`,
      documentation:
        "A StatefulSet with a claim for each pod, and the headless Service that gives the pods their DNS names.",
    },
  ],
};
export default statefulSet;

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
export function isPartial(set: StatefulSet): boolean {
  const { selector, template, serviceName } = set;
  // All but the containers is no patch: in 653 sets of real repositories there is none.
  if (!template.containers.exists) return !namesItsPods(set) || serviceName.state === "absent";
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
  return names.map((name) => describeClaim(pods, name ?? "")).join(", ");
}

/** `data-db-0 ... data-db-9`: the claims of one template. */
export function describeClaim(pods: PodNames, template: string): string {
  return describeRange(pods, (pod) => `${template}-${pod}`);
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

/** What other files may see of a StatefulSet. */
export interface StatefulSetDigest {
  readonly kind: "StatefulSet";
  readonly serviceName: string | undefined;
  /** 1 where it is omitted. */
  readonly replicas: number | undefined;
  /** 0 where it is omitted. */
  readonly firstOrdinal: number | undefined;
  readonly podLabels: Labels | undefined;
  readonly selector: Selector | undefined;
  readonly claimTemplates: readonly string[] | undefined;
  /** The names of the ports of its containers. */
  readonly portNames: readonly string[] | undefined;
  /** The numbers of the ports that its containers declare. */
  readonly portNumbers: readonly number[] | undefined;
}

function digest(statefulSet: StatefulSet): StatefulSetDigest {
  const templates = valueOr(statefulSet.claimTemplates, []);
  const names = templates?.flatMap(({ name }) => (name.state === "present" ? [name.value] : []));
  return {
    kind: "StatefulSet",
    serviceName: valueOr(statefulSet.serviceName, undefined),
    replicas: valueOr(statefulSet.replicas, 1),
    firstOrdinal: valueOr(statefulSet.firstOrdinal, 0),
    podLabels: podLabels(statefulSet.template),
    selector: readSelector(statefulSet.selector),
    claimTemplates: names?.length === templates?.length ? names : undefined,
    portNames: portNames(statefulSet.template),
    portNumbers: portNumbers(statefulSet.template),
  };
}

function namesItsPods({ selector, template }: StatefulSet): boolean {
  return selector.place.exists && template.place.at("metadata", "labels").entries().length > 0;
}

function hasImage(container: Place): boolean {
  return container.at("image").exists;
}

/**
 * ValidateStatefulSet (pkg/apis/apps/validation/validation.go, Kubernetes 1.36), but for what has a rule of its own:
 * missing and empty selectors, the strategy's parts, restartPolicy, minReadySeconds.
 */
function* refusals(statefulSet: StatefulSet, cluster: TargetCluster): Iterable<Refusal> {
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
