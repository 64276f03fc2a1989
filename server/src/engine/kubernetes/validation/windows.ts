import type { Place } from "../../yaml/place.js";
import { isDns1123Subdomain } from "../names.js";
import { invalid, type Refusal } from "../refusal.js";
import { conflict, formRefusals, isSet, isTrue, onlyWhereTrue, pointerRefusals, textAt } from "./read.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. `spec` is a pod's. */

/** validateWindowsSecurityContextOptions */
export function* windowsOptionsRefusals(options: Place): Iterable<Refusal> {
  yield* pointerRefusals(options.at("gmsaCredentialSpecName"), isDns1123Subdomain);
  for (const key of ["gmsaCredentialSpec", "runAsUserName"]) {
    if (isSet(options.at(key)) && textAt(options.at(key)) === "")
      yield invalid("value", options.at(key), "must not be empty");
  }
  yield* formRefusals(options.at("runAsUserName"), isUserName, "value");
}

/** `DOMAIN\USER` or `USER`. */
function isUserName(text: string): string | undefined {
  const [user = "", ...before] = text.split("\\").toReversed();
  if (before.length > 1) return "must not have more than one backslash";
  if (before.some((domain) => domain === "" || domain.length > 256)) return "must have a domain before the backslash";
  if (user === "" || user.length > 104) return "must have a user of 1 to 104 characters";
  if (/^[. ]+$/.test(user)) return "must not consist of dots and spaces only";
  // oxlint-disable-next-line no-control-regex
  return /["/:;|=,+*?<>@[\]\x00-\x1F]/.test(user)
    ? 'must not contain any of `" / : ; | = , + * ? < > @ [ ]`'
    : undefined;
}

/** validateWindowsHostProcessPod */
export function* hostProcessRefusals(spec: Place): Iterable<Refusal> {
  const ofPod = spec.at("securityContext", "windowsOptions", "hostProcess").boolean();
  const containers = containersOf(spec).map((container) => {
    const own = container.at("securityContext", "windowsOptions", "hostProcess");
    const said = own.boolean();
    return { own, said, is: said.state === "present" ? said.value : ofPod.state === "present" && ofPod.value };
  });
  for (const { own, said } of containers) {
    if (ofPod.state === "present" && said.state === "present" && ofPod.value !== said.value)
      yield conflict(own, "must be the same as in the `securityContext` of the pod", "FieldValueInvalid");
  }
  if (!containers.some(({ is }) => is)) return;
  for (const { own, is } of containers) {
    if (!is) yield conflict(own, "must be true for all containers or for none", "FieldValueInvalid");
  }
  const network = spec.at("hostNetwork");
  yield* onlyWhereTrue(network, network, "must be true if `hostProcess` is true");
}

/** validateLinux, validateWindows: what a pod that names its operating system may not have. */
export function* systemRefusals(spec: Place): Iterable<Refusal> {
  const contexts = [spec, ...containersOf(spec)].map((owner) => owner.at("securityContext"));
  const system = textAt(spec.at("os", "name"));
  if (system === "linux") {
    for (const context of contexts) yield* forbidden(context, ["windowsOptions"], system);
  }
  if (system !== "windows") return;
  const [ofPod, ...ofContainers] = contexts;
  // What is asked for a whole pod is validatePodResources' business (pod-level resources, on since 1.34).
  yield* forbidden(spec, ["hostUsers", "shareProcessNamespace", "resources"], system);
  for (const key of ["hostPID", "hostIPC"]) if (isTrue(spec.at(key))) yield* forbidden(spec, [key], system);
  if (ofPod !== undefined) yield* forbidden(ofPod, linuxOnly.pod, system);
  for (const context of ofContainers) yield* forbidden(context, linuxOnly.container, system);
}

const linuxOnly = {
  pod: [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "fsGroup",
    "fsGroupChangePolicy",
    "sysctls",
    "runAsUser",
    "runAsGroup",
    "supplementalGroups",
    "supplementalGroupsPolicy",
    "seLinuxChangePolicy",
  ],
  container: [
    "appArmorProfile",
    "seLinuxOptions",
    "seccompProfile",
    "capabilities",
    "readOnlyRootFilesystem",
    "privileged",
    "allowPrivilegeEscalation",
    "procMount",
    "runAsUser",
    "runAsGroup",
  ],
} as const;

function* forbidden(place: Place, keys: readonly string[], system: string): Iterable<Refusal> {
  for (const key of keys) {
    if (isSet(place.at(key))) yield conflict(place.at(key), `is not allowed for a ${system} pod`);
  }
}

function containersOf(spec: Place): readonly Place[] {
  return ["initContainers", "containers"].flatMap((key) => spec.at(key).items());
}
