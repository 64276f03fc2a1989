import { unsetIfEmpty } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { ResourceId } from "./composed-resource.js";
import { asList, asMap, shapeOf, withEntry, withItems, type MapValue, type Value } from "./value.js";

/** A field that a transformer writes, and the resources that have it (`FieldSpec` in api/types/fieldspec.go). */
export interface FieldSpec {
  readonly path: readonly string[];
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  /** Whether it is made where it is missing. */
  readonly create: boolean;
}

/** The specification at a place of a kustomization; `undefined` where it is not understood. */
export function readFieldSpec(place: Place): FieldSpec | undefined {
  const path = place.at("path").string();
  if (path.state !== "present" || path.value.includes("\\")) return undefined;
  const text = (key: string) => unsetIfEmpty(place.at(key).string());
  const parts = [text("kind"), text("group"), text("version")] as const;
  if (parts.some(({ state }) => state === "opaque" || state === "invalid")) return undefined;
  const [kind, group, version] = parts.map((part) => (part.state === "present" ? part.value : undefined));
  return { path: split(path.value), kind, group, version, create: place.at("create").value() === true };
}

export function specifies({ kind, group, version }: FieldSpec, id: ResourceId): boolean {
  return (
    (kind === undefined || kind === id.kind) &&
    (group === undefined || group === id.group) &&
    (version === undefined || version === id.version)
  );
}

/**
 * The value with every field at the path changed, through all items of lists on the way. `empty` is what a missing map on
 * the way becomes; `undefined` leaves missing what is missing. (api/filters/fieldspec/fieldspec.go)
 */
export function changeFields(
  value: Value,
  path: readonly string[],
  empty: MapValue | undefined,
  change: (value: Value) => Value,
): Value {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  const list = asList(value);
  if (list !== undefined)
    return unchangedIfSame(
      value,
      list,
      withItems(
        list,
        list.items.map((item) => changeFields(item, path, empty, change)),
      ),
    );
  const map = asMap(value);
  if (map === undefined) return value;
  const key = step.replace(/\[\]$/, "");
  const known = map.entries.get(key);
  // What is below a key of a list is never made.
  const made = key === step ? empty : undefined;
  if (known === undefined || shapeOf(known) === "null") {
    if (made === undefined || (known === undefined && map.open)) return value;
    return withEntry(map, key, changeFields(made, rest, empty, change));
  }
  return unchangedIfSame(value, map, withEntry(map, key, changeFields(known, rest, empty, change)));
}

/** A value that was only opened to look into it stays what it was. */
function unchangedIfSame<V extends Value>(value: Value, opened: V, changed: V): Value {
  return changed === opened ? value : changed;
}

const workloads = ["Deployment", "ReplicaSet", "DaemonSet"] as const;
const stored = { kind: "StatefulSet", group: "apps" } as const;

/** `metadataLabelsFieldSpecs` but for `metadata/labels`: api/internal/konfig/builtinpluginconsts/metadatalabels.go. */
export const templateLabels: readonly FieldSpec[] = [
  ...workloads.map((kind) => ({ path: split("spec/template/metadata/labels"), kind, create: true })),
  { path: split("spec/template/metadata/labels"), ...stored, create: true },
  { path: split("spec/template/metadata/labels"), kind: "Job", group: "batch", create: true },
  { path: split("spec/jobTemplate/metadata/labels"), kind: "CronJob", group: "batch", create: true },
  { path: split("spec/jobTemplate/spec/template/metadata/labels"), kind: "CronJob", group: "batch", create: true },
];

export const metadataLabels: FieldSpec = { path: split("metadata/labels"), create: true };

/** volumeclaimmetadatalabels.go */
export const claimTemplateLabels: FieldSpec = {
  path: split("spec/volumeClaimTemplates[]/metadata/labels"),
  ...stored,
  create: true,
};

const podTerms = [
  "affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
  "affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
  "topologySpreadConstraints/labelSelector/matchLabels",
];

/** `commonLabelFieldSpecs` but for the templates' own: commonlabels.go. */
export const selectorLabels: readonly FieldSpec[] = [
  { path: split("spec/selector"), kind: "Service", version: "v1", create: true },
  ...workloads.map((kind) => ({ path: split("spec/selector/matchLabels"), kind, create: true })),
  { path: split("spec/selector/matchLabels"), ...stored, create: true },
  { path: split("spec/selector/matchLabels"), kind: "PodDisruptionBudget", group: "policy", create: false },
  ...["StatefulSet", "Deployment"].flatMap((kind) =>
    podTerms.map((term) => ({ path: split(`spec/template/spec/${term}`), kind, group: "apps", create: false })),
  ),
];

/** commonannotations.go */
export const annotationFields: readonly FieldSpec[] = [
  { path: split("metadata/annotations"), create: true },
  ...[...workloads, "StatefulSet"].map((kind) => ({
    path: split("spec/template/metadata/annotations"),
    kind,
    create: true,
  })),
];

/** replicas.go */
export const replicaFields: readonly FieldSpec[] = ["Deployment", "ReplicaSet", "StatefulSet"].map((kind) => ({
  path: split("spec/replicas"),
  kind,
  create: true,
}));

function split(path: string): readonly string[] {
  return path.split("/");
}
