import * as v from "valibot";
import { percentSyntax } from "../kubernetes/int-or-percent.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { simulatedFields, standardOf, valueOf } from "./fields.js";
import { number, optional, type ReadPartly } from "./schema.js";

const probe = v.object({
  initialDelaySeconds: optional(number),
  periodSeconds: optional(number),
  successThreshold: optional(number),
});

const toleration = v.object({
  key: optional(v.string()),
  operator: optional(v.string()),
  value: optional(v.string()),
  effect: optional(v.string()),
  tolerationSeconds: optional(number),
});

/** The probes of one container that decide when it is Ready. */
const containerTiming = v.object({ readinessProbe: optional(probe), startupProbe: optional(probe) });

/** What the manifest says about how long a pod takes to start and to stop; all in seconds. */
const timingHints = v.object({
  containers: optional(v.array(containerTiming)),
  initContainers: optional(number),
  preStopSleepSeconds: optional(number),
  terminationGracePeriodSeconds: optional(number),
  tolerations: optional(v.array(toleration)),
});

/**
 * What the user wrote, as far as a rollout depends on it: plain data, nothing defaulted, nothing checked. A field that
 * the manifest leaves out (or sets to null) is `undefined`. Names and nesting are those of the API.
 */
const spec = v.intersect([
  v.object({
    /** `apps/v1` where it is left out. */
    apiVersion: optional(v.string()),
    name: v.string(),
    namespace: optional(v.string()),
    /** Identifies the pod template: two specs with the same template have the same revision. */
    revision: v.string(),
    /** The names of the volumeClaimTemplates, in the order of the manifest. */
    claims: optional(v.array(v.string())),
    /**
     * The fields that no update may change and that a rollout does not look at otherwise (`selector`, `serviceName`,
     * `volumeClaimTemplates`), each as a text that is equal exactly where they are: JSON.
     */
    immutableFields: optional(v.record(v.string(), v.string())),
    timing: optional(timingHints),
  }),
  simulatedFields,
]);

export type WrittenSpec = ReadPartly<typeof spec>;
export const writtenSpec: v.GenericSchema<unknown, WrittenSpec> = spec;
export type TimingHints = ReadPartly<typeof timingHints>;
export type ContainerTiming = ReadPartly<typeof containerTiming>;
export type ProbeTiming = ReadPartly<typeof probe>;
export type Toleration = ReadPartly<typeof toleration>;

/** A spec as the API server stores it: defaulted, disabled fields dropped, valid. Only `admit` makes one. */
export interface RolloutSpec {
  readonly name: string;
  /** Where it is omitted, whoever applies the manifest chooses. */
  readonly namespace: string | undefined;
  readonly revision: string;
  readonly replicas: number;
  readonly firstOrdinal: number;
  readonly podManagement: "OrderedReady" | "Parallel";
  readonly strategy: UpdateStrategy;
  readonly minReadySeconds: number;
  readonly claims: readonly string[];
  readonly retention: { readonly whenScaled: Retention; readonly whenDeleted: Retention };
  readonly revisionHistoryLimit: number;
  readonly immutableFields: Readonly<Record<string, string>>;
  readonly timing: TimingHints;
}

export type Retention = "Retain" | "Delete";

export type UpdateStrategy =
  | { readonly type: "OnDelete" }
  /** Alpha in 1.37 (KEP-3541). */
  | { readonly type: "Recreate" }
  /**
   * `block` is the `rollingUpdate` block. It is missing only where the user wrote `type: RollingUpdate` without it:
   * then a pod that is lost during an update may come back with the old template (recordings kill-mid-016 and
   * kill-mid-054 in test/truth; pkg/apis/apps/v1/defaults.go fills the block only where the type is empty, Kubernetes
   * 1.36).
   */
  | { readonly type: "RollingUpdate"; readonly block: RollingUpdateBlock | undefined };

export interface RollingUpdateBlock {
  /** An index into the range of ordinals, not an ordinal: 0 stands for `firstOrdinal`. */
  readonly partition: number;
  /** Present only where the cluster obeys it. */
  readonly maxUnavailable: number | string | undefined;
}

