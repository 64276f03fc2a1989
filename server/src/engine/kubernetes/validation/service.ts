import type { Place } from "../../yaml/place.js";
import {
  isDns1035Label,
  isDns1123Label,
  isDns1123Subdomain,
  isIpv6,
  isQualifiedName,
  isValidIp,
  isValidPortName,
  type Form,
} from "../names.js";
import { invalid, mendedBy, missing, refusal, type Refusal } from "../refusal.js";
import { isGateOn, isSince, type TargetCluster } from "../versions.js";
import { cidrForm, ipForm } from "./addresses.js";
import { labelsRefusals, metadataRefusals } from "./metadata.js";
import {
  conflict,
  duplicateRefusals,
  formRefusals,
  isEmpty,
  isSet,
  isUnset,
  itemRefusals,
  maxPort,
  numberAt,
  pointerRefusals,
  portRefusals,
  rangeRefusals,
  textAt,
} from "./read.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

/** ValidateService */
export function* serviceRefusals(service: Place, cluster: TargetCluster): Iterable<Refusal> {
  const spec = service.at("spec");
  const type = textAt(spec.at("type"));
  // Names that begin with a digit: KEP-5311.
  const isName = isGateOn("RelaxedServiceNameValidation", cluster) ? isDns1123Label : isDns1035Label;
  yield* metadataRefusals(service.at("metadata"), isName, "podBaseName");
  yield* rangeRefusals(service.at("metadata", "generation"), 0);
  const ports = spec.at("ports");
  const addresses = clusterAddresses(spec);
  const [first, ...others] = addresses ?? [];
  const headless = first !== undefined && others.length === 0 && textAt(first) === "None";
  if (isEmpty(ports) && addresses !== undefined && !headless && type !== undefined && type !== "ExternalName")
    yield missing(ports);
  yield* typeRefusals(spec, type ?? "", headless);
  yield* portsRefusals(ports, type);
  yield* labelsRefusals(spec.at("selector"));
  yield* affinityRefusals(spec);
  const [isIp, isCidr] = [ipForm(cluster), cidrForm(cluster)];
  if (type !== "ExternalName") yield* addressesRefusals(spec, addresses ?? [], isIp);
  yield* itemRefusals(spec.at("externalIPs"), (text) => isIp(text) ?? isSpecialIp(text), "value");
  const ofType = [
    loadBalancerRefusals(spec, type, isCidr),
    rangesAnnotationRefusals(service, type, isCidr),
    trafficRefusals(spec, type),
  ];
  // In a patch without a type the type is elsewhere.
  for (const found of ofType.flatMap((refusals) => [...refusals]))
    yield found.reason === "conflict" && isUnset(spec.at("type")) ? { ...found, missing: true } : found;
  yield* warnings(spec, type, headless, cluster);
}

/** `clusterIPs`, or `clusterIP` as its only item, as the server fills it in; `undefined` where a tool will write it. */
function clusterAddresses(spec: Place): readonly Place[] | undefined {
  const one = spec.at("clusterIP");
  const many = spec.at("clusterIPs");
  if (textAt(one) === undefined || many.list().state === "opaque") return undefined;
  if (many.items().length > 0) return many.items();
  return textAt(one) === "" ? [] : [one];
}

function* typeRefusals(spec: Place, type: string, headless: boolean): Iterable<Refusal> {
  const address = isSet(spec.at("clusterIP")) ? spec.at("clusterIP") : spec.at("clusterIPs");
  switch (type) {
    case "LoadBalancer":
    case "NodePort":
      if (headless) yield conflict(address, `cannot be \`None\` with \`type: ${type}\``, "FieldValueInvalid");
      return;
    case "ExternalName": {
      if ((textAt(spec.at("clusterIP")) ?? "") !== "" || spec.at("clusterIPs").items().length > 0)
        yield mendedBy(conflict(address, "is not allowed with `type: ExternalName`"), { op: "remove" });
      for (const key of ["ipFamilies", "ipFamilyPolicy"]) {
        if (isSet(spec.at(key)))
          yield mendedBy(conflict(spec.at(key), "is not allowed with `type: ExternalName`"), { op: "remove" });
      }
      const name = spec.at("externalName");
      if (textAt(name) === "") yield missing(name, "`type: ExternalName` requires it");
      yield* formRefusals(name, (text) => isDns1123Subdomain(text.replace(/\.$/, "")));
      return;
    }
  }
}

/** The ports the API server hands out by default: --service-node-port-range. */
const nodePorts = { first: 30000, last: 32767 };

