import { unsetIfEmpty, valueOr, type Field } from "../../yaml/field.js";
import { serviceDocs } from "../docs/service.js";
import type { KindDescriptor } from "../kind.js";
import { hasSpec, type Metadata } from "../object.js";
import type { Labels } from "../selectors.js";
import { serviceRefusals } from "../validation/service.js";

/** The headless Service of a set; its stops are numbered with those of the set. */
export const headlessService = `apiVersion: v1
kind: Service
metadata:
  name: {1:app}
spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: {1:app}
  ports:
    - name: {2:main}
      port: {3:8080}
`;

const service: KindDescriptor<Service, ServiceDigest> = {
  group: "",
  kind: "Service",
  view: "Service",
  read: readService,
  digest,
  isPartial: (one) => !["ports", "clusterIP", "clusterIPs", "externalName"].some((key) => hasSpec(one, key)),
  refusals: ({ place }, cluster) => serviceRefusals(place, cluster),
  references: [],
  docs: serviceDocs,
  skeletons: [
    {
      label: "Service, headless",
      detail: "for a StatefulSet",
      text: headlessService,
      documentation: "A Service that gives each pod of a StatefulSet a DNS name of its own.",
    },
  ],
};
export default service;

/** v1 Service, as far as a StatefulSet depends on it. */
export interface Service extends Metadata {
  readonly kind: "Service";
  readonly clusterIP: Field<string>;
  /** Absent and `{}` mean that something else keeps the endpoints. */
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

/** What other files may see of a Service. */
export interface ServiceDigest {
  readonly kind: "Service";
  /** `ClusterIP` where it is omitted. */
  readonly type: string | undefined;
  readonly headless: boolean | undefined;
  /** Empty where the Service has no selector. */
  readonly selector: Labels | undefined;
  readonly publishNotReadyAddresses: boolean | undefined;
}

function digest(service: Service): ServiceDigest {
  return {
    kind: "Service",
    type: valueOr(service.type, "ClusterIP"),
    headless: isHeadless(service),
    selector: valueOr(service.selector, new Map<string, string>()),
    publishNotReadyAddresses: valueOr(service.publishNotReadyAddresses, false),
  };
}
