import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { immutableChanges } from "../engine/compare/immutable.js";
import { defaultConfig, type Config } from "../engine/config/config.js";
import { checkRequest, readRequest, type RequestFinding, type RequestTarget } from "../engine/lint/check-request.js";
import { rules } from "../engine/rules/registry.js";
import type { StatefulSet } from "../engine/kubernetes/kinds/statefulset.js";
import { parseRelease } from "../engine/kubernetes/versions.js";

/** A line of test/truth/validation.jsonl: a manifest, and what a real API server answered (test/truth/README.md). */
export interface ValidationCase {
  readonly id: string;
  readonly kind: "create" | "update" | "service";
  /** Where it was sent, as `v1/Secret`, if that is no StatefulSet or Service. */
  readonly target?: string;
  /** The release that answered, if it is not that of the recordings. */
  readonly kubernetes?: string;
  readonly category: string;
  readonly desc?: string;
  readonly accepted: boolean;
  readonly errors?: readonly ServerError[];
  readonly warnings?: readonly string[];
  readonly gateOn?: Answer;
  readonly yaml: string;
  readonly oldYaml?: string;
}

interface Answer {
  readonly accepted?: boolean;
  readonly errors?: readonly ServerError[];
}

export interface ServerError {
  /** As the server names it; null for errors about the text itself. */
  readonly field: string | null;
  readonly type: string;
  readonly detail?: string;
}

/** How Ordinal's findings about a case compare with the server's answer. */
export interface Verdict {
  readonly id: string;
  readonly category: string;
  /** Why the case fails; none where it passes. */
  readonly problems: readonly string[];
  /** The rules whose errors the server does not share, for reasons that their pages give. */
  readonly stricter: readonly string[];
}

/**
 * Rules that are errors although the API server accepts the manifest, because it fails later: each rule's page says
 * why.
 */
const stricterRules: ReadonlySet<string> = new Set(["name-too-long", "pod-refused"]);

/** Reads the cases of a file's text. Throws where a line is not of the format. */
export function readCases(text: string): readonly ValidationCase[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const value = JSON.parse(line) as Partial<ValidationCase>;
      if (typeof value.id !== "string" || typeof value.yaml !== "string" || typeof value.accepted !== "boolean")
        throw new Error(`line ${index + 1} is no recorded validation`);
      return value as ValidationCase;
    });
}

/** Judges a case, and once more as a server with MaxUnavailableStatefulSet answered, where that was recorded. */
export function judge(recorded: ValidationCase): Verdict {
  const config = recorded.kubernetes === undefined ? configs.recorded : configFor(recorded.kubernetes);
  const { problems, stricter } = compare(recorded, recorded, config);
  const { accepted, errors } = recorded.gateOn ?? {};
  const gated =
    accepted === undefined ? [] : compare(recorded, { accepted, ...(errors && { errors }) }, configs.gateOn).problems;
  return {
    id: recorded.id,
    category: recorded.category,
    problems: [...problems, ...gated.map((problem) => `with MaxUnavailableStatefulSet: ${problem}`)],
    stricter,
  };
}

/**
 * The recorded server: 1.36.2, without --allow-privileged and with service addresses of one family, so that the rule
 * for such clusters is on. 1.35.0 has MaxUnavailableStatefulSet on by default and is otherwise the same here.
 */
const configs = {
  recorded: configFor("1.36.2"),
  gateOn: configFor("1.35.0"),
};

function configFor(release: string): Config {
  const kubernetesVersion = parseRelease(release);
  if (kubernetesVersion === undefined) throw new Error(`${release} is no release`);
  return { ...defaultConfig, kubernetesVersion, rules: { "cluster-policy": "error" } };
}

