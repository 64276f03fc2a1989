import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Field } from "../yaml/field.js";
import { formatPath } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { isMapping } from "../yaml/plain.js";
import { readFields } from "./fields.js";
import type { ContainerTiming, ProbeTiming, TimingHints, Toleration, WrittenSpec } from "./spec.js";
import { sortedKeys } from "../kubernetes/canonical-json.js";

/** A spec read from a manifest, and what of it could not be read. */
export interface ReadSpec {
  readonly spec: WrittenSpec;
  /** Fields that a tool will replace or that hold another type; the spec leaves them out. */
  readonly unknown: readonly UnknownField[];
}

export interface UnknownField {
  /** As Kubernetes writes it, such as `spec.replicas`. */
  readonly path: string;
  readonly problem: "opaque" | "invalid";
}

/** Reads what a rollout depends on. Never fails: a set without a name is called `statefulset`. */
export function readWrittenSpec(statefulSet: StatefulSet): ReadSpec {
  const unknown: UnknownField[] = [];
  const read = <T>(field: Field<T>): T | undefined => valueOf(field, unknown);
  const { template } = statefulSet;
  const claimTemplates = read(statefulSet.claimTemplates) ?? [];
  const spec: WrittenSpec = {
    apiVersion: statefulSet.key.apiVersion,
    name: read(statefulSet.name) ?? "statefulset",
    namespace: read(statefulSet.namespace),
    revision: revisionOf(template.place),
    ...readFields(statefulSet.spec, read),
    claims: claimTemplates.map(({ name }) => read(name) ?? ""),
    immutableFields: immutableFieldsOf(statefulSet),
    timing: timingOf(template.place.at("spec")),
  };
  return { spec, unknown };
}

function valueOf<T>(field: Field<T>, unknown: UnknownField[]): T | undefined {
  switch (field.state) {
    case "present":
      return field.value;
    case "absent":
      return undefined;
    case "opaque":
    case "invalid":
      unknown.push({ path: formatPath(field.path), problem: field.state });
      return undefined;
  }
}

/**
 * The controller compares the template alone (pkg/controller/statefulset/stateful_set_utils.go, getPatch, 1.36), after
 * defaulting. Defaults are not known here, so a template in which one is written out has another revision.
 */
function revisionOf(template: Place): string {
  return fingerprint(canonical(template.value() ?? null));
}

function immutableFieldsOf({ spec, serviceName }: StatefulSet): Readonly<Record<string, string>> {
  return {
    selector: canonical(spec.at("selector").value() ?? {}),
    serviceName: canonical(serviceName.state === "present" ? serviceName.value : ""),
    volumeClaimTemplates: canonical(spec.at("volumeClaimTemplates").items().map(claimTemplateOf)),
  };
}

/** With the default of pkg/apis/core/v1/defaults.go; kind and version are the same for all. */
function claimTemplateOf(template: Place): unknown {
  const spec = template.at("spec").value();
  return {
    metadata: template.at("metadata").value(),
    spec: isMapping(spec) ? { volumeMode: "Filesystem", ...spec } : spec,
  };
}

/**
 * JSON with sorted keys, nulls left out and quantities by their amount: equal for what the API server takes as equal.
 */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (isMapping(part)) return sortedKeys(part, (entry) => entry !== null && entry !== undefined);
    return quantityKeys.has(key) ? (amountOf(part) ?? part) : part;
  });
}

/** The keys of `resources.requests` and `limits`. */
const quantityKeys = new Set(["storage", "cpu", "memory", "ephemeral-storage"]);

const factors: Readonly<Record<string, number>> = {
  "": 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** k8s.io/apimachinery/pkg/api/resource: `1Gi` and `1024Mi` are the same quantity. */
function amountOf(quantity: unknown): number | undefined {
  if (typeof quantity === "number") return quantity;
  const match = typeof quantity === "string" ? /^(\d+(?:\.\d*)?)([a-zA-Z]*)$/.exec(quantity) : null;
  const factor = match === null ? undefined : factors[match[2] ?? ""];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}

/** FNV-1a, 32 bits, as eight hexadecimal digits. */
export function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}

function timingOf(podSpec: Place): TimingHints {
  const containers = podSpec.at("containers").items();
  const sleeps = containers.map((container) => preStopSleep(container.at("lifecycle", "preStop")));
  return {
    containers: containers.map(containerTiming),
    initContainers: podSpec.at("initContainers").items().length,
    preStopSleepSeconds: Math.max(0, ...sleeps),
    terminationGracePeriodSeconds: known(podSpec.at("terminationGracePeriodSeconds").integer()),
    tolerations: podSpec.at("tolerations").items().map(toleration),
  };
}

function toleration(written: Place): Toleration {
  return {
    key: known(written.at("key").string()),
    operator: known(written.at("operator").string()),
    value: known(written.at("value").string()),
    effect: known(written.at("effect").string()),
    tolerationSeconds: known(written.at("tolerationSeconds").integer()),
  };
}

function containerTiming(container: Place): ContainerTiming {
  return {
    readinessProbe: probeTiming(container.at("readinessProbe")),
    startupProbe: probeTiming(container.at("startupProbe")),
  };
}

function probeTiming(probe: Place): ProbeTiming | undefined {
  if (probe.kind !== "map") return undefined;
  return {
    initialDelaySeconds: known(probe.at("initialDelaySeconds").integer()),
    periodSeconds: known(probe.at("periodSeconds").integer()),
    successThreshold: known(probe.at("successThreshold").integer()),
  };
}

/** `sleep: { seconds: 15 }`, or a command such as `["sh", "-c", "sleep 15"]`. */
function preStopSleep(preStop: Place): number {
  const seconds = known(preStop.at("sleep", "seconds").integer());
  if (seconds !== undefined) return seconds;
  const command = known(preStop.at("exec", "command").stringList()) ?? [];
  return Number(/\bsleep (\d{1,6})\b/.exec(command.join(" "))?.[1] ?? 0);
}

/** Timing is a guess anyway: what cannot be read counts as left out. */
function known<T>(field: Field<T>): T | undefined {
  return field.state === "present" ? field.value : undefined;
}
