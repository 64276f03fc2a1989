import { allContainers, mountedVolumes, type PodTemplate } from "../../kubernetes/pod-template.js";
import { selectsAny, selectorFor } from "../../kubernetes/selection.js";
import { podNames, type StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import { behaviourOf } from "../../kubernetes/versions.js";
import { fileName } from "../../workspace/directory.js";
import { sameNamespace } from "../../workspace/namespace.js";
import { podsIn, podsOfSet, selectedByService } from "../../workspace/selected-pods.js";
import type { ServiceSummary } from "../../workspace/summary.js";
import { valueOr } from "../../yaml/field.js";
import { fateOnDelete, fateOnScaleDown } from "../field-docs/claims.js";
import { readKnownSet, type KnownSet } from "../field-docs/known-set.js";
import { describePartition } from "../field-docs/statefulset.js";
import type { Around } from "./around.js";
import { standIn } from "./cursor.js";
import { valueInsertion } from "./insertion.js";
import type { CompletionItem, Value } from "./item.js";
import { labelItems, labelValues } from "./label-items.js";
import { objectNames } from "./object-names.js";

/** What only the manifests themselves tell: names of other objects, labels that must match, what a number means. */
export function referenceItems(around: Around): readonly CompletionItem[] {
  if (around.cursor.writes === "key") return labelItems(around);
  return valuesOf(around)
    .filter(({ value }) => !(around.cursor.quoted && typeof value === "number")) // In quotes it would be text.
    .map((one) => valueItem(one, around));
}

function valueItem({ value, detail, documentation }: Value, { cursor, style }: Around): CompletionItem {
  return {
    label: String(value),
    kind: typeof value === "number" || documentation !== undefined ? "value" : "reference",
    detail,
    documentation,
    insert: valueInsertion(value, cursor, style),
    choiceFollows: false,
    deprecated: false,
  };
}

function valuesOf(around: Around): readonly Value[] {
  const { resource, field } = around;
  const labels = labelValues(around);
  if (labels.length > 0) return unique(labels);
  switch (resource.kind) {
    case "StatefulSet":
      return setValues(resource, around);
    case "Workload":
      return podValues(resource.template, around);
    case "Service":
      if (field === "metadata.name") return wantedServices(around);
      if (field === "spec.clusterIP") return headless;
      return field === "spec.ports[].targetPort" ? targetPorts(around) : [];
    default:
      return unique(objectNames(around));
  }
}

function setValues(statefulSet: StatefulSet, around: Around): readonly Value[] {
  const { field, cluster } = around;
  const known = () => {
    const services = { found: [], complete: false, elsewhere: false };
    const set = readKnownSet(
      statefulSet,
      behaviourOf(cluster.kubernetesVersion, cluster.featureGates),
      services,
      [],
      undefined,
    );
    // Also of a set that is still being written.
    return statefulSet.replicas.state === "present" ? { ...set, pods: podNames(statefulSet) } : set;
  };
  switch (field) {
    case "spec.serviceName":
      return services(statefulSet, around);
    case "spec.volumeClaimTemplates[].metadata.name":
      return wantedVolumes(statefulSet.template, around);
    case "spec.updateStrategy.rollingUpdate.partition":
      return partitions(known());
    case "spec.persistentVolumeClaimRetentionPolicy.whenDeleted":
      return retentions("when the set is deleted", (policy) => fateOnDelete({ ...known(), whenDeleted: policy }));
    case "spec.persistentVolumeClaimRetentionPolicy.whenScaled":
      return retentions("when it is scaled down", (policy) => fateOnScaleDown({ ...known(), whenScaled: policy }));
    default:
      return podValues(statefulSet.template, around);
  }
}

/** The Services that the set may name: first those that are what it needs, headless and selecting its pods. */
function services(statefulSet: StatefulSet, { scope }: Around): readonly Value[] {
  const pods = podsOfSet(statefulSet, scope);
  const labels = pods?.labels.size === 0 ? undefined : pods?.labels;
  const isWritten = (name: string) => name !== "" && !name.includes(standIn);
  const { key } = statefulSet;
  const selects = (service: ServiceSummary) => labels !== undefined && selectedByService(service, pods)?.pods === "all";
  const rank = (service: ServiceSummary) => (selects(service) ? 0 : 2) + (service.headless === true ? 0 : 1);
  return unique(
    scope
      .all("Service")
      .filter((service) => isWritten(service.key.name) && sameNamespace(service.key, key.namespace))
      .toSorted((a, b) => rank(a) - rank(b))
      .map((service) => ({
        value: service.key.name,
        detail: [
          ...(service.headless === undefined ? [] : [service.headless ? "headless" : "not headless"]),
          ...(service.selector === undefined || labels === undefined
            ? []
            : [selects(service) ? "selects the pods" : "selects other pods"]),
          fileName(service.document.uri),
        ].join(", "),
      })),
  );
}

const headless: readonly Value[] = [
  {
    value: "None",
    detail: "headless",
    documentation: "Headless: each pod that the Service selects gets a DNS name of its own.",
  },
];

/** The names that StatefulSets around give as their `serviceName` and that no Service has. */
function wantedServices({ scope, resource }: Around): readonly Value[] {
  return unique(
    scope
      .all("StatefulSet")
      .filter(({ key }) => sameNamespace(key, resource.key.namespace))
      .flatMap(({ serviceName, key }) =>
        serviceName === undefined || scope.services(serviceName, key.namespace).length > 0
          ? []
          : [{ value: serviceName, detail: `serviceName of StatefulSet ${key.name}` }],
      ),
  );
}

/** Every partition that makes a difference, each with the pods that it keeps; of large sets the ends. */
function partitions(set: KnownSet): readonly Value[] {
  const count = set.pods?.count;
  if (count === undefined || count === 0) return [];
  const all = count <= 20 ? Array.from({ length: count + 1 }, (_, index) => index) : [0, 1, count - 1, count];
  return all.map((partition) => {
    const [meaning] = describePartition({ ...set, partition, strategy: "RollingUpdate" });
    const kept =
      partition === 0
        ? "no pod keeps the old template"
        : partition === count
          ? "every pod keeps the old template"
          : `${partition} of ${count} keep the old template`;
    return { value: partition, detail: kept, ...(meaning === undefined ? {} : { documentation: meaning }) };
  });
}

function retentions(when: string, fate: (policy: "Retain" | "Delete") => readonly string[]): readonly Value[] {
  return (["Retain", "Delete"] as const).map((policy) => ({
    value: policy,
    detail: `claims are ${policy === "Retain" ? "kept" : "deleted"} ${when}`,
    documentation: fate(policy).join("\n\n"),
  }));
}

/** Of any pod template: names of its volumes and ports, and of claims. */
function podValues(template: PodTemplate, around: Around): readonly Value[] {
  const { field, resource, path, cursor } = around;
  if (/^spec\.template\.spec\.(?:init)?[cC]ontainers\[\]\.volume(?:Mounts|Devices)\[\]\.name$/.test(field)) {
    return volumes(template, around);
  }
  if (/^spec\.template\.spec\.(?:init)?[cC]ontainers\[\]\.(?:\w+Probe|lifecycle\.\w+)\.\w+\.port$/.test(field)) {
    const container = cursor.root.at(...resource.place.path, ...path.slice(0, 5));
    return container
      .at("ports")
      .items()
      .flatMap((port) => {
        const name = valueOr(port.at("name").string(), undefined);
        const number = valueOr(port.at("containerPort").integer(), undefined);
        const shown = number === undefined ? [] : [{ value: number, detail: name ?? "containerPort" }];
        return name === undefined || name === ""
          ? shown
          : [{ value: name, detail: `port ${number ?? ""}`.trim() }, ...shown];
      });
  }
  if (field.endsWith(".topologyKey")) return topologyKeys;
  if (field.endsWith(".env[].valueFrom.fieldRef.fieldPath")) return podFields;
  if (field.endsWith(".resourceFieldRef.containerName")) return containerNames(template);
  if (field === "spec.template.spec.volumes[].name") return wantedVolumes(template, around);
  return unique(objectNames(around));
}

function containerNames(template: PodTemplate): readonly Value[] {
  return unique(
    allContainers(template).map((container) => ({
      value: valueOr(container.at("name").string(), "") ?? "",
      detail: "container",
    })),
  );
}

/** The volumes that containers mount and that there are not. */
function wantedVolumes(template: PodTemplate, { resource }: Around): readonly Value[] {
  const templates = resource.kind === "StatefulSet" ? (valueOr(resource.claimTemplates, []) ?? []) : [];
  const there = new Set(
    [...templates, ...(valueOr(template.volumes, []) ?? [])].map(({ name }) => valueOr(name, undefined)),
  );
  return [...(mountedVolumes(template) ?? [])]
    .filter((name) => name !== "" && !there.has(name))
    .map((name) => ({ value: name, detail: "mounted by a container" }));
}

/**
 * What a variable may read of its pod: https://kubernetes.io/docs/concepts/workloads/pods/downward-api/, and the label
 * that the controller of StatefulSets gives each pod since 1.28 (Kubernetes 1.36).
 */
const podFields: readonly Value[] = [
  { value: "metadata.name", detail: "name of the pod" },
  { value: "metadata.namespace", detail: "namespace of the pod" },
  { value: "metadata.labels['apps.kubernetes.io/pod-index']", detail: "ordinal of the pod of a set" },
  { value: "status.podIP", detail: "address of the pod" },
  { value: "status.podIPs", detail: "addresses of the pod" },
  { value: "spec.nodeName", detail: "name of its node" },
  { value: "status.hostIP", detail: "address of its node" },
  { value: "status.hostIPs", detail: "addresses of its node" },
  { value: "spec.serviceAccountName", detail: "name of its service account" },
  { value: "metadata.uid", detail: "unique id of the pod" },
];

/** Labels that nodes have: https://kubernetes.io/docs/reference/labels-annotations-taints/ (Kubernetes 1.36). */
const topologyKeys: readonly Value[] = [
  { value: "kubernetes.io/hostname", detail: "by node" },
  { value: "topology.kubernetes.io/zone", detail: "by zone" },
  { value: "topology.kubernetes.io/region", detail: "by region" },
];

/** The volumes that a container may mount, first those that this one does not mount yet. */
function volumes({ volumes: own }: PodTemplate, { resource, cursor, path }: Around): readonly Value[] {
  const templates = resource.kind === "StatefulSet" ? (valueOr(resource.claimTemplates, []) ?? []) : [];
  const list = cursor.root.at(...resource.place.path, ...path.slice(0, -2));
  const mounted = new Set(list.items().map((mount) => mount.at("name").value()));
  return unique([
    ...templates.map(({ name, storage }) => {
      const size = valueOr(storage, undefined);
      return {
        value: valueOr(name, "") ?? "",
        detail: ["claim template", ...(size === undefined ? [] : [size])].join(", "),
      };
    }),
    ...(valueOr(own, []) ?? []).map(({ name, place }) => ({
      value: valueOr(name, "") ?? "",
      detail: `${place.entries().find(([key]) => key !== "name")?.[0] ?? "unknown"} volume`,
    })),
  ])
    .filter(({ value }) => value !== "")
    .toSorted((a, b) => Number(mounted.has(a.value)) - Number(mounted.has(b.value)));
}

/** The ports, by name and by number, of the sets and workloads whose pods the Service selects. */
function targetPorts({ resource, scope }: Around): readonly Value[] {
  if (resource.kind !== "Service") return [];
  const selector = valueOr(resource.selector, undefined);
  return unique(
    [...scope.all("StatefulSet"), ...scope.all("Workload")]
      .filter(({ key }) => sameNamespace(key, resource.key.namespace))
      .filter(
        (workload) => selector !== undefined && selectsAny(selectorFor(selector), podsIn(workload, scope)) === true,
      )
      .flatMap(({ portNames, portNumbers, key }) =>
        [...(portNames ?? []), ...(portNumbers ?? [])].map((value) => ({ value, detail: `port of ${key.name}` })),
      ),
  );
}

/** The first of each value. A name that cannot be read is "". */
function unique(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.toReversed().map((one) => [one.value, one])).values()]
    .filter(({ value }) => value !== "")
    .toReversed();
}
