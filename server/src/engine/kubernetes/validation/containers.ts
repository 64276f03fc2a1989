import { nearestValue } from "../schema/nearest.js";
import { canonicalJson } from "../canonical-json.js";
import { valueOr } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isHttpHeaderName, isValidPortName } from "../names.js";
import { invalid, invalidFor, mendedBy, missing, refusal, type Refusal } from "../refusal.js";
import { isDropped, isSince, type TargetCluster } from "../versions.js";
import { envFromRefusals, envRefusals } from "./env.js";
import { localDescending, noBacksteps, pathRefusals } from "./paths.js";
import {
  conflict,
  duplicateItemRefusals,
  duplicateRefusals,
  exclusiveRefusals,
  formRefusals,
  isSet,
  isTrue,
  isUnset,
  maxPort,
  numberAt,
  oneOfRefusals,
  onlyWhereTrue,
  portRefusals,
  rangeRefusals,
  textAt,
} from "./read.js";
import { resourcesRefusals } from "./resources.js";
import { containerSecurityRefusals } from "./security.js";
import type { VolumeUse } from "./volumes.js";
import { alternatives } from "../../text/code.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

/** What the checks of a container need to know of its pod. */
export interface PodContext {
  readonly cluster: TargetCluster;
  readonly spec: Place;
  /** The volumes that can be mounted, claim templates among them. */
  readonly volumes: ReadonlyMap<string, VolumeUse>;
  /** No tool writes another one. */
  readonly hasAllVolumes: boolean;
  readonly resourceClaims: ReadonlySet<string>;
}

/** validateContainers */
export function* containersRefusals(containers: Place, pod: PodContext, names: Set<string>): Iterable<Refusal> {
  const hostPorts = new Set<string>();
  for (const container of containers.items()) {
    yield* commonRefusals(container, pod);
    yield* duplicateRefusals([container.at("name")], names);
    yield* lifecycleRefusals(container, pod);
    yield* hostNetworkRefusals(container, pod);
    for (const kind of probes) yield* probeRefusals(container.at(kind), kind);
    // Container restart rules are alpha in 1.34 (KEP-5307); before, only init containers may have a restartPolicy.
    if (isSince(pod.cluster.kubernetesVersion, 34))
      yield* restartPolicyRefusals(container.at("restartPolicy"), restartPolicies);
    else if (isSet(container.at("restartPolicy")))
      yield mendedBy(conflict(container.at("restartPolicy"), "is only allowed for init containers"), {
        op: "remove",
      });
    if (!isDropped("Container", "restartPolicyRules", pod.cluster)) yield* restartRulesRefusals(container);
    // checkHostPortConflicts
    yield* hostPortRefusals(container, hostPorts);
  }
}

/** validateContainerRestartPolicy: rules by exit code. */
function* restartRulesRefusals(container: Place): Iterable<Refusal> {
  const rules = container.at("restartPolicyRules").items();
  if (rules.length > 0 && isUnset(container.at("restartPolicy")))
    yield missing(container.at("restartPolicy"), "`restartPolicyRules` requires it");
  if (rules.length > 20) yield invalid("value", container.at("restartPolicyRules"), "must not have more than 20 items");
  for (const rule of rules) {
    const action = textAt(rule.at("action"));
    if (action !== undefined && action !== "" && !["Restart", "RestartAllContainers"].includes(action))
      yield invalidFor("value", rule.at("action"), "must be `Restart`", "Restart");
    if (isUnset(rule.at("exitCodes"))) yield missing(rule.at("exitCodes"));
    const operator = textAt(rule.at("exitCodes", "operator"));
    if (operator !== undefined && operator !== "" && operator !== "In" && operator !== "NotIn")
      yield invalidFor(
        "value",
        rule.at("exitCodes", "operator"),
        "must be `In` or `NotIn`",
        nearestValue(operator, ["In", "NotIn"]),
      );
  }
}

/** validateInitContainers. `names` are those of the other containers. */
export function* initContainersRefusals(containers: Place, pod: PodContext, names: Set<string>): Iterable<Refusal> {
  for (const container of containers.items()) {
    yield* commonRefusals(container, pod);
    yield* duplicateRefusals([container.at("name")], names);
    yield* hostPortRefusals(container, new Set());
    const policy = textAt(container.at("restartPolicy"));
    // validateInitContainerRestartPolicy
    yield* restartPolicyRefusals(
      container.at("restartPolicy"),
      isSince(pod.cluster.kubernetesVersion, 34) ? restartPolicies : ["Always"],
    );
    if (!isDropped("Container", "restartPolicyRules", pod.cluster) && policy !== "Always")
      yield* restartRulesRefusals(container);
    if (policy === "Always") {
      yield* lifecycleRefusals(container, pod);
      for (const kind of probes) yield* probeRefusals(container.at(kind), kind);
    } else if (policy !== undefined) {
      for (const key of ["lifecycle", ...probes]) {
        if (isSet(container.at(key)) && !(key === "lifecycle" && isForgotten(container.at(key), pod.cluster)))
          yield conflict(container.at(key), "is only allowed for init containers with `restartPolicy: Always`");
      }
    }
  }
}

