import { nearestValue } from "../schema/nearest.js";
import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isDns1123Subdomain } from "../names.js";
import { isWhole, parseQuantity } from "../quantity.js";
import { invalid, invalidFor, type Refusal } from "../refusal.js";
import { namedRefusals, selectorRefusals } from "./metadata.js";
import { conflict, formRefusals, isSet, textAt } from "./read.js";

/**
 * ValidatePersistentVolumeClaimSpec (pkg/apis/core/validation/validation.go, Kubernetes 1.36) of a claim in a template.
 * That there must be access modes is the schema's business, that a size is asked for the rule vct-storage-missing's.
 */
export function* claimSpecRefusals(spec: Place): Iterable<Refusal> {
  yield* ownSpecRefusals(spec);
  for (const key of ["dataSource", "dataSourceRef"]) yield* dataSourceRefusals(spec.at(key));
  yield* dataSourcesRefusals(spec);
}

/**
 * The same of a claim itself, which forgets some sources before: DropDisabledFields for the gate
 * CrossNamespaceVolumeDataSource, alpha, and EnforceDataSourceBackwardsCompatibility,
 * pkg/api/persistentvolumeclaim/util.go.
 */
export function* claimRefusals(claim: Place): Iterable<Refusal> {
  yield* namedRefusals(claim);
  const spec = claim.at("spec");
  yield* ownSpecRefusals(spec);
  const source = spec.at("dataSource");
  const reference = spec.at("dataSourceRef");
  const namespace = textAt(reference.at("namespace"));
  if (isSet(reference) && namespace === "") {
    yield* dataSourceRefusals(reference);
    yield* dataSourceRefusals(source);
    yield* dataSourcesRefusals(spec);
  } else if (isClaimOrSnapshot(source)) yield* dataSourceRefusals(source);
}

function isClaimOrSnapshot(source: Place): boolean {
  const wanted = `${textAt(source.at("apiGroup"))}/${textAt(source.at("kind"))}`;
  return wanted === "/PersistentVolumeClaim" || wanted === "snapshot.storage.k8s.io/VolumeSnapshot";
}

function* ownSpecRefusals(spec: Place): Iterable<Refusal> {
  const modes = spec.at("accessModes").items();
  const pod = modes.find((mode) => textAt(mode) === "ReadWriteOncePod");
  if (
    pod !== undefined &&
    modes.some((mode) => ["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany"].includes(textAt(mode) ?? ""))
  )
    yield conflict(pod, "cannot be used with other access modes");
  yield* selectorRefusals(spec.at("selector"));
  yield* storageRefusals(spec.at("resources", "requests", "storage"));
  yield* formRefusals(spec.at("storageClassName"), isDns1123Subdomain);
  yield* formRefusals(spec.at("volumeAttributesClassName"), isDns1123Subdomain);
}

function* storageRefusals(storage: Place): Iterable<Refusal> {
  const value = storage.value();
  const size = typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
  // ValidatePositiveQuantityValue; a null quantity is 0.
  if ((size !== undefined && size.nanos <= 0n) || storage.kind === "null")
    yield invalid("range", storage, "must be greater than 0");
  // GetWarningsForPersistentVolumeClaimSpec, pkg/api/persistentvolumeclaim/util.go
  else if (size !== undefined && !isWhole(size))
    yield invalid("fractionalBytes", storage, "must be a whole number of bytes");
}

/** validateDataSource, validateDataSourceRef */
function* dataSourceRefusals(source: Place): Iterable<Refusal> {
  if (!isSet(source)) return;
  const group = textAt(source.at("apiGroup"));
  const kind = textAt(source.at("kind"));
  if (group === "" && kind !== undefined && kind !== "" && kind !== "PersistentVolumeClaim")
    yield invalidFor(
      "value",
      source.at("kind"),
      "must be `PersistentVolumeClaim` if `apiGroup` is not set",
      nearestValue(kind, ["PersistentVolumeClaim"]),
    );
  yield* formRefusals(source.at("apiGroup"), isDns1123Subdomain);
  yield* formRefusals(source.at("namespace"), isDns1123Label);
}

function* dataSourcesRefusals(spec: Place): Iterable<Refusal> {
  const source = spec.at("dataSource");
  const reference = spec.at("dataSourceRef");
  if (!isSet(source) || !isSet(reference)) return;
  const namespace = textAt(reference.at("namespace"));
  if (namespace !== undefined && namespace !== "") {
    yield conflict(source, "cannot be set if `dataSourceRef` has a namespace", "FieldValueInvalid");
    return;
  }
  const differs = ["apiGroup", "kind", "name"].some((key) => {
    const [one, other] = [textAt(source.at(key)), textAt(reference.at(key))];
    return one !== undefined && other !== undefined && one !== other;
  });
  if (differs) yield conflict(source, "must be the same as `dataSourceRef`", "FieldValueInvalid");
}
