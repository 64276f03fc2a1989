import { unsetIfEmpty, valueOr, type Field } from "../../yaml/field.js";
import type { KindDescriptor } from "../kind.js";
import { hasSpec, type Metadata } from "../object.js";
import { reference } from "../references.js";
import { claimRefusals } from "../validation/claims.js";

const persistentVolumeClaim: KindDescriptor<Claim, ClaimDigest> = {
  group: "",
  kind: "PersistentVolumeClaim",
  view: "PersistentVolumeClaim",
  read: readClaim,
  digest,
  isPartial: (claim) => !hasSpec(claim, "accessModes") || !hasSpec(claim, "resources"),
  refusals: ({ place }) => claimRefusals(place),
  references: [
    reference("spec.storageClassName", "storage.k8s.io/StorageClass"),
    reference("spec.volumeName", "/PersistentVolume"),
  ],
};
export default persistentVolumeClaim;

/** v1 PersistentVolumeClaim, written as a manifest of its own. */
export interface Claim extends Metadata {
  readonly kind: "PersistentVolumeClaim";
  readonly accessModes: Field<readonly string[]>;
  /** Kept as it is: `""` switches dynamic provisioning off, absent means the cluster's default class. */
  readonly storageClassName: Field<string>;
  readonly storage: Field<number | string>;
  readonly volumeName: Field<string>;
}

export function readClaim(metadata: Metadata): Claim {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "PersistentVolumeClaim",
    accessModes: spec.at("accessModes").stringList(),
    storageClassName: spec.at("storageClassName").string(),
    storage: spec.at("resources", "requests", "storage").intOrString(),
    volumeName: unsetIfEmpty(spec.at("volumeName").string()),
  };
}

/** What other files may see of a claim. */
export interface ClaimDigest {
  readonly kind: "PersistentVolumeClaim";
  readonly accessModes: readonly string[] | undefined;
  readonly storage: number | string | undefined;
  readonly storageClassName: string | undefined;
}

function digest(claim: Claim): ClaimDigest {
  return {
    kind: "PersistentVolumeClaim",
    accessModes: valueOr(claim.accessModes, undefined),
    storage: valueOr(claim.storage, undefined),
    storageClassName: valueOr(claim.storageClassName, undefined),
  };
}
