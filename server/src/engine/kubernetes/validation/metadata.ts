import type { Place } from "../../yaml/place.js";
import {
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegment,
  isQualifiedName,
  isValidLabelValue,
  repairedName,
  type Form,
} from "../names.js";
import { invalid, mendedBy, missing, refusal, type Refusal, type RefusalReason } from "../refusal.js";
import { conflict, formRefusals, isEmpty, isTrue, itemRefusals, rangeRefusals, requiredText, textAt } from "./read.js";

/**
 * ValidateObjectMeta (apimachinery pkg/api/validation/objectmeta.go, Kubernetes 1.36) of a whole object. `isName` is
 * the form that its kind's names have, `reason` why others are refused.
 */
export function* metadataRefusals(metadata: Place, isName: Form, reason: RefusalReason): Iterable<Refusal> {
  yield* sharedRefusals(metadata, isName, reason);
  yield* itemRefusals(metadata.at("finalizers"), isFinalizer);
}

/**
 * The same for a kind that leaves its metadata to ValidateObjectMetaAccessor: ValidatePathSegmentName, any finalizer.
 */
export function* plainMetadataRefusals(metadata: Place): Iterable<Refusal> {
  yield* sharedRefusals(metadata, isPathSegment, "name");
  yield* itemRefusals(metadata.at("finalizers"), isQualifiedName);
}

function* sharedRefusals(metadata: Place, isName: Form, reason: RefusalReason): Iterable<Refusal> {
  const name = metadata.at("name");
  const generateName = metadata.at("generateName");
  if (textAt(name) === "" && textAt(generateName) === "") yield missing(name);
  yield* formRefusals(name, isName, reason);
  // A dash at the end is fine here: the server appends to it.
  yield* formRefusals(generateName, (text) => isName(text.replace(/-$/, "a")));
  yield* formRefusals(metadata.at("namespace"), isDns1123Label);
  yield* labelsRefusals(metadata.at("labels"));
  yield* annotationsRefusals(metadata.at("annotations"));
  yield* ownersRefusals(metadata.at("ownerReferences"));
}

/**
 * The same for kinds whose objects are named like a DNS subdomain: NameIsDNSSubdomain (apimachinery
 * pkg/api/validation/generic.go).
 */
export function* namedRefusals(place: Place): Iterable<Refusal> {
  yield* metadataRefusals(place.at("metadata"), isDns1123Subdomain, "name");
  // The API server counts generations of StatefulSets and budgets itself, whatever theirs says.
  yield* rangeRefusals(place.at("metadata", "generation"), 0);
}

/** ValidateOwnerReferences; that there is a kind, a name and a uid is the schema's business. */
function* ownersRefusals(owners: Place): Iterable<Refusal> {
  let controllers = 0;
  for (const owner of owners.items()) {
    yield* requiredText(owner.at("apiVersion"));
    yield* formRefusals(owner.at("apiVersion"), isGroupVersion, "value");
    if (textAt(owner.at("apiVersion")) === "v1" && textAt(owner.at("kind")) === "Event")
      yield invalid("value", owner.at("kind"), "cannot own anything");
    if (isTrue(owner.at("controller"))) controllers += 1;
    if (controllers > 1 && isTrue(owner.at("controller")))
      yield conflict(owner.at("controller"), "can be true for one owner only", "FieldValueInvalid");
  }
}

/** ParseGroupVersion (apimachinery pkg/runtime/schema/group_version.go), and a version must be there. */
function isGroupVersion(text: string): string | undefined {
  const [first = "", version = first, ...more] = text.split("/");
  return version !== "" && more.length === 0
    ? undefined
    : "must be a version, or a group and a version such as `apps/v1`";
}

/** validateKubeFinalizerName (pkg/apis/core/validation/validation.go): without a prefix only three names are known. */
function isFinalizer(name: string): string | undefined {
  if (["kubernetes", "orphan", "foregroundDeletion"].includes(name)) return undefined;
  return isQualifiedName(name) ?? (name.includes("/") ? undefined : "must have a prefix, as in `example.com/name`");
}

/** ValidateLabels (apimachinery pkg/apis/meta/v1/validation/validation.go). A null value counts as "". */
export function* labelsRefusals(labels: Place): Iterable<Refusal> {
  for (const [key, value] of labels.entries()) {
    yield* labelKeyRefusals(value, key);
    yield* formRefusals(value, isValidLabelValue, "label");
  }
}

/** ValidateLabelName, of a key in a map. */
function* labelKeyRefusals(value: Place, key: string): Iterable<Refusal> {
  if (key.includes("${")) return;
  const must = isQualifiedName(key);
  if (must === undefined) return;
  const found = refusal({
    reason: "label",
    message: "key",
    data: { key: key === "" ? '""' : key, must },
    at: value.key,
    missing: false,
  });
  const meant = repairedName(key, isQualifiedName);
  yield meant === undefined ? found : mendedBy(found, { op: "rename", to: meant });
}

/** All annotations of an object together, in bytes: TotalAnnotationSizeLimitB in objectmeta.go. */
const annotationBytes = 256 * 1024;

/** ValidateAnnotations (apimachinery pkg/api/validation/objectmeta.go): keys as labels have them, in any case. */
export function* annotationsRefusals(annotations: Place): Iterable<Refusal> {
  let size = 0;
  for (const [key, value] of annotations.entries()) {
    yield* labelKeyRefusals(value, key.toLowerCase());
    size += utf8Length(key) + utf8Length(textAt(value) ?? "");
  }
  if (size > annotationBytes)
    yield {
      ...invalid("value", annotations, `must not have more than ${annotationBytes} bytes`),
      type: "FieldValueTooLong",
    };
}

export function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

/**
 * ValidateLabelSelector with strict values (apimachinery pkg/apis/meta/v1/validation/validation.go). The operators are
 * the schema's business.
 */
export function* selectorRefusals(selector: Place): Iterable<Refusal> {
  yield* labelsRefusals(selector.at("matchLabels"));
  for (const expression of selector.at("matchExpressions").items()) {
    yield* valueCountRefusals(expression);
    yield* formRefusals(expression.at("key"), isQualifiedName, "label");
    for (const value of expression.at("values").items()) yield* formRefusals(value, isValidLabelValue, "label");
  }
}

/** How many values the operators take that selectors of labels and of nodes share. */
export function* valueCountRefusals(requirement: Place): Iterable<Refusal> {
  const values = requirement.at("values");
  const count = values.items().length;
  switch (textAt(requirement.at("operator")) ?? "") {
    case "In":
    case "NotIn":
      if (count === 0 && values.list().state !== "opaque") yield missing(values, "`In` and `NotIn` require values");
      break;
    case "Exists":
    case "DoesNotExist":
      if (count > 0)
        yield mendedBy(invalid("conflict", values, "must be empty with `Exists` and `DoesNotExist`"), { op: "remove" });
      break;
  }
}

/** The keys that a selector speaks of. */
export function selectorKeys(selector: Place): ReadonlySet<string> {
  return new Set([
    ...selector
      .at("matchLabels")
      .entries()
      .map(([key]) => key),
    ...selector
      .at("matchExpressions")
      .items()
      .map((expression) => textAt(expression.at("key")) ?? ""),
  ]);
}

/** Whether a selector is given and has nothing to ask for, so that it selects everything. */
export function isEmptySelector(selector: Place): boolean {
  return (
    selector.kind === "map" &&
    !selector.isOpen &&
    isEmpty(selector.at("matchLabels")) &&
    isEmpty(selector.at("matchExpressions"))
  );
}