/** validateServicePort, and the parts of ValidateService about all ports */
function* portsRefusals(ports: Place, type: string | undefined): Iterable<Refusal> {
  const all = ports.items();
  const seen = new Set<string>();
  const seenNodePorts = new Set<string>();
  yield* duplicateRefusals(
    all.map((port) => port.at("name")),
    new Set(),
  );
  for (const port of all) {
    const protocol = textAt(port.at("protocol")) || "TCP";
    const number = numberAt(port.at("port"));
    if (all.length > 1 && textAt(port.at("name")) === "") {
      const found = missing(port.at("name"), "if there are several ports, each needs a name");
      yield number === undefined ? found : mendedBy(found, { op: "set", at: port.at("name"), value: `port-${number}` });
    }
    yield* formRefusals(port.at("name"), isDns1123Label);
    yield* rangeRefusals(port.at("port"), 1, maxPort);
    // 0 and "" mean the port itself (SetDefaults_Service).
    const target = port.at("targetPort").value();
    if (target !== 0 && target !== "") yield* portRefusals(port.at("targetPort"), isValidPortName);
    yield* pointerRefusals(port.at("appProtocol"), isQualifiedName);
    if (number !== undefined && seen.has(`${protocol}/${number}`))
      yield invalid("duplicate", port.at("port"), `is used twice with \`protocol: ${protocol}\`, but must be unique`);
    seen.add(`${protocol}/${number}`);
    if (type === "LoadBalancer" && number === 10250)
      yield invalid("value", port.at("port"), "is the port of the kubelet and cannot be exposed");
    const nodePort = numberAt(port.at("nodePort"));
    if (nodePort === undefined || nodePort === 0) continue;
    if (type === "" || type === "ClusterIP")
      yield mendedBy(conflict(port.at("nodePort"), "is not allowed with `type: ClusterIP`"), { op: "remove" });
    else if (type === "NodePort" || type === "LoadBalancer")
      yield* rangeRefusals(port.at("nodePort"), nodePorts.first, nodePorts.last);
    if (seenNodePorts.has(`${protocol}/${nodePort}`))
      yield invalid(
        "duplicate",
        port.at("nodePort"),
        `is used twice with \`protocol: ${protocol}\`, but must be unique`,
      );
    seenNodePorts.add(`${protocol}/${nodePort}`);
  }
}

/**
 * validateClientIPAffinityConfig; for any other affinity SetDefaults_Service forgets it (pkg/apis/core/v1/defaults.go).
 */
function* affinityRefusals(spec: Place): Iterable<Refusal> {
  if (textAt(spec.at("sessionAffinity")) === "ClientIP")
    yield* rangeRefusals(spec.at("sessionAffinityConfig", "clientIP", "timeoutSeconds"), 1, 86400);
}

/** ValidateServiceClusterIPsRelatedFields */
function* addressesRefusals(spec: Place, addresses: readonly Place[], isIp: Form): Iterable<Refusal> {
  const one = textAt(spec.at("clusterIP"));
  const many = spec.at("clusterIPs");
  const first = textAt(many.at(0));
  if (one === "" && many.items().length > 0) yield conflict(many, "requires the same `clusterIP`", "FieldValueInvalid");
  else if (one !== undefined && one !== "" && many.items().length > 0 && first !== one)
    yield conflict(many, "must begin with the `clusterIP`", "FieldValueInvalid");
  yield* duplicateRefusals(spec.at("ipFamilies").items(), new Set());
  const none = addresses.some((address) => textAt(address) === "None");
  if (none && addresses.length > 1)
    yield conflict(many, "cannot have other items if it has `None`", "FieldValueInvalid");
  if (addresses.length > 2) yield invalid("value", many, "must not have more than 2 items");
  for (const address of addresses) if (textAt(address) !== "None") yield* formRefusals(address, isIp, "value");
  if (addresses.length === 2 && !none) {
    const [a, b] = addresses.map((address) => isIpv6(textAt(address) ?? ""));
    if (a === b) yield conflict(many, "must not have two addresses of the same IP family", "FieldValueInvalid");
  }
  for (const [index, address] of addresses.entries()) {
    const family = textAt(spec.at("ipFamilies", index));
    const text = textAt(address);
    if (none || text === undefined || isValidIp(text) !== undefined) continue;
    if ((family === "IPv4" && isIpv6(text)) || (family === "IPv6" && !isIpv6(text)))
      yield conflict(address, `must be an ${family} address, because of \`ipFamilies\``, "FieldValueInvalid");
  }
  // A Service that selects nothing may speak of what the cluster does not have: initIPFamilyFields,
  // pkg/registry/core/service/storage/alloc.go.
  if (none && isEmpty(spec.at("selector"))) return;
  // Needs a cluster of both families: its API server has two --service-cluster-ip-range.
  const policy = spec.at("ipFamilyPolicy");
  for (const family of spec.at("ipFamilies").items()) {
    if (textAt(family) === "IPv6") yield { ...invalid("clusterPolicy", family, ""), message: "family" };
  }
  if (textAt(policy) === "RequireDualStack") yield { ...invalid("clusterPolicy", policy, ""), message: "dualStack" };
}

