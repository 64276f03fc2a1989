import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isDns1123Subdomain, isQualifiedName } from "../names.js";
import { invalid, mendedBy, missing, refusal, type Refusal } from "../refusal.js";
import { isDropped, type TargetCluster } from "../versions.js";
import { containersRefusals, initContainersRefusals, type PodContext } from "./containers.js";
import { ipForm } from "./addresses.js";
import { annotationsRefusals, labelsRefusals } from "./metadata.js";
import {
  conflict,
  duplicateRefusals,
  exclusiveRefusals,
  formRefusals,
  hidesNames,
  isEmpty,
  isSet,
  isTrue,
  isUnset,
  itemRefusals,
  numberAt,
  oneOfRefusals,
  pointerRefusals,
  rangeRefusals,
  textAt,
} from "./read.js";
import { overheadRefusals, podResourcesRefusals } from "./resources.js";
import { affinityRefusals, deprecatedLabelWarnings, spreadRefusals, tolerationsRefusals } from "./scheduling.js";
import { podSecurityRefusals } from "./security.js";
import { useOf, volumesRefusals } from "./volumes.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

/**
 * ValidatePodTemplateSpec of a StatefulSet's template; `claimTemplates` are the names of its claim templates, which
 * stand for volumes. Hostname and subdomain are not looked at: the controller overwrites them.
 */
export function* podTemplateRefusals(
  template: Place,
  claimTemplates: ClaimTemplateNames,
  cluster: TargetCluster,
): Iterable<Refusal> {
  yield* labelsRefusals(template.at("metadata", "labels"));
  yield* annotationsRefusals(template.at("metadata", "annotations"));
  yield* appArmorAnnotationRefusals(template);
  yield* podSpecRefusals(template.at("spec"), claimTemplates, cluster);
}

/** The names of claim templates; whether that is all of them, or a tool writes others. */
interface ClaimTemplateNames {
  readonly names: ReadonlySet<string>;
  readonly areAll: boolean;
}