function compare(
  recorded: ValidationCase,
  answer: Answer & Pick<ValidationCase, "warnings">,
  config: Config,
): Pick<Verdict, "problems" | "stricter"> {
  const ofRequest = checkRequest(recorded.yaml, targetOf(recorded), rules, config);
  const findings = [...ofRequest.filter(({ path }) => !isAddressed(recorded, path)), ...changes(recorded)];
  const errors = findings.filter(({ severity }) => severity === "error");
  const stricter = answer.accepted === true ? errors.filter(({ rule }) => stricterRules.has(rule)) : [];
  const counted = errors.filter((error) => !stricter.includes(error));
  return {
    stricter: [...new Set(stricter.map(({ rule }) => rule))],
    problems: [
      ...(answer.accepted === true ? counted.map(({ rule, path }) => `accepted, but ${rule} at ${show(path)}`) : []),
      ...(answer.accepted === false && counted.length === 0 ? ["rejected, but nothing is found"] : []),
      ...(answer.errors ?? []).flatMap((error) => unmet(error, counted)),
      ...(answer.accepted === true ? (answer.warnings ?? []).flatMap((warning) => unwarned(warning, findings)) : []),
    ],
  };
}

/** ValidateObjectMetaUpdate: an object that is replaced has the name that the request's address says. */
function isAddressed({ oldYaml }: ValidationCase, path: RequestFinding["path"]): boolean {
  return oldYaml !== undefined && ["metadata.name", "metadata.generateName"].includes(path.join("."));
}

/** Whether a finding is a refusal of the API server. */
export function isRefusedByServer({ rule, severity }: Pick<RequestFinding, "rule" | "severity">): boolean {
  return severity === "error" && !stricterRules.has(rule);
}

/** What a request that replaces a live object must not change. */
function changes(recorded: ValidationCase): readonly RequestFinding[] {
  if (recorded.oldYaml === undefined) return [];
  const [before, after] = [recorded.oldYaml, recorded.yaml].map((text) => readRequest(text, targetOf(recorded)));
  if (before?.kind !== "StatefulSet" || after?.kind !== "StatefulSet") return [];
  return [
    ...immutableChanges(before, after, defaultConfig).map(({ path }) => ({ rule: "immutable-field-changed", path })),
    ...otherObject(before, after).map((path) => ({ rule: "request", path })),
  ].map((finding) => ({ ...finding, severity: "error" as const }));
}

/** A request to replace an object may not speak of another one, nor of another state of it. */
function otherObject(before: StatefulSet, after: StatefulSet): readonly RequestFinding["path"][] {
  const identity = [
    ["metadata", "name"],
    ["metadata", "uid"],
    ["metadata", "resourceVersion"],
  ];
  return identity.filter((path) => {
    const [old, said] = [before, after].map(({ place }) => place.at(...path).value() ?? "");
    return said !== "" && said !== old;
  });
}

export function targetOf({ kind, target }: ValidationCase): RequestTarget {
  const shared = { namespace: "val" };
  if (target !== undefined) {
    const end = target.lastIndexOf("/");
    return { ...shared, apiVersion: target.slice(0, end), kind: target.slice(end + 1) };
  }
  switch (kind) {
    case "create":
    case "update":
      return { ...shared, apiVersion: "apps/v1", kind: "StatefulSet" };
    case "service":
      return { ...shared, apiVersion: "v1", kind: "Service" };
  }
}

/** Every field that the server names has an error there or nearer the cause. */
export function unmet(error: ServerError, errors: readonly RequestFinding[]): readonly string[] {
  if (error.field === null) return [];
  const { field } = error;
  const places = [field, ...causesOf(error)].map(keysOf);
  const met = errors.some(({ path }) => places.some((place) => isAtOrBelow(keysIn(path), place)));
  return met ? [] : [`no error at ${field} (${error.type})`];
}

/**
 * Where the cause of an error is, if the server names another place: it validates what it has made of the manifest, and
 * some of its functions leave out a step of the path or name another field. By the server's path, cause after cause.
 */