/** ValidateNonSpecialIP */
function isSpecialIp(text: string): string | undefined {
  if (text === "0.0.0.0" || text === "::") return "must be a specific address";
  if (text.startsWith("127.") || text === "::1") return "must not be a loopback address";
  if (text.startsWith("169.254.") || /^fe[89ab]/i.test(text)) return "must not be a link-local address";
  return text.startsWith("224.0.0.") || /^ff02:/i.test(text) ? "must not be a link-local multicast address" : undefined;
}

const rangesAnnotation = "service.beta.kubernetes.io/load-balancer-source-ranges";

/** ValidateService: the annotation of old, which counts where loadBalancerSourceRanges is not given. */
function* rangesAnnotationRefusals(service: Place, type: string | undefined, isCidr: Form): Iterable<Refusal> {
  const annotation = service.at("metadata", "annotations", rangesAnnotation);
  const text = textAt(annotation);
  if (!annotation.exists || text === undefined || type === undefined) return;
  if (service.at("spec", "loadBalancerSourceRanges").items().length > 0) return;
  if (type !== "LoadBalancer") yield conflict(annotation, "requires `type: LoadBalancer`");
  const wrong =
    text.trim() === ""
      ? undefined
      : text
          .split(",")
          .map((range) => isCidr(range.trim()))
          .find(Boolean);
  if (wrong !== undefined) yield invalid("value", annotation, `each range ${wrong}`);
}

/** The fields that only a load balancer has: ValidateService, validateLoadBalancerClassField */
function* loadBalancerRefusals(spec: Place, type: string | undefined, isCidr: Form): Iterable<Refusal> {
  if (type === undefined) return;
  const ranges = spec.at("loadBalancerSourceRanges");
  yield* itemRefusals(ranges, (text) => isCidr(text.trim()), "value");
  yield* formRefusals(spec.at("loadBalancerClass"), isQualifiedName);
  if (type === "LoadBalancer") return;
  const must = "requires `type: LoadBalancer`";
  const remove = (place: Place) => mendedBy(conflict(place, must), { op: "remove" });
  if (ranges.items().length > 0) yield remove(ranges);
  for (const key of ["allocateLoadBalancerNodePorts", "loadBalancerClass"])
    if (isSet(spec.at(key))) yield remove(spec.at(key));
}

/** validateServiceExternalTrafficPolicy; a Service with externalIPs counts as externally accessible. */
function* trafficRefusals(spec: Place, type: string | undefined): Iterable<Refusal> {
  if (type === undefined) return;
  const policy = textAt(spec.at("externalTrafficPolicy"));
  const external =
    type === "LoadBalancer" ||
    type === "NodePort" ||
    ((type === "ClusterIP" || type === "") && !isEmpty(spec.at("externalIPs")));
  if (policy !== undefined && policy !== "" && !external)
    yield mendedBy(
      conflict(spec.at("externalTrafficPolicy"), "requires a Service with external access", "FieldValueInvalid"),
      { op: "remove" },
    );
  const health = numberAt(spec.at("healthCheckNodePort"));
  if (health === undefined || health === 0) return;
  if (type !== "LoadBalancer" || policy !== "Local")
    yield mendedBy(
      conflict(
        spec.at("healthCheckNodePort"),
        "requires `type: LoadBalancer` and `externalTrafficPolicy: Local`",
        "FieldValueInvalid",
      ),
      { op: "remove" },
    );
  else yield* rangeRefusals(spec.at("healthCheckNodePort"), nodePorts.first, nodePorts.last);
}

/** GetWarningsForService, pkg/api/service/warnings.go */
function* warnings(
  spec: Place,
  type: string | undefined,
  headless: boolean,
  { kubernetesVersion }: TargetCluster,
): Iterable<Refusal> {
  const ignored = (key: string, why: string): Refusal =>
    mendedBy(
      refusal({
        reason: "warning",
        message: "ignored",
        data: { field: key, why },
        at: spec.at(key).key,
        missing: false,
      }),
      { op: "remove", at: spec.at(key) },
    );
  if (headless && textAt(spec.at("loadBalancerIP"))) yield ignored("loadBalancerIP", "a headless Service");
  if (headless && spec.at("externalIPs").items().length > 0) yield ignored("externalIPs", "a headless Service");
  // KEP-5707, since 1.36.
  if (spec.at("externalIPs").items().length > 0 && isSince(kubernetesVersion, 36))
    yield refusal({
      reason: "warning",
      message: "externalIps",
      data: {},
      at: spec.at("externalIPs").key,
      missing: false,
    });
  if (headless && textAt(spec.at("sessionAffinity")) === "ClientIP")
    yield ignored("sessionAffinity", "a headless Service");
  if (type !== undefined && type !== "ExternalName" && textAt(spec.at("externalName")))
    yield ignored("externalName", "a type other than `ExternalName`");
}