/** ValidatePodSpec */
function* podSpecRefusals(spec: Place, claimTemplates: ClaimTemplateNames, cluster: TargetCluster): Iterable<Refusal> {
  const volumes = spec.at("volumes");
  yield* volumesRefusals(volumes, claimTemplates.names, cluster);
  const claims = spec.at("resourceClaims").items();
  const pod: PodContext = {
    cluster,
    spec,
    volumes: new Map([
      ...volumes.items().map((volume) => [textAt(volume.at("name")) ?? "", useOf(volume)] as const),
      ...[...claimTemplates.names].map((name) => [name, { block: true, emptyDir: false, image: false }] as const),
    ]),
    hasAllVolumes: claimTemplates.areAll && !hidesNames(volumes, ["name"]),
    resourceClaims: new Set(claims.map((claim) => textAt(claim.at("name")) ?? "")),
  };
  // validatePodResourceClaims
  yield* duplicateRefusals(
    claims.map((claim) => claim.at("name")),
    new Set(),
  );
  for (const claim of claims) {
    yield* formRefusals(claim.at("name"), isDns1123Label);
    for (const key of ["resourceClaimName", "resourceClaimTemplateName"])
      yield* pointerRefusals(claim.at(key), isDns1123Subdomain);
    yield* exclusiveRefusals(
      claim,
      ["resourceClaimName", "resourceClaimTemplateName"],
      "A resource claim",
      "FieldValueInvalid",
    );
    if (!claim.at("source").exists)
      yield* oneOfRefusals(
        claim,
        ["resourceClaimName", "resourceClaimTemplateName"],
        "A resource claim",
        "FieldValueInvalid",
      );
  }
  const names = new Set<string>();
  yield* containersRefusals(spec.at("containers"), pod, names);
  yield* initContainersRefusals(spec.at("initContainers"), pod, names);
  // ValidatePodTemplateSpec
  const ephemeral = spec.at("ephemeralContainers");
  if (ephemeral.items().length > 0)
    yield mendedBy(conflict(ephemeral, "are for running pods: a template may not have them"), {
      op: "remove",
      at: ephemeral,
    });
  yield* labelsRefusals(spec.at("nodeSelector"));
  for (const [label, place] of spec.at("nodeSelector").entries()) yield* deprecatedLabelWarnings(place, label);
  yield* podSecurityRefusals(spec, cluster);
  yield* affinityRefusals(spec.at("affinity"));
  yield* dnsRefusals(spec, cluster);
  yield* spreadRefusals(spec.at("topologySpreadConstraints"));
  yield* tolerationsRefusals(spec.at("tolerations"));
  if (!isDropped("PodSpec", "resources", cluster)) yield* podResourcesRefusals(spec, cluster);
  yield* overheadRefusals(spec.at("overhead"), cluster);
  // validateReadinessGates, validateSchedulingGates
  for (const gate of spec.at("readinessGates").items()) yield* formRefusals(gate.at("conditionType"), isQualifiedName);
  const gates = spec
    .at("schedulingGates")
    .items()
    .map((gate) => gate.at("name"));
  for (const gate of gates) yield* formRefusals(gate, isQualifiedName);
  yield* duplicateRefusals(gates, new Set());
  // ValidateHostAliases
  for (const alias of spec.at("hostAliases").items()) {
    yield* formRefusals(alias.at("ip"), ipForm(cluster), "value");
    yield* itemRefusals(alias.at("hostnames"), isDns1123Subdomain);
  }
  for (const key of ["serviceAccountName", "nodeName", "priorityClassName"])
    yield* formRefusals(spec.at(key), isDns1123Subdomain);
  // Convert_v1_PodSpec_To_core_PodSpec (pkg/apis/core/v1/conversion.go): the old name counts where the new one is
  // unset.
  if (textAt(spec.at("serviceAccountName")) === "") yield* formRefusals(spec.at("serviceAccount"), isDns1123Subdomain);
  yield* pointerRefusals(spec.at("runtimeClassName"), isDns1123Subdomain);
  yield* hostnameOverrideRefusals(spec);
  yield* evictionResponderRefusals(spec);
  yield* warnings(spec);
}

/** validatePodHostName: KEP-4762. */
function* hostnameOverrideRefusals(spec: Place): Iterable<Refusal> {
  const name = spec.at("hostnameOverride");
  yield* pointerRefusals(name, isHostname);
  for (const key of ["setHostnameAsFQDN", "hostNetwork"]) {
    if (isSet(name) && isTrue(spec.at(key))) yield conflict(name, `is not allowed if \`${key}\` is true`);
  }
}

/**
 * EvictionResponder in k8s.io/api core/v1 types.go v0.37 (KEP-4563); reserved domains and priorities:
 * ValidateCustom_EvictionResponder_Name and _Priority in pkg/apis/core/v1. That `schedulingGroup` excludes it is an alpha
 * validation there (MarkAlpha in pkg/api/pod/testing), which the server only logs.
 */
function* evictionResponderRefusals(spec: Place): Iterable<Refusal> {
  const responders = spec.at("evictionResponders");
  const names = responders.items().map((responder) => responder.at("name"));
  if (names.length > 10) yield invalid("value", responders, "must not have more than 10 items");
  yield* duplicateRefusals(names, new Set());
  for (const name of names) yield* formRefusals(name, isResponderName);
  for (const responder of responders.items()) yield* rangeRefusals(responder.at("priority"), 1000, 100_000);
}

/** `acme.io/foo` */
function isResponderName(text: string): string | undefined {
  const [domain = "", ...rest] = text.split("/");
  if (rest.length === 0) return "must begin with a domain, as in `acme.io/foo`";
  if (/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(domain))
    return "must not be in a domain of Kubernetes: those are reserved";
  return isQualifiedName(text);
}

function isHostname(text: string): string | undefined {
  return text.length > 64 ? "must have at most 64 characters" : isDns1123Subdomain(text);
}

