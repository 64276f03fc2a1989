import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Metadata } from "./resource.js";

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