const causes: readonly (readonly [RegExp, ...(readonly string[])])[] = [
  // A claim template becomes a volume, and its name the name of a claim.
  [/^spec\.template\.spec\.volumes\..*/, "spec.volumeClaimTemplates.metadata.name"],
  // ValidatePodTemplateSpec: without metadata.
  [/^(spec\.template)\.(labels|annotations)$/, "$1.metadata.$2"],
  // ValidatePersistentVolumeClaimSpec: without requests.
  [/\.resources\.storage$/, ".resources.requests.storage"],
  // validateOverhead: as if they were limits.
  [/\.overhead\.limits\b/, ".overhead"],
  // validatePodSpecSecurityContext: as the internal type has it.
  [/\.securityContext\.shareProcessNamespace$/, ".shareProcessNamespace"],
  // validatePodResourceConsistency: the containers as if they were below the pod's resources.
  [/\.resources\.containers\.limits$/, ".containers.resources.limits"],
  // ValidateTolerations: what is wrong with the value is said of the operator.
  [/\.tolerations\.operator$/, ".tolerations.value"],
  // validateDownwardAPIVolumeFile: without items.
  [/\.downwardAPI\./, ".downwardAPI.items."],
  // validateProjectionSources: of a token in one of the sources.
  [/\.projected\.path$/, ".projected.sources.serviceAccountToken.path"],
  [/\.persistentDisk\b/, ".gcePersistentDisk"],
  [/\.downwarAPI$/, ".downwardAPI"],
  // A targetPort that is left out is the port.
  [/^spec\.ports\.targetPort$/, "spec.ports.port"],
  // ValidateSpreadConstraintNotRepeat: both keys as one.
  [/\.\{topologyKey, whenUnsatisfiable\}$/, ".topologyKey"],
  // ValidatePodTemplateSpec: none may be given, so nothing is said of what is in one.
  [/^(spec\.template\.spec\.ephemeralContainers)\..*/, "$1"],
  // validateObjectFieldSelector: what is wrong with the version is said of the path, which may lack its items as above.
  [/\.fieldRef\.fieldPath$/, ".fieldRef.apiVersion"],
  [/\.downwardAPI\.fieldRef\.fieldPath$/, ".downwardAPI.items.fieldRef.apiVersion"],
  // validatePodAffinityTerm: in the singular.
  [/\.namespace$/, ".namespaces"],
  // NormalizeDataSources: one is made of the other.
  [/^spec\.dataSource\b/, "spec.dataSourceRef"],
  [/^spec\.dataSourceRef\b/, "spec.dataSource"],
  // ValidateSecret: where both are missing, either would do.
  [/^data\.password$/, "data.username"],
  // Convert_v1_Secret_To_core_Secret: stringData becomes data. ValidateConfigMap: a key may be in one of both.
  [/^data\b/, "stringData", "binaryData"],
  // Convert_v1_PodSpec_To_core_PodSpec: the old name becomes the new one.
  [/\.serviceAccountName$/, ".serviceAccount"],
  // ValidateVolumes: one that is refused is not there for its mounts.
  [
    /^(spec\.template\.spec)\..*\.volume(?:Mounts|Devices)\.name$/,
    "$1.volumes",
    "spec.volumeClaimTemplates.metadata.name",
  ],
  // The name that is made of it (rest.BeforeCreate).
  [/^metadata\.name$/, "metadata.generateName"],
  // validateCSIVolumeSource: without the reference.
  [/\.csi\.name$/, ".csi.nodePublishSecretRef.name"],
  // validateMetrics: to scale to zero, which is refused by itself.
  [/^spec\.metrics$/, "spec.minReplicas"],
  // Convert_v1_HorizontalPodAutoscalerSpec_To_autoscaling_HorizontalPodAutoscalerSpec: it becomes a metric.
  [/^spec\.metrics\.resource\.target\.averageUtilization$/, "spec.targetCPUUtilizationPercentage"],
  // clusterIP is the first of clusterIPs, and both hang on the type.
  [/^spec\.clusterIPs$/, "spec.clusterIP", "spec.type"],
];

