import { unsetIfEmpty, type Field } from "../yaml/field.js";
import type { Metadata } from "./resource.js";
import type { Labels } from "./selectors.js";

/** v1 Service, as far as a StatefulSet depends on it. */
export interface Service extends Metadata {
  readonly kind: "Service";
  readonly clusterIP: Field<string>;
  /** Absent and `{}` mean that somebody else keeps the endpoints. */
  readonly selector: Field<Labels>;
  readonly type: Field<string>;
  readonly publishNotReadyAddresses: Field<boolean>;
}

export function readService(metadata: Metadata): Service {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "Service",
    clusterIP: unsetIfEmpty(spec.at("clusterIP").string()),
    selector: spec.at("selector").stringMap(),
    type: unsetIfEmpty(spec.at("type").string()),
    publishNotReadyAddresses: spec.at("publishNotReadyAddresses").boolean(),
  };
}

/**
 * Whether the Service is headless (`clusterIP: None`); `undefined` where that cannot be read or the Service has no
 * endpoints of its own (ExternalName). Omitted means that the cluster assigns an address: not headless
 * (k8s.io/api core/v1 types.go, Kubernetes 1.36).
 */
export function isHeadless(service: Service): boolean | undefined {
  if (service.type.state === "present" && service.type.value === "ExternalName") return undefined;
  switch (service.clusterIP.state) {
    case "present":
      return service.clusterIP.value === "None";
    case "absent":
      return false;
    case "opaque":
    case "invalid":
      return undefined;
  }
}