/** dropContainerStopSignals, pkg/api/pod/util.go: a lifecycle that says nothing else is forgotten with its signal. */
function isForgotten(lifecycle: Place, cluster: TargetCluster): boolean {
  if (!isDropped("Lifecycle", "stopSignal", cluster) || !isSet(lifecycle.at("stopSignal"))) return false;
  return !isSet(lifecycle.at("postStart")) && !isSet(lifecycle.at("preStop"));
}

/** Since 1.34, with restart rules (KEP-5307); before, init containers had "Always" alone. */
const restartPolicies = ["Always", "Never", "OnFailure"];

function* restartPolicyRefusals(place: Place, known: readonly string[]): Iterable<Refusal> {
  const policy = textAt(place);
  if (isSet(place) && policy !== undefined && !known.includes(policy))
    yield {
      ...invalidFor("value", place, `must be ${alternatives(known)}`, nearestValue(policy, known)),
      type: "FieldValueNotSupported",
    };
}

const probes = ["livenessProbe", "readinessProbe", "startupProbe"] as const;
type ProbeKind = (typeof probes)[number];

/** validateContainerCommon */
function* commonRefusals(container: Place, pod: PodContext): Iterable<Refusal> {
  yield* formRefusals(container.at("name"), isDns1123Label);
  yield* portsRefusals(container.at("ports"));
  yield* envRefusals(container.at("env"), pod.cluster);
  yield* envFromRefusals(container.at("envFrom"), pod.cluster);
  yield* envVolumesRefusals(container.at("env"), pod);
  yield* mountsRefusals(container, pod);
  yield* devicesRefusals(container, pod);
  yield* resourcesRefusals(container.at("resources"), pod.resourceClaims, pod.cluster);
  yield* duplicateRefusals(
    container
      .at("resizePolicy")
      .items()
      .map((policy) => policy.at("resourceName")),
    new Set(),
  );
  yield* containerSecurityRefusals(container.at("securityContext"), pod.spec);
  yield* warnings(container);
}

/** validateContainerPorts */
function* portsRefusals(ports: Place): Iterable<Refusal> {
  const names = new Set<string>();
  for (const port of ports.items()) {
    yield* formRefusals(port.at("name"), isValidPortName);
    yield* duplicateRefusals([port.at("name")], names);
    for (const refusal of rangeRefusals(port.at("containerPort"), 1, maxPort))
      yield numberAt(port.at("containerPort")) === 0 ? { ...refusal, type: "FieldValueRequired" } : refusal;
    if (numberAt(port.at("hostPort")) !== 0) yield* rangeRefusals(port.at("hostPort"), 1, maxPort);
  }
}

/** validatePodHostNetworkDeps: of init containers nothing is asked. */
function* hostNetworkRefusals(container: Place, pod: PodContext): Iterable<Refusal> {
  if (!isTrue(pod.spec.at("hostNetwork"))) return;
  for (const port of container.at("ports").items()) {
    const hostPort = numberAt(port.at("hostPort"));
    const containerPort = numberAt(port.at("containerPort"));
    if (hostPort !== undefined && hostPort !== 0 && containerPort !== undefined && hostPort !== containerPort)
      yield mendedBy(
        conflict(
          port.at("hostPort"),
          "must be the same as `containerPort` if `hostNetwork` is true",
          "FieldValueInvalid",
        ),
        { op: "set", value: containerPort },
      );
  }
}

/** AccumulateUniqueHostPorts */
function* hostPortRefusals(container: Place, seen: Set<string>): Iterable<Refusal> {
  for (const port of container.at("ports").items()) {
    const number = numberAt(port.at("hostPort"));
    const protocol = textAt(port.at("protocol"));
    const address = textAt(port.at("hostIP"));
    if (number === undefined || number === 0 || protocol === undefined || address === undefined) continue;
    const key = `${protocol || "TCP"}/${address}/${number}`;
    if (seen.has(key)) yield invalid("duplicate", port.at("hostPort"), "is used twice, but must be unique");
    seen.add(key);
  }
}