/** One complaint of the API server, in its own words. */
export const apiError = v.object({
  field: v.string(),
  detail: v.string(),
  /** Of a value that cannot be changed: what it is, and what it was to be. */
  change: optional(v.object({ before: v.string(), after: v.string() })),
});
export type ApiError = ReadPartly<typeof apiError>;

export type Admission =
  | { readonly type: "admitted"; readonly spec: RolloutSpec }
  | { readonly type: "rejected"; readonly errors: readonly ApiError[] };

/** Takes a new StatefulSet as the API server does: defaults, drops disabled fields, validates. */
export function admit(written: WrittenSpec, behaviour: Behaviour): Admission {
  const defaulted = withDefaults(written, behaviour);
  const errors = [...validateVersion(written), ...validate(defaulted, undefined, behaviour)];
  return errors.length > 0 ? { type: "rejected", errors } : { type: "admitted", spec: toRolloutSpec(defaulted) };
}

/** Takes an update of a StatefulSet that exists as `existing`. */
export function admitUpdate(written: WrittenSpec, existing: RolloutSpec, behaviour: Behaviour): Admission {
  const defaulted = withDefaults(written, behaviour);
  const errors = [
    ...validateVersion(written),
    ...validate(defaulted, existing, behaviour),
    ...immutableErrors(defaulted, existing, behaviour),
  ];
  return errors.length > 0 ? { type: "rejected", errors } : { type: "admitted", spec: toRolloutSpec(defaulted) };
}

/** `field: detail`, as kubectl prints it. */
export function formatApiError(error: ApiError): string {
  return `${error.field}: ${error.detail}`;
}

/** The last ordinal of the range; below `firstOrdinal` when there are no replicas. */
export function lastOrdinal(spec: RolloutSpec): number {
  return spec.firstOrdinal + spec.replicas - 1;
}

export function isInRange(spec: RolloutSpec, ordinal: number): boolean {
  return ordinal >= spec.firstOrdinal && ordinal <= lastOrdinal(spec);
}

export function podName(spec: { readonly name: string }, ordinal: number): string {
  return `${spec.name}-${ordinal}`;
}

export function claimName(spec: { readonly name: string }, template: string, ordinal: number): string {
  return `${template}-${spec.name}-${ordinal}`;
}

/**
 * How many pods an update may take down at once (pkg/controller/statefulset/stateful_set_utils.go,
 * getStatefulSetMaxUnavailable, Kubernetes 1.36): a percentage of the replicas, rounded down, but never less than one.
 */
export function maxUnavailablePods(spec: RolloutSpec): number {
  const written = spec.strategy.type === "RollingUpdate" ? (spec.strategy.block?.maxUnavailable ?? 1) : 1;
  const pods = typeof written === "number" ? written : Math.floor((parseInt(written, 10) * spec.replicas) / 100);
  return Math.max(pods, 1);
}

/** Between the two: defaulted as in pkg/apis/apps/v1/defaults.go, not yet validated. */
interface DefaultedSpec extends Omit<RolloutSpec, "podManagement" | "strategy" | "retention"> {
  readonly podManagement: string;
  readonly strategy: { readonly type: string; readonly block: RollingUpdateBlock | undefined };
  readonly retention: { readonly whenScaled: string; readonly whenDeleted: string };
}

function withDefaults(written: WrittenSpec, { claimRetention, firstOrdinal, ...behaviour }: Behaviour): DefaultedSpec {
  const kept = (name: "whenScaled" | "whenDeleted") => (claimRetention ? valueOf(written, name) : standardOf(name));
  return {
    name: written.name,
    namespace: written.namespace,
    revision: written.revision,
    replicas: valueOf(written, "replicas"),
    firstOrdinal: firstOrdinal ? valueOf(written, "firstOrdinal") : standardOf("firstOrdinal"),
    podManagement: valueOf(written, "podManagementPolicy"),
    strategy: defaultStrategy(written, behaviour),
    minReadySeconds: valueOf(written, "minReadySeconds"),
    claims: written.claims ?? [],
    retention: { whenScaled: kept("whenScaled"), whenDeleted: kept("whenDeleted") },
    revisionHistoryLimit: valueOf(written, "revisionHistoryLimit"),
    immutableFields: written.immutableFields ?? {},
    timing: written.timing ?? {},
  };
}

