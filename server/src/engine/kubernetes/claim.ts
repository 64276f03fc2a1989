import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Metadata } from "./resource.js";

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
