import { equalities } from "../../kubernetes/selection.js";
import type { Labels } from "../../kubernetes/selectors.js";
import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import type { Workload } from "../../kubernetes/workload.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Place } from "../../yaml/place.js";
import { fieldName, type Around } from "./around.js";
import { standIn } from "./cursor.js";
import { entryInsertion } from "./insertion.js";
import type { CompletionItem, Value } from "./item.js";

/** A label that the place should have, and where that is known from. */
interface KnownLabel {
  readonly key: string;
  readonly value: string;
  readonly detail: string;
}

/** The labels that the map under the cursor should have and has not. */
export function labelItems(around: Around): readonly CompletionItem[] {
  const { cursor, style, resource, path } = around;
  const present = new Set(
    cursor.root
      .at(...resource.place.path, ...path)
      .entries()
      .map(([name]) => name),
  );
  return knownLabels(around, around.field)
    .filter(({ key }) => !present.has(key))
    .map(({ key, value, detail }) => ({
      label: cursor.colonFollows || cursor.quoted ? key : `${key}: ${value}`,
      kind: "reference",
      detail,
      documentation: undefined,
      insert: entryInsertion(key, value, cursor, style),
      choiceFollows: false,
      deprecated: false,
    }));
}

/** What the label whose value is being written should be, or what an expression of a selector may ask for. */
export function labelValues(around: Around): readonly Value[] {
  const { cursor, resource, path, field } = around;
  const [, selector, part] = /^(.*)\.matchExpressions\[\]\.(key|values\[\])$/.exec(field) ?? [];
  if (selector === undefined) {
    const key = path.at(-1);
    return valuesOf(knownLabels(around, fieldName(path.slice(0, -1))).filter((label) => label.key === key));
  }
  const labels = knownLabels(around, `${selector}.matchLabels`);
  if (part === "key") return labels.map(({ key, detail }) => ({ value: key, detail }));
  const key = cursor.root.at(...resource.place.path, ...path.slice(0, -2), "key").value();
  return valuesOf(labels.filter((label) => label.key === key));
}

function valuesOf(labels: readonly KnownLabel[]): readonly Value[] {
  return labels.map(({ value, detail }) => ({ value, detail }));
}

const ownPods =
  /^spec\.template\.spec\.(?:topologySpreadConstraints\[\]|affinity\.podAntiAffinity\.\w+\[\](?:\.podAffinityTerm)?)\.labelSelector\.matchLabels$/;

function knownLabels({ resource, scope }: Around, map: string): readonly KnownLabel[] {
  switch (resource.kind) {
    case "StatefulSet":
    case "Workload": {
      if (map === "spec.selector.matchLabels") return labelsOf(templateLabels(resource), "label of the pod template");
      const selected = labelsAt(resource.selector.place.at("matchLabels"));
      if (map === "spec.template.metadata.labels") return labelsOf(selected, "the selector asks for it");
      if (map === "metadata.labels") return labelsOf(templateLabels(resource), "label of the pods");
      if (!ownPods.test(map)) return [];
      return selected.size === 0
        ? labelsOf(templateLabels(resource), "label of the pod template")
        : labelsOf(selected, "label of the set's own pods");
    }
    case "Service":
      if (map !== "spec.selector") return [];
      return workloads(resource.key.name).flatMap(({ podLabels: labels, key }) =>
        labelsOf(labels, `pods of ${key.kind} ${key.name}`),
      );
    case "PodDisruptionBudget":
      if (map !== "spec.selector.matchLabels") return [];
      return workloads(undefined).flatMap(({ podLabels: labels, selector, key }) =>
        labelsOf(selector === undefined ? labels : equalities(selector), `pods of ${key.kind} ${key.name}`),
      );
    default:
      return [];
  }

  /** Those whose pods a Service or a budget may select: the sets that name the Service come first. */
  function workloads(service: string | undefined) {
    const sets = scope
      .all("StatefulSet")
      .toSorted((a, b) => Number(b.serviceName === service) - Number(a.serviceName === service));
    return [...sets, ...scope.all("Workload")].filter(({ key }) => sameNamespace(key, resource.key.namespace));
  }
}

function templateLabels({ template }: StatefulSet | Workload): Labels {
  return labelsAt(template.place.at("metadata", "labels"));
}

/** The labels that are written as they will be; an expression's are left out. */
function labelsAt(map: Place): Labels {
  return new Map(
    map.entries().flatMap(([key, place]) => {
      const value = place.string();
      return value.state === "present" ? [[key, value.value] as const] : [];
    }),
  );
}

function labelsOf(labels: Labels | undefined, detail: string): readonly KnownLabel[] {
  return [...(labels ?? [])]
    .filter(([key, value]) => key !== standIn && value !== standIn)
    .map(([key, value]) => ({ key, value, detail }));
}