function defaultStrategy(
  written: WrittenSpec,
  { maxUnavailable }: Pick<Behaviour, "maxUnavailable">,
): DefaultedSpec["strategy"] {
  const { type, rollingUpdate } = written.updateStrategy ?? {};
  const block = {
    partition: valueOf(written, "partition"),
    maxUnavailable: maxUnavailable ? rollingUpdate?.maxUnavailable : undefined,
  };
  if (!type) return { type: standardOf("strategy"), block };
  return { type, block: rollingUpdate ? block : undefined };
}

/**
 * apps/v1beta1 and v1beta2 are not served since 1.16 (CHANGELOG-1.16.md), before any release that is modelled;
 * kubectl's words.
 */
function validateVersion({ apiVersion = "apps/v1" }: WrittenSpec): readonly ApiError[] {
  if (apiVersion === "apps/v1") return [];
  return [{ field: "apiVersion", detail: `no matches for kind "StatefulSet" in version "${apiVersion}"` }];
}

/**
 * pkg/apis/apps/validation/validation.go, ValidateStatefulSetSpec, in its order; wording as in truth/validation.jsonl.
 */
function validate(spec: DefaultedSpec, existing: RolloutSpec | undefined, behaviour: Behaviour): readonly ApiError[] {
  const { podManagement, strategy, retention } = spec;
  const errors: ApiError[] = [];
  if (podManagement !== "OrderedReady" && podManagement !== "Parallel") {
    errors.push(invalid("spec.podManagementPolicy", podManagement, "must be 'OrderedReady' or 'Parallel'"));
  }
  errors.push(...validateStrategy(strategy, existing, behaviour));
  errors.push(...validateRetention("whenDeleted", retention.whenDeleted));
  errors.push(...validateRetention("whenScaled", retention.whenScaled));
  errors.push(...validateCount("spec.replicas", spec.replicas));
  errors.push(...validateCount("spec.minReadySeconds", spec.minReadySeconds));
  errors.push(...validateCount("spec.ordinals.start", spec.firstOrdinal));
  errors.push(...validateInteger("spec.revisionHistoryLimit", spec.revisionHistoryLimit));
  return errors;
}

function validateStrategy(
  { type, block }: DefaultedSpec["strategy"],
  existing: RolloutSpec | undefined,
  { recreate }: Behaviour,
): readonly ApiError[] {
  const path = "spec.updateStrategy";
  // A set that has it may keep it (pkg/registry/apps/statefulset/strategy_test.go, 1.37).
  const allowed = recreate === "on" || (recreate === "off" && existing?.strategy.type === "Recreate");
  switch (type) {
    case "RollingUpdate":
      return block === undefined ? [] : validateBlock(`${path}.rollingUpdate`, block);
    case "OnDelete":
      return onlyForRollingUpdate(`${path}.rollingUpdate`, block);
    case "Recreate":
      if (allowed) return onlyForRollingUpdate(`${path}.rollingUpdate`, block);
      break;
    default:
      break;
  }
  const known = allowed ? "'RollingUpdate', 'OnDelete' or 'Recreate'" : "'RollingUpdate' or 'OnDelete'";
  return [invalid(path, { Type: type, RollingUpdate: serverBlock(block) }, `must be ${known}`)];
}

function onlyForRollingUpdate(path: string, block: RollingUpdateBlock | undefined): readonly ApiError[] {
  if (block === undefined) return [];
  return [invalid(path, serverBlock(block), "only allowed for updateStrategy 'RollingUpdate'")];
}

function serverBlock(block: RollingUpdateBlock | undefined): unknown {
  return block === undefined ? null : { Partition: block.partition, MaxUnavailable: block.maxUnavailable ?? null };
}