/** ValidateAppArmorPodAnnotations: the annotations of before 1.30 name a container each. */
function* appArmorAnnotationRefusals(template: Place): Iterable<Refusal> {
  const prefix = "container.apparmor.security.beta.kubernetes.io/";
  const names = new Set(
    ["initContainers", "containers"]
      .flatMap((key) => template.at("spec", key).items())
      .map((container) => textAt(container.at("name"))),
  );
  for (const [key, value] of template.at("metadata", "annotations").entries()) {
    if (!key.startsWith(prefix) || names.has(undefined)) continue;
    const profile = textAt(value) ?? "";
    if (!names.has(key.slice(prefix.length)))
      yield invalid("value", value, "names a container that the pod does not have");
    else if (!/^(?:$|runtime\/default$|unconfined$|localhost\/)/.test(profile))
      yield invalid("value", value, "must be `runtime/default`, `unconfined` or `localhost/NAME`");
  }
}

/** validatePodDNSConfig */
function* dnsRefusals(spec: Place, cluster: TargetCluster): Iterable<Refusal> {
  const config = spec.at("dnsConfig");
  const nameservers = config.at("nameservers");
  if (textAt(spec.at("dnsPolicy")) === "None") {
    if (isUnset(config)) yield missing(config, "`dnsPolicy: None` requires it");
    else if (isEmpty(nameservers)) yield missing(nameservers, "`dnsPolicy: None` requires one");
  }
  if (nameservers.items().length > 3) yield invalid("value", nameservers, "must not have more than 3 items");
  yield* itemRefusals(nameservers, ipForm(cluster), "value");
  const searches = config.at("searches");
  if (searches.items().length > 32) yield invalid("value", searches, "must not have more than 32 items");
  if (searches.items().map(textAt).join(" ").length > 2048)
    yield invalid("value", searches, "must not have more than 2048 characters in total");
  // A dot at the end and, since 1.34 (RelaxedDNSSearchValidation), a single dot and underscores are fine.
  yield* itemRefusals(searches, isSearch);
}

function isSearch(text: string): string | undefined {
  return text === "." ? undefined : isDns1123Subdomain(text.replace(/\.$/, "").replaceAll("_", "a"));
}

/** Volumes whose plugins are gone: warningsForPodSpecAndMeta, pkg/api/pod/warnings.go. */
const deadPlugins: Readonly<Record<string, string>> = {
  cephfs: "removed in 1.31",
  flocker: "removed in 1.25",
  gitRepo: "deprecated since 1.11 and off since 1.33",
  glusterfs: "removed in 1.26",
  photonPersistentDisk: "removed in 1.11",
  quobyte: "removed in 1.25",
  rbd: "removed in 1.31",
  scaleIO: "removed in 1.22",
  storageos: "removed in 1.25",
};

/** What the server warns of: warningsForPodSpecAndMeta, pkg/api/pod/warnings.go. */
function* warnings(spec: Place): Iterable<Refusal> {
  for (const volume of spec.at("volumes").items()) {
    for (const [plugin, since] of Object.entries(deadPlugins)) {
      if (!isSet(volume.at(plugin))) continue;
      const at = volume.at(plugin).key;
      yield refusal({ reason: "removedVolumePlugin", message: "dead", data: { plugin, since }, at, missing: false });
    }
  }
  for (const secret of spec.at("imagePullSecrets").items()) {
    if (textAt(secret.at("name")) === "")
      yield mendedBy(
        { ...invalid("warning", secret.at("name"), ""), message: "emptyPullSecret" },
        { op: "remove", at: secret },
      );
  }
  const grace = spec.at("terminationGracePeriodSeconds");
  const seconds = numberAt(grace);
  if (seconds !== undefined && seconds < 0)
    yield mendedBy({ ...invalid("warning", grace, ""), message: "negativeGrace" }, { op: "set", value: 1 });
}