function causesOf({ field, detail = "" }: ServerError): readonly string[] {
  const keys = keysOf(field ?? "").join(".");
  return [
    // Labels and selector are to match: either may be wrong.
    ...(detail.includes("`selector` does not match") ? ["spec.selector"] : []),
    ...causes.flatMap(([place, ...instead]) =>
      place.test(keys) ? instead.map((cause) => keys.replace(place, cause)) : [],
    ),
  ];
}

/** A warning about a field has a finding there, of any severity. */
function unwarned(warning: string, findings: readonly RequestFinding[]): readonly string[] {
  const field = /^(spec[\w.[\]-]*?)(?::|\s)/.exec(warning)?.[1];
  if (field === undefined) return [];
  const met = findings.some(({ path }) => isAtOrBelow(keysIn(path), keysOf(field)));
  return met ? [] : [`no warning at ${field}`];
}

/** In any case: the server writes the names of Go's fields in places, as `spec.LoadBalancerSourceRanges`. */
function isAtOrBelow(path: readonly string[], place: readonly string[]): boolean {
  return place.every((key, index) => path[index]?.toLowerCase() === key.toLowerCase());
}

/**
 * `spec.ports[0].name` as keys; indexes of lists do not count, keys in brackets are keys of a map. Nor do the names of
 * embedded structs, which the JSON decoder writes into its paths: `volumes.VolumeSource.nfs`.
 */
function keysOf(field: string): readonly string[] {
  return field
    .replace(/\[\d+\]/g, "")
    .split(/[.[\]]+/)
    .filter((key) => key !== "" && !embedded.has(key));
}

/** Embedded structs of k8s.io/api core/v1 types.go; sigs.k8s.io/json names them as Go 1.24 does. */
const embedded: ReadonlySet<string> = new Set([
  "EphemeralContainerCommon",
  "LocalObjectReference",
  "ProbeHandler",
  "TypeMeta",
  "VolumeSource",
]);

function keysIn(path: RequestFinding["path"]): readonly string[] {
  return path.flatMap((step) => (typeof step === "number" ? [] : step.split(/[.[\]]+/).filter((key) => key !== "")));
}

function show(path: RequestFinding["path"]): string {
  return path.length === 0 ? "the document" : path.join(".");
}

/** Passed and failed by category, the failures, what is stricter than the server, then `N passed, N failed`. */
export function report(verdicts: readonly Verdict[]): readonly string[] {
  const failures = verdicts.filter(({ problems }) => problems.length > 0);
  const categories = [...new Set(verdicts.map(({ category }) => category))].toSorted();
  const width = Math.max(0, ...categories.map((category) => category.length));
  return [
    ...categories.map((category) => {
      const group = verdicts.filter((verdict) => verdict.category === category);
      const failed = group.filter(({ problems }) => problems.length > 0).length;
      return `${category.padEnd(width)} ${group.length - failed} passed, ${failed} failed`;
    }),
    ...failures.map(({ id, problems }) => `FAILED ${id}: ${problems.join("; ")}`),
    ...verdicts
      .filter(({ stricter }) => stricter.length > 0)
      .map(({ id, stricter }) => `stricter than the server: ${id}: ${stricter.join(", ")}`),
    `${verdicts.length - failures.length} passed, ${failures.length} failed`,
  ];
}

const recordedFile = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  "../../../../test/truth/validation.jsonl",
);

/**
 * `npm run validate -- [FILE...]`; returns the exit code: 0, 1 if any case failed, 2 for a file that cannot be read.
 */
function main(files: readonly string[]): number {
  const verdicts: Verdict[] = [];
  for (const file of files.length > 0 ? files : [recordedFile]) {
    try {
      verdicts.push(...readCases(readFileSync(file, "utf8")).map(judge));
    } catch (error) {
      console.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      return 2;
    }
  }
  console.log(report(verdicts).join("\n"));
  return verdicts.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

if (process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = main(process.argv.slice(2));
}