function validateBlock(path: string, { partition, maxUnavailable }: RollingUpdateBlock): readonly ApiError[] {
  const errors = [...validateCount(`${path}.partition`, partition)];
  if (maxUnavailable === undefined) return errors;
  const field = `${path}.maxUnavailable`;
  if (typeof maxUnavailable === "number") {
    errors.push(...validateCount(field, maxUnavailable));
    if (maxUnavailable === 0) errors.push(invalid(field, maxUnavailable, "cannot be 0"));
    return errors;
  }
  const isPercent = /^[0-9]+%$/.test(maxUnavailable);
  if (!isPercent) errors.push(invalid(field, maxUnavailable, percentSyntax));
  const percent = isPercent ? parseInt(maxUnavailable, 10) : 0;
  if (percent === 0) errors.push(invalid(field, maxUnavailable, "cannot be 0"));
  if (percent > 100) errors.push(invalid(field, maxUnavailable, "must not be greater than 100%"));
  return errors;
}

function validateRetention(field: "whenScaled" | "whenDeleted", value: string): readonly ApiError[] {
  if (value === "Retain" || value === "Delete") return [];
  return [
    {
      field: `spec.persistentVolumeClaimRetentionPolicy.${field}`,
      detail: `Unsupported value: ${JSON.stringify(value)}: supported values: "Retain", "Delete"`,
    },
  ];
}

function validateCount(field: string, value: number): readonly ApiError[] {
  const wrongType = validateInteger(field, value);
  if (wrongType.length > 0) return wrongType;
  return value < 0 ? [invalid(field, value, "must be greater than or equal to 0")] : [];
}

/** Numbers that do not fit into an int32 never get as far as validation: decoding the request fails. */
function validateInteger(field: string, value: number): readonly ApiError[] {
  if (Number.isInteger(value) && Math.abs(value) <= 2 ** 31 - 1) return [];
  return [{ field, detail: `json: cannot unmarshal number ${value} into Go struct field of type int32` }];
}

function invalid(field: string, value: unknown, reason: string): ApiError {
  return { field, detail: `Invalid value: ${JSON.stringify(value)}: ${reason}` };
}

function immutableErrors(
  next: DefaultedSpec,
  existing: RolloutSpec,
  { immutableErrors: form }: Behaviour,
): readonly ApiError[] {
  const before = immutableTexts(existing);
  const changed = Object.entries(immutableTexts(next)).filter(([field, text]) => before[field] !== text);
  if (changed.length === 0) return [];
  return form === "one for all"
    ? [immutableChange]
    : changed.map(([field, text]) => ({
        field: `spec.${field}`,
        detail: `Invalid value: ${shortened(text)}: field is immutable`,
      }));
}

/** The immutable fields in the order in which the API server looks at them, each as JSON. */
function immutableTexts({
  podManagement,
  claims,
  immutableFields: { selector = "{}", volumeClaimTemplates, serviceName = '""', ...others },
}: Pick<RolloutSpec, "claims" | "immutableFields"> & { readonly podManagement: string }): Record<string, string> {
  return {
    selector,
    volumeClaimTemplates: volumeClaimTemplates ?? JSON.stringify(claims),
    serviceName,
    podManagementPolicy: JSON.stringify(podManagement),
    ...others,
  };
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** pkg/apis/apps/validation/validation.go, ValidateStatefulSetUpdate, Kubernetes 1.36. */
const immutableChange: ApiError = {
  field: "spec",
  detail:
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', " +
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
};

function toRolloutSpec(spec: DefaultedSpec): RolloutSpec {
  const { podManagement, strategy, retention } = spec;
  return {
    ...spec,
    podManagement: podManagement === "Parallel" ? "Parallel" : "OrderedReady",
    strategy: toUpdateStrategy(strategy),
    retention: {
      whenScaled: retention.whenScaled === "Delete" ? "Delete" : "Retain",
      whenDeleted: retention.whenDeleted === "Delete" ? "Delete" : "Retain",
    },
  };
}

function toUpdateStrategy({ type, block }: DefaultedSpec["strategy"]): UpdateStrategy {
  switch (type) {
    case "OnDelete":
    case "Recreate":
      return { type };
    default:
      return { type: "RollingUpdate", block };
  }
}