/** ValidateVolumeMounts */
function* mountsRefusals(container: Place, pod: PodContext): Iterable<Refusal> {
  const mounts = container.at("volumeMounts").items();
  yield* duplicateItemRefusals(mounts, "mountPath");
  const devices = container.at("volumeDevices").items();
  const deviceNames = new Set(devices.map((device) => textAt(device.at("name"))));
  const devicePaths = new Set(devices.map((device) => textAt(device.at("devicePath"))));
  for (const mount of mounts) {
    const name = textAt(mount.at("name"));
    yield* knownVolumeRefusals(mount.at("name"), pod);
    if (name !== undefined && name !== "" && deviceNames.has(name))
      yield conflict(
        mount.at("name"),
        "cannot be both a mount and a device of the same container",
        "FieldValueInvalid",
      );
    const path = textAt(mount.at("mountPath"));
    if (path !== undefined && path !== "" && devicePaths.has(path))
      yield conflict(mount.at("mountPath"), "is also the path of a device", "FieldValueInvalid");
    yield* pathRefusals(mount.at("subPath"), localDescending);
    yield* pathRefusals(mount.at("subPathExpr"), localDescending);
    // `$(POD_NAME)`, which a tool might fill in elsewhere, is what an expression is made of.
    const expression = mount.at("subPathExpr").value();
    if (
      isSet(mount.at("subPath")) &&
      textAt(mount.at("subPath")) !== "" &&
      typeof expression === "string" &&
      expression !== ""
    )
      yield conflict(mount.at("subPathExpr"), "cannot be used with `subPath`", "FieldValueInvalid");
    // validateMountPropagation
    const propagation = mount.at("mountPropagation");
    if (textAt(propagation) === "Bidirectional") {
      const privileged = container.at("securityContext", "privileged");
      yield* onlyWhereTrue(propagation, privileged, "Bidirectional is for privileged containers only");
    }
    yield* recursiveReadOnlyRefusals(mount);
    yield* bindOptionsRefusals(mount, pod);
  }
}

/** validateMountRecursiveReadOnly */
function* recursiveReadOnlyRefusals(mount: Place): Iterable<Refusal> {
  const place = mount.at("recursiveReadOnly");
  const mode = textAt(place);
  if (mode !== "Enabled" && mode !== "IfPossible") return;
  for (const found of onlyWhereTrue(place, mount.at("readOnly"), "requires `readOnly: true`"))
    yield mendedBy(found, { op: "set", at: mount.at("readOnly"), value: true });
  const propagation = textAt(mount.at("mountPropagation"));
  if (propagation !== undefined && propagation !== "" && propagation !== "None")
    yield conflict(place, "requires `mountPropagation: None`");
}

/** KEP-5855: each option once, and none for an image volume. */
function* bindOptionsRefusals(mount: Place, pod: PodContext): Iterable<Refusal> {
  const options = mount.at("bindMountOptions");
  yield* duplicateRefusals(options.items(), new Set());
  if (options.items().length > 0 && volumeNamed(mount.at("name"), pod)?.image === true)
    yield conflict(options, "is not allowed for an image volume");
}

/** ValidateVolumeDevices */
function* devicesRefusals(container: Place, pod: PodContext): Iterable<Refusal> {
  const devices = container.at("volumeDevices").items();
  yield* duplicateRefusals(
    devices.map((device) => device.at("name")),
    new Set(),
  );
  yield* duplicateRefusals(
    devices.map((device) => device.at("devicePath")),
    new Set(),
  );
  for (const device of devices) {
    yield* knownVolumeRefusals(device.at("name"), pod);
    const volume = volumeNamed(device.at("name"), pod);
    if (volume !== undefined && !volume.block)
      yield invalid("value", device.at("name"), "must be a PVC, because nothing else can be a block device");
    yield* pathRefusals(device.at("devicePath"), noBacksteps);
  }
}

/** validateFileKeyRefVolumes */
function* envVolumesRefusals(env: Place, pod: PodContext): Iterable<Refusal> {
  for (const variable of env.items()) {
    const name = variable.at("valueFrom", "fileKeyRef", "volumeName");
    yield* knownVolumeRefusals(name, pod);
    if (volumeNamed(name, pod)?.emptyDir === false) yield invalid("value", name, "must be an `emptyDir` volume");
  }
}

/** Volumes whose names cannot be read are left out. */
function volumeNamed(place: Place, { volumes }: PodContext): ReturnType<PodContext["volumes"]["get"]> {
  const name = textAt(place);
  return name === undefined || name === "" ? undefined : volumes.get(name);
}

function* knownVolumeRefusals(place: Place, pod: PodContext): Iterable<Refusal> {
  const name = textAt(place);
  if (name === undefined || name === "" || pod.volumes.has(name) || !pod.hasAllVolumes) return;
  yield refusal({ reason: "unknownVolume", message: "unknown", data: { name }, at: place, missing: true });
}

const handlers = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

