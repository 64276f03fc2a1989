import { textOrSymbol, valueOr, type Field } from "../../yaml/field.js";
import { podLabels } from "../../kubernetes/pod-template.js";
import type { Labels } from "../../kubernetes/selectors.js";
import type { Path } from "../../yaml/path.js";
import { isPartial, type ClaimTemplate, type PodNames, type StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../../kubernetes/versions.js";

/**
 * A StatefulSet as the API server would store it, as far as that is certain: defaults are filled in, and what cannot
 * be known (a template's expression, a value of the wrong type, what a base or a broken line hides) is `undefined`.
 */
export interface KnownSet {
  readonly statefulSet: StatefulSet;
  readonly behaviour: Behaviour;
  readonly name: string | undefined;
  /** `undefined` also where the manifest leaves it to whoever applies it. */
  readonly namespace: string | undefined;
  /** `null` where it is surely left out, `undefined` where it is not known. */
  readonly serviceName: string | null | undefined;
  readonly pods: PodNames | undefined;
  readonly podLabels: Labels | undefined;
  readonly podManagement: "OrderedReady" | "Parallel" | undefined;
  readonly strategy: "RollingUpdate" | "OnDelete" | "Recreate" | undefined;
  readonly rollingUpdateBlock: "written" | "left out" | undefined;
  /** An index into the pods, not an ordinal. */
  readonly partition: number | undefined;
  /** How many pods an update may take down at once; always 1 where the cluster does not obey `maxUnavailable`. */
  readonly updatedAtOnce: number | undefined;
  readonly minReadySeconds: number | undefined;
  /** The names of the volumeClaimTemplates. */
  readonly claimTemplates: readonly string[] | undefined;
  readonly whenDeleted: Retention | undefined;
  readonly whenScaled: Retention | undefined;
  readonly services: ServiceLookup;
  readonly autoscalers: readonly NamedAutoscaler[];
}

/** What sets the number of pods in a cluster. */
export interface NamedAutoscaler {
  readonly kind: string;
  readonly name: string;
  readonly replicas: readonly [fewest: number, most: number] | undefined;
  /** To its file, as Markdown. */
  readonly link: string;
}

export type Retention = "Retain" | "Delete";

/** What the files around hold under the set's `serviceName`. */
export interface ServiceLookup {
  readonly found: readonly NamedService[];
  /** Whether every file that could hold it has been read. */
  readonly complete: boolean;
  /** Whether the workspace has one of this name too far away to be meant for sure. */
  readonly elsewhere: boolean;
}

/** A Service as seen from the set that names it. */
export interface NamedService {
  /** To its file, as Markdown. */
  readonly link: string;
  readonly headless: boolean | undefined;
  readonly selection: "selects" | "some" | "misses" | "no selector" | "unknown";
  /** Of `some`: the pods that it selects, or `all but` those that it does not. */
  readonly names: readonly string[];
}

/**
 * Reads a set with its defaults (pkg/apis/apps/v1/defaults.go, Kubernetes 1.36). `brokenText` is the text of a document
 * with a syntax error, of which only a part was read: there a field counts as left out only if its key is nowhere, and
 * lists and maps may lack their ends.
 */
export function readKnownSet(
  statefulSet: StatefulSet,
  behaviour: Behaviour,
  services: ServiceLookup,
  autoscalers: readonly NamedAutoscaler[],
  brokenText: string | undefined,
): KnownSet {
  const partial = isPartial(statefulSet);
  const isLeftOut = ({ path }: { readonly path: Path }) =>
    !partial && !(brokenText?.includes(String(path.at(-1))) ?? false);
  const known = <T, F>(field: Field<T>, fallback: F): T | F | undefined =>
    field.state === "absent" && !isLeftOut(field) ? undefined : valueOr(field, fallback);

  const { updateStrategy, retention } = statefulSet;
  const name = textOrSymbol(statefulSet.name);
  const replicas = known(statefulSet.replicas, 1);
  const firstOrdinal = behaviour.firstOrdinal ? known(statefulSet.firstOrdinal, 0) : 0;
  const block = known(updateStrategy.rollingUpdate.map(), "left out" as const);
  const keptClaims = (field: Field<string>) =>
    behaviour.claimRetention ? oneOf(["Retain", "Delete"], known(field, "Retain")) : "Retain";
  return {
    statefulSet,
    behaviour,
    name,
    namespace: valueOr(statefulSet.namespace, undefined),
    serviceName: textOrSymbol(statefulSet.serviceName) ?? known(statefulSet.serviceName, null),
    pods: podNames(name, replicas, firstOrdinal),
    podLabels: partial || brokenText !== undefined ? undefined : podLabels(statefulSet.template),
    podManagement: oneOf(["OrderedReady", "Parallel"], known(statefulSet.podManagementPolicy, "OrderedReady")),
    strategy: oneOf(["RollingUpdate", "OnDelete", "Recreate"], known(updateStrategy.type, "RollingUpdate")),
    rollingUpdateBlock: block === "left out" ? block : block && "written",
    partition: count(known(updateStrategy.partition, 0)),
    updatedAtOnce: behaviour.maxUnavailable ? podsOf(known(updateStrategy.maxUnavailable, 1), replicas) : 1,
    minReadySeconds: count(known(statefulSet.minReadySeconds, 0)),
    claimTemplates: brokenText === undefined ? claimTemplateNames(known(statefulSet.claimTemplates, [])) : undefined,
    whenDeleted: keptClaims(retention.whenDeleted),
    whenScaled: keptClaims(retention.whenScaled),
    services,
    autoscalers,
  };
}

/**
 * An int32 that the API server takes: `Invalid value: -1: must be greater than or equal to 0` (truth/validation.jsonl).
 */
function count(value: number | undefined): number | undefined {
  return value !== undefined && value >= 0 && value < 2 ** 31 ? value : undefined;
}

function podNames(
  base: string | undefined,
  replicas: number | undefined,
  firstOrdinal: number | undefined,
): PodNames | undefined {
  const [pods, first] = [count(replicas), count(firstOrdinal)];
  if (base === undefined || base === "" || pods === undefined || first === undefined) return undefined;
  return { base, first, count: pods, name: (index) => `${base}-${first + index}` };
}

/**
 * What `maxUnavailable` comes to: a percentage of the replicas, rounded down, but at least one
 * (getStatefulSetMaxUnavailable in stateful_set_utils.go, Kubernetes 1.36). `undefined` for what is refused where the
 * field is obeyed: 0, more than 100%, text without a percent sign (truth/validation.jsonl, answers with the gate on).
 */
function podsOf(value: number | string | undefined, replicas: number | undefined): number | undefined {
  if (typeof value === "number") return value > 0 ? count(value) : undefined;
  const percent = Number(/^(\d{1,3})%$/.exec(value ?? "")?.[1] ?? 0);
  if (percent < 1 || percent > 100 || replicas === undefined || replicas < 0) return undefined;
  return Math.max(1, Math.floor((percent * replicas) / 100));
}

function claimTemplateNames(templates: readonly ClaimTemplate[] | undefined): readonly string[] | undefined {
  const names = templates?.map(({ name }) => valueOr(name, undefined));
  return names?.every((name) => name !== undefined) ? names : undefined;
}

function oneOf<const T extends string>(values: readonly T[], value: string | undefined): T | undefined {
  return values.find((one) => one === value);
}
