import { unsetIfEmpty, valueOr, type Field } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import type { KindDescriptor } from "../kind.js";
import { isQualifiedName } from "../names.js";
import type { Metadata } from "../object.js";
import { invalid, mendedBy, type Refusal } from "../refusal.js";
import { namedRefusals } from "../validation/metadata.js";
import { duplicateRefusals, formRefusals, textAt } from "../validation/read.js";

const storageClass: KindDescriptor<StorageClass, StorageClassDigest> = {
  group: "storage.k8s.io",
  kind: "StorageClass",
  view: "StorageClass",
  read: readStorageClass,
  digest: ({ reclaimPolicy }) => ({ kind: "StorageClass", reclaimPolicy: valueOr(reclaimPolicy, "Delete") }),
  isPartial: ({ place }) => !place.at("provisioner").exists,
  refusals,
  references: [],
};
export default storageClass;

/** storage.k8s.io/v1 StorageClass. */
export interface StorageClass extends Metadata {
  readonly kind: "StorageClass";
  /** What happens to a volume when its claim is deleted; `Delete` where it is left out. */
  readonly reclaimPolicy: Field<string>;
}

export function readStorageClass(metadata: Metadata): StorageClass {
  return {
    ...metadata,
    kind: "StorageClass",
    reclaimPolicy: unsetIfEmpty(metadata.place.at("reclaimPolicy").string()),
  };
}

/** What other files may see of a StorageClass. */
export interface StorageClassDigest {
  readonly kind: "StorageClass";
  /** `Delete` where it is omitted. */
  readonly reclaimPolicy: string | undefined;
}

/** ValidateStorageClass (pkg/apis/storage/validation/validation.go, Kubernetes 1.36): the schema says the rest. */
function* refusals({ place }: StorageClass): Iterable<Refusal> {
  yield* namedRefusals(place);
  // validateProvisioner
  yield* formRefusals(place.at("provisioner"), isProvisioner);
  // validateReclaimPolicy: volumes may be recycled, classes cannot ask for it.
  if (textAt(place.at("reclaimPolicy")) === "Recycle")
    yield mendedBy(
      invalid("value", place.at("reclaimPolicy"), "must be `Delete` or `Retain`"),
      { op: "set", value: "Retain" },
      { op: "set", value: "Delete" },
    );
  // validateParameters
  for (const [key, value] of place.at("parameters").entries()) {
    if (key === "") yield { ...invalid("value", value, "must have a name"), data: unnamed };
  }
  yield* topologiesRefusals(place.at("allowedTopologies"));
}

/** validateAllowedTopologies: no two terms may say the same. */
function* topologiesRefusals(terms: Place): Iterable<Refusal> {
  const seen = new Set<string>();
  for (const term of terms.items()) {
    const expressions = term.at("matchLabelExpressions").items();
    const said = expressions.map(sentenceOf).toSorted(byText).join();
    if (seen.has(said) && !term.isOpen)
      yield invalid("duplicate", term.at("matchLabelExpressions"), "must not repeat another term");
    seen.add(said);
    yield* duplicateRefusals(
      expressions.map((expression) => expression.at("key")),
      new Set(),
    );
    for (const expression of expressions) {
      yield* formRefusals(expression.at("key"), isQualifiedName, "label");
      yield* duplicateRefusals(expression.at("values").items(), new Set());
    }
  }
}

/** A requirement of a topology, whatever the order of its values. */
function sentenceOf(requirement: Place): string {
  const values = requirement.at("values").items().map(textAt);
  return JSON.stringify([textAt(requirement.at("key")), values.toSorted((a, b) => byText(a ?? "", b ?? ""))]);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isProvisioner(text: string): string | undefined {
  // kustomize replaces its vars everywhere, and nothing else is written so.
  return /^\$\(\w+\)$/.test(text) ? undefined : isQualifiedName(text.toLowerCase());
}

const unnamed = { what: "`parameters`", must: "must not have an empty key" };
