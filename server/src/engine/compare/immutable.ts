import type { Span } from "../text/span.js";
import { parseQuantity } from "../kubernetes/quantity.js";
import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";

/** A field of a live StatefulSet that cannot be changed and was: where it is in the new manifest. */
export interface ImmutableChange {
  /** The field of the spec: `serviceName`, `volumeClaimTemplates`. */
  readonly field: string;
  /** The deepest place that holds the whole difference. */
  readonly path: Path;
  readonly span: Span;
}

/**
 * The changes for which the API server refuses to replace a StatefulSet: `updates to statefulset spec for fields other
 * than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit',
 * 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden` (ValidateStatefulSetUpdate in
 * pkg/apis/apps/validation/validation.go, Kubernetes 1.36). As there, both are compared after defaulting, and amounts
 * by their size. What a tool will write is passed over.
 */
export function immutableChanges(before: StatefulSet, after: StatefulSet): readonly ImmutableChange[] {
  return immutableFields.flatMap((field) => {
    const place = difference(before.spec.at(field), after.spec.at(field), defaultsOf(field));
    return place === undefined ? [] : [{ field, path: place.path, span: place.exists ? place.span : place.keySpan }];
  });
}

const immutableFields = ["serviceName", "podManagementPolicy", "selector", "volumeClaimTemplates"] as const;

/**
 * What a value has where it says nothing: a text for a scalar, a record of defaults for a map. SetDefaults_StatefulSet
 * (pkg/apis/apps/v1/defaults.go) and SetDefaults_PersistentVolumeClaimSpec (pkg/apis/core/v1/defaults.go).
 */
type Defaults = string | { readonly [key: string]: Defaults };

function defaultsOf(field: (typeof immutableFields)[number]): Defaults {
  switch (field) {
    case "podManagementPolicy":
      return "OrderedReady";
    case "volumeClaimTemplates":
      return { "*": { apiVersion: "v1", kind: "PersistentVolumeClaim", spec: { volumeMode: "Filesystem" } } };
    default:
      return "";
  }
}

/** The deepest place of `after` that differs from `before` in more than its writing; `undefined` where none does. */
function difference(before: Place, after: Place, defaults: Defaults): Place | undefined {
  if (isOpaque(before) || isOpaque(after)) return undefined;
  if (isCollection(before) || isCollection(after)) return collectionDifference(before, after, defaults);
  if (pointers.has(after.path.at(-1)) && isSet(before) !== isSet(after)) return after;
  return sameScalar(scalarOf(before, defaults), scalarOf(after, defaults), after.path) ? undefined : after;
}

function collectionDifference(before: Place, after: Place, defaults: Defaults): Place | undefined {
  if (before.kind === "list" || after.kind === "list") {
    if (before.items().length !== after.items().length) return after;
    // Other lists than those of the claims are sets of strings or of requirements: their order counts as well.
    return firstDifference(before, after, [...after.items().keys()], () => below(defaults, "*"));
  }
  // The status of a claim in a template is dropped, as is its creationTimestamp.
  const keys = new Set([...before.entries(), ...after.entries()].map(([key]) => key));
  const counted = [...keys].filter((key) => key !== "status" && key !== "creationTimestamp");
  return firstDifference(before, after, counted, (key) => below(defaults, String(key)));
}

/** The only difference among the children, or the place itself where there are several. */
function firstDifference(
  before: Place,
  after: Place,
  steps: readonly (string | number)[],
  defaultsFor: (step: string | number) => Defaults,
): Place | undefined {
  const found = steps.flatMap((step) => difference(before.at(step), after.at(step), defaultsFor(step)) ?? []);
  return found.length > 1 ? after : found[0];
}

function below(defaults: Defaults, key: string): Defaults {
  return typeof defaults === "string" ? "" : (defaults[key] ?? "");
}

function isCollection(place: Place): boolean {
  return place.kind === "map" || place.kind === "list";
}

function isSet({ kind }: Place): boolean {
  return kind !== "absent" && kind !== "null";
}

function isOpaque(place: Place): boolean {
  return place.string().state === "opaque";
}

/** "", null, an empty map and an empty list are all nothing, and nothing is the default. */
function scalarOf(place: Place, defaults: Defaults): string {
  const value = place.value();
  const text = value === undefined || value === null || typeof value === "object" ? "" : String(value);
  return text === "" && typeof defaults === "string" ? defaults : text;
}

/** Pointers in k8s.io/api core/v1 types.go: "" is a value of theirs, and another one than none. */
const pointers: ReadonlySet<unknown> = new Set(["storageClassName", "volumeAttributesClassName"]);

/** Amounts are equal where they are the same number of bytes: `1Gi` is `1024Mi`. */
function sameScalar(before: string, after: string, path: Path): boolean {
  if (before === after) return true;
  const kind = path.at(-2);
  if (kind !== "requests" && kind !== "limits") return false;
  const [old, now] = [parseQuantity(before), parseQuantity(after)];
  return old !== undefined && now !== undefined && old.nanos === now.nanos;
}
