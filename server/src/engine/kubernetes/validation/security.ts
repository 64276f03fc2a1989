import type { Place } from "../../yaml/place.js";
import { invalid, missing, type Refusal } from "../refusal.js";
import { conflict, duplicateRefusals, formRefusals, isSet, isTrue, maxId, rangeRefusals, textAt } from "./read.js";
import { isGateOn, isSince, type TargetCluster } from "../versions.js";
import { localDescending } from "./paths.js";
import { hostProcessRefusals, systemRefusals, windowsOptionsRefusals } from "./windows.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

/** ValidateSecurityContext of a container. `pod` is the pod's spec. */
export function* containerSecurityRefusals(context: Place, pod: Place): Iterable<Refusal> {
  // capabilities.Get().AllowPrivileged: the API server's flag --allow-privileged.
  if (isTrue(context.at("privileged")))
    yield { ...invalid("clusterPolicy", context.at("privileged"), ""), message: "privileged" };
  yield* rangeRefusals(context.at("runAsUser"), 0, maxId);
  yield* rangeRefusals(context.at("runAsGroup"), 0, maxId);
  const ownUsers = pod.at("hostUsers").boolean();
  if (textAt(context.at("procMount")) === "Unmasked" && (ownUsers.state === "absent" || isTrue(pod.at("hostUsers"))))
    yield conflict(context.at("procMount"), "Unmasked needs hostUsers: false", "FieldValueInvalid");
  yield* seccompRefusals(context.at("seccompProfile"));
  yield* appArmorRefusals(context.at("appArmorProfile"));
  const escalation = context.at("allowPrivilegeEscalation");
  const forbidden = escalation.boolean();
  if (forbidden.state === "present" && !forbidden.value) {
    if (isTrue(context.at("privileged")))
      yield conflict(escalation, "a privileged container can always escalate", "FieldValueInvalid");
    for (const capability of context.at("capabilities", "add").items()) {
      if (textAt(capability) === "CAP_SYS_ADMIN")
        yield conflict(escalation, "with CAP_SYS_ADMIN a container can always escalate", "FieldValueInvalid");
    }
  }
  yield* windowsOptionsRefusals(context.at("windowsOptions"));
}

/** validatePodSpecSecurityContext, with what other fields of the pod forbid. `spec` is the pod's. */
export function* podSecurityRefusals(spec: Place, cluster: TargetCluster): Iterable<Refusal> {
  const context = spec.at("securityContext");
  yield* rangeRefusals(context.at("fsGroup"), 0, maxId);
  yield* rangeRefusals(context.at("runAsUser"), 0, maxId);
  yield* rangeRefusals(context.at("runAsGroup"), 0, maxId);
  for (const group of context.at("supplementalGroups").items()) yield* rangeRefusals(group, 0, maxId);
  if (isTrue(spec.at("shareProcessNamespace")) && isTrue(spec.at("hostPID")))
    yield conflict(spec.at("shareProcessNamespace"), "cannot be true if `hostPID` is true", "FieldValueInvalid");
  const sysctls = context.at("sysctls").items();
  // validateSysctls
  for (const sysctl of sysctls) {
    yield* formRefusals(sysctl.at("name"), isSysctl);
    // ValidateHostSysctl
    const host = hostFieldOf(textAt(sysctl.at("name")) ?? "");
    if (host !== undefined && isTrue(spec.at(host)))
      yield invalid("conflict", sysctl.at("name"), `is not allowed if \`${host}\` is true`);
  }
  yield* duplicateRefusals(
    sysctls.map((sysctl) => sysctl.at("name")),
    new Set(),
  );
  yield* seccompRefusals(context.at("seccompProfile"));
  yield* appArmorRefusals(context.at("appArmorProfile"));
  yield* windowsOptionsRefusals(context.at("windowsOptions"));
  yield* hostUsersRefusals(spec, cluster);
  yield* hostProcessRefusals(spec);
  yield* systemRefusals(spec);
}

/**
 * The field that shares with the host what a sysctl sets: GetNamespace (component-helpers
 * node/util/sysctl/namespace.go).
 */
function hostFieldOf(sysctl: string): "hostIPC" | "hostNetwork" | undefined {
  const name = sysctl.replaceAll("/", ".");
  if (name.startsWith("net.")) return "hostNetwork";
  return /^(?:kernel\.(?:sem$|shm|msg)|fs\.mqueue\.)/.test(name) ? "hostIPC" : undefined;
}

/** validateHostUsers */
function* hostUsersRefusals(spec: Place, cluster: TargetCluster): Iterable<Refusal> {
  const hostUsers = spec.at("hostUsers").boolean();
  if (hostUsers.state !== "present" || hostUsers.value) return;
  const ownNetwork = isGateOn("UserNamespacesHostNetworkSupport", cluster) ? [] : ["hostNetwork"];
  for (const key of [...ownNetwork, "hostPID", "hostIPC"]) {
    if (isTrue(spec.at(key))) yield conflict(spec.at(key), "cannot be true if `hostUsers` is false");
  }
  // Read in 1.35.4; older releases let it through, and the pod does not start.
  for (const container of ["initContainers", "containers"].flatMap((key) => spec.at(key).items())) {
    const devices = container.at("volumeDevices");
    if (devices.items().length > 0 && isSince(cluster.kubernetesVersion, 35))
      yield conflict(devices, "is not allowed if `hostUsers` is false");
  }
}

/** validateSeccompProfileField */
function* seccompRefusals(profile: Place): Iterable<Refusal> {
  if (!isSet(profile)) return;
  const local = profile.at("localhostProfile");
  yield* localProfileRefusals(profile, "the type Localhost needs it");
  if (textAt(profile.at("type")) === "Localhost") yield* formRefusals(local, localDescending, "value");
}

/** ValidateAppArmorProfileField */
function* appArmorRefusals(profile: Place): Iterable<Refusal> {
  if (!isSet(profile)) return;
  const local = profile.at("localhostProfile");
  yield* localProfileRefusals(profile, "the type Localhost needs it");
  const text = textAt(local);
  if (text !== undefined && text !== text.trim())
    yield invalid("value", local, "must not begin or end with white space");
  if (text !== undefined && text.length > 4095) yield invalid("value", local, "must have at most 4095 characters");
}

function* localProfileRefusals(profile: Place, why: string): Iterable<Refusal> {
  const type = textAt(profile.at("type"));
  const local = profile.at("localhostProfile");
  if (type === "Localhost" && textAt(local) === "") yield missing(local, why);
  if (type !== undefined && type !== "Localhost" && isSet(local))
    yield conflict(local, "requires `type: Localhost`", "FieldValueInvalid");
}

/** IsValidSysctlName */
function isSysctl(name: string): string | undefined {
  if (name.length > 253) return "must have at most 253 characters";
  const isName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/.test(name);
  return isName ? undefined : "must be the name of a sysctl";
}