/** validateLifecycle */
function* lifecycleRefusals(container: Place, pod: PodContext): Iterable<Refusal> {
  for (const hook of ["postStart", "preStop"]) {
    const handler = container.at("lifecycle", hook);
    if (!isSet(handler)) continue;
    yield* handlerRefusals(handler);
    // validateSleepAction: 0 is allowed since 1.34 (PodLifecycleSleepActionAllowZero, on by default in 1.33 beta).
    const sleep = handler.at("sleep", "seconds");
    const seconds = numberAt(sleep);
    const grace = valueOr(pod.spec.at("terminationGracePeriodSeconds").integer(), 30);
    const least = isSince(pod.cluster.kubernetesVersion, 33) ? 0 : 1;
    if (seconds !== undefined && grace !== undefined && (seconds < least || seconds > grace))
      yield invalid("range", sleep, `must be between ${least} and \`terminationGracePeriodSeconds\` (${grace})`);
  }
  const signal = container.at("lifecycle", "stopSignal");
  if (isSet(signal) && isUnset(pod.spec.at("os", "name"))) yield conflict(signal, "requires `spec.os.name`");
  // validateStopSignal
  const signalName = textAt(signal) ?? "";
  if (textAt(pod.spec.at("os", "name")) === "windows" && !["", "SIGTERM", "SIGKILL"].includes(signalName))
    yield invalid("value", signal, "must be `SIGTERM` or `SIGKILL` for a Windows pod");
}

/** validateProbe and the functions of each kind; zeros mean the default (SetDefaults_Probe). */
function* probeRefusals(probe: Place, kind: ProbeKind): Iterable<Refusal> {
  if (!isSet(probe)) return;
  yield* handlerRefusals(probe);
  for (const key of ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"])
    yield* rangeRefusals(probe.at(key), 0);
  const threshold = numberAt(probe.at("successThreshold"));
  if (kind !== "readinessProbe" && threshold !== undefined && threshold > 1)
    yield invalidFor("range", probe.at("successThreshold"), `must be 1 for a \`${kind}\``, 1);
  const grace = probe.at("terminationGracePeriodSeconds");
  if (kind === "readinessProbe" && isSet(grace))
    yield mendedBy(conflict(grace, "is not allowed for a `readinessProbe`", "FieldValueInvalid"), { op: "remove" });
  else yield* rangeRefusals(grace, 1);
}

/** validateHandler */
function* handlerRefusals(handler: Place): Iterable<Refusal> {
  yield* oneOfRefusals(handler, handlers, "A handler");
  yield* exclusiveRefusals(handler, handlers, "A handler");
  const httpGet = handler.at("httpGet");
  if (isSet(httpGet)) {
    yield* portRefusals(httpGet.at("port"), isValidPortName);
    for (const header of httpGet.at("httpHeaders").items()) yield* formRefusals(header.at("name"), isHttpHeaderName);
  }
  yield* http2Refusals(httpGet);
  yield* portRefusals(handler.at("tcpSocket", "port"), isValidPortName);
  yield* rangeRefusals(handler.at("grpc", "port"), 1, maxPort);
}

/** KEP-5999: HTTP/2 in clear text, to the pod itself. */
function* http2Refusals(httpGet: Place): Iterable<Refusal> {
  const protocol = httpGet.at("protocol");
  if (textAt(protocol) !== "HTTP2") return;
  if (textAt(httpGet.at("scheme")) === "HTTPS") yield conflict(protocol, "HTTP2 needs scheme: HTTP");
  if (textAt(httpGet.at("host"))) yield conflict(protocol, "HTTP2 may not be given together with host");
}

/** What the server warns of: warningsForPodSpecAndMeta, pkg/api/pod/warnings.go. */
function* warnings(container: Place): Iterable<Refusal> {
  yield* duplicateItemRefusals(container.at("env").items(), "name", "duplicateEnv");
  const ports = new Map<string, string>();
  for (const port of container.at("ports").items()) {
    const number = numberAt(port.at("containerPort"));
    const protocol = textAt(port.at("protocol"));
    const hostPort = valueOr(port.at("hostPort").integer(), 0);
    const address = textAt(port.at("hostIP"));
    if (address !== undefined && address !== "" && hostPort === 0)
      yield mendedBy({ ...invalid("warning", port.at("hostIP"), ""), message: "hostIpAlone" }, { op: "remove" });
    if (number === undefined || protocol === undefined || hostPort === undefined) continue;
    const key = `${number}/${protocol || "TCP"}/${hostPort === 0 ? "" : `${address}/${hostPort}`}`;
    const whole = port.isOpen ? "" : canonicalJson(port.value());
    const before = ports.get(key);
    if (before === undefined) ports.set(key, whole);
    else {
      const found = {
        ...invalid("duplicatePort", port.at("containerPort"), ""),
        data: { port: number, protocol: protocol || "TCP" },
      };
      yield before !== "" && before === whole ? mendedBy(found, { op: "remove", at: port }) : found;
    }
  }
}
