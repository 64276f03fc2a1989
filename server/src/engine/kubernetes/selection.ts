import { valueOr } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { Labels, LabelSelector } from "./selectors.js";

/** A selector that can be read whole: every line must hold. A label of `matchLabels` is `In` with one value. */
export type Selector = readonly Requirement[];

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** Its place in `matchExpressions`; absent for a label of `matchLabels` or of a Service. */
  readonly expression?: number;
}

export const operators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;
type Operator = (typeof operators)[number];

/** The selector of a Service, which asks for labels only. */
export function selectorFor(labels: Labels): Selector {
  return Array.from(labels, ([key, value]) => ({ key, operator: "In", values: [value] }));
}

/** `undefined` where a part cannot be read. A selector that is left out reads as an empty one: see `LabelSelector.place`. */
export function readSelector({ matchLabels, matchExpressions }: LabelSelector): Selector | undefined {
  const labels = valueOr(matchLabels, new Map<string, string>());
  const expressions = valueOr(matchExpressions, []);
  if (labels === undefined || expressions === undefined) return undefined;
  const selector: Requirement[] = [...selectorFor(labels)];
  for (const [expression, { key, operator, values }] of expressions.entries()) {
    const known = operators.find((one) => one === valueOr(operator, undefined));
    const listed = valueOr(values, []);
    if (key.state !== "present" || known === undefined || listed === undefined) return undefined;
    selector.push({ key: key.value, operator: known, values: listed, expression });
  }
  return selector;
}

/** The labels that a selector asks for with a single value, whatever else it asks for. */
export function equalities(selector: Selector): Labels {
  return new Map(
    selector.flatMap(({ key, operator, values: [value, ...others] }) =>
      operator === "In" && value !== undefined && others.length === 0 ? [[key, value]] : [],
    ),
  );
}

export const podNameLabel = "statefulset.kubernetes.io/pod-name";
export const podIndexLabel = "apps.kubernetes.io/pod-index";

/**
 * The labels that controllers put on pods, whatever the template says: of a StatefulSet `newVersionedStatefulSetPod` and
 * `updateIdentity` in stateful_set_utils.go (the index since Kubernetes 1.28, gate PodIndexLabel), of a Deployment
 * `pod-template-hash`, of a DaemonSet `CreatePodTemplate` in daemonset_util.go (all Kubernetes 1.36).
 */
const madeLabels: Readonly<Record<string, readonly string[]>> = {
  StatefulSet: [podNameLabel, podIndexLabel, "controller-revision-hash"],
  Deployment: ["pod-template-hash"],
  DaemonSet: ["controller-revision-hash", "pod-template-generation"],
};

const allMadeLabels: ReadonlySet<string> = new Set(Object.values(madeLabels).flat());

/** Whether a controller makes this label, so that a template need not have it. */
export function isMadeByController(label: string): boolean {
  return allMadeLabels.has(label);
}

/** The pods of one workload, as selectors see them. */
export interface Pods {
  /** The labels that all of them have from the template. */
  readonly labels: Labels;
  /** Labels that all of them have, each with a value that a controller chooses. */
  readonly chosen: ReadonlySet<string>;
  /** The labels that tell the pods of a StatefulSet apart: from a value to the ordinal that it stands for. */
  readonly own: ReadonlyMap<string, OwnLabel>;
  /** `undefined` where it is not known how many there are. */
  readonly count: number | undefined;
  /** The name of the pod with an ordinal. */
  readonly name: (ordinal: number) => string;
}

interface OwnLabel {
  /** `undefined` for a value that no pod of the set can have. */
  readonly ordinalOf: (value: string) => number | undefined;
  /** The values of all pods, for a reader: `db-0 ... db-2`. */
  readonly described: string;
}

/** What makes pods: a StatefulSet or another workload, or the summary of one. */
export interface PodMaker {
  /** As in the manifest: `StatefulSet`, `Deployment`. */
  readonly kind: string;
  readonly name: string | undefined;
  readonly labels: Labels;
  readonly replicas: number | undefined;
  /** 0 where it is left out. */
  readonly firstOrdinal: number | undefined;
  /** Whether the cluster's controller adds `apps.kubernetes.io/pod-index`. */
  readonly podIndexLabel: boolean;
}

export function podsOf(maker: PodMaker): Pods {
  const { kind, name, labels, replicas, firstOrdinal } = maker;
  const made = madeLabels[kind] ?? [];
  const chosen = new Set(made);
  const own = new Map<string, OwnLabel>();
  const podName = (ordinal: number) => `${name ?? ""}-${ordinal}`;
  if (kind === "StatefulSet") {
    const ordinalIn = (text: string | undefined) => {
      if (text === undefined || !/^(?:0|[1-9]\d{0,9})$/.test(text)) return undefined;
      const ordinal = Number(text);
      const isBeyond = replicas !== undefined && firstOrdinal !== undefined && ordinal >= firstOrdinal + replicas;
      return isBeyond || ordinal < (firstOrdinal ?? 0) ? undefined : ordinal;
    };
    const described = (valueOf: (ordinal: number) => string) => {
      const first = valueOf(firstOrdinal ?? 0);
      if (replicas === undefined) return `${first} ...`;
      const last = valueOf((firstOrdinal ?? 0) + replicas - 1);
      return replicas === 1 ? first : `${first} ... ${last}`;
    };
    if (name !== undefined && name !== "") {
      chosen.delete(podNameLabel);
      own.set(podNameLabel, {
        ordinalOf: (value) => (value.startsWith(`${name}-`) ? ordinalIn(value.slice(name.length + 1)) : undefined),
        described: described(podName),
      });
    }
    chosen.delete(podIndexLabel);
    if (maker.podIndexLabel) {
      own.set(podIndexLabel, { ordinalOf: ordinalIn, described: described(String) });
    }
  }
  return { labels, chosen, own, count: replicas, name: podName };
}

/** A line of a selector that pods do not meet, and what they have in its place. */
export interface Mismatch {
  readonly requirement: Requirement;
  /** The value of the label; of labels that tell pods apart all values. `undefined` without the label. */
  readonly found: string | undefined;
}

/** `app=db`, or for an expression `tier In (web, api)`. */
export function wantedText({ key, operator, values, expression }: Requirement): string {
  if (expression === undefined) return `${key}=${values[0] ?? ""}`;
  return `${key} ${operator}${values.length > 0 ? ` (${values.join(", ")})` : ""}`;
}

/** Where a line stands in its selector. */
export function placeOf({ key, expression }: Requirement, selector: Place): Place {
  return expression === undefined ? selector.at("matchLabels", key) : selector.at("matchExpressions", expression);
}

/** Which pods of a workload a selector selects. */
export type Selection =
  | { readonly pods: "all" }
  /** Some of a StatefulSet: these, or all but these. */
  | { readonly pods: "only" | "allBut"; readonly names: readonly string[] }
  /** None, because of these lines. */
  | { readonly pods: "none"; readonly unmet: readonly Mismatch[] };

/**
 * Which pods a selector selects: the one place that compares labels. `undefined` where it cannot be known, as with the
 * value of `controller-revision-hash`. Operators as in apimachinery's labels.Requirement.Matches (Kubernetes 1.36).
 */
export function select(selector: Selector, pods: Pods): Selection | undefined {
  const unmet: Mismatch[] = [];
  let isKnown = true;
  let only: ReadonlySet<number> | undefined;
  const without = new Set<number>();
  const perPod: Mismatch[] = [];
  for (const requirement of selector) {
    const { key, operator, values } = requirement;
    const own = pods.own.get(key);
    if (own !== undefined) {
      const ordinals = values.map(own.ordinalOf).filter((ordinal) => ordinal !== undefined);
      if (operator === "In") {
        only = new Set(ordinals.filter((ordinal) => only?.has(ordinal) ?? true));
        perPod.push({ requirement, found: own.described });
      } else if (operator === "NotIn") {
        for (const ordinal of ordinals) without.add(ordinal);
        perPod.push({ requirement, found: own.described });
      } else if (operator === "DoesNotExist") unmet.push({ requirement, found: own.described });
    } else if (pods.chosen.has(key)) {
      if (operator === "DoesNotExist") unmet.push({ requirement, found: "a value that its controller chooses" });
      else if (operator !== "Exists") isKnown = false;
    } else if (!holds(operator, pods.labels.get(key), values)) unmet.push({ requirement, found: pods.labels.get(key) });
  }
  if (unmet.length > 0) return { pods: "none", unmet };
  if (!isKnown) return undefined;
  return perPod.length === 0 ? { pods: "all" } : selectOrdinals(pods, only, without, perPod);
}

function selectOrdinals(
  { count, name }: Pods,
  only: ReadonlySet<number> | undefined,
  without: ReadonlySet<number>,
  asked: readonly Mismatch[],
): Selection | undefined {
  // Of a set without pods nothing can be said, and those that it will have are not known.
  if (count === 0) return undefined;
  if (only === undefined) {
    if (without.size === 0) return { pods: "all" };
    if (without.size === count) return { pods: "none", unmet: asked };
    return { pods: "allBut", names: [...without].toSorted((a, b) => a - b).map(name) };
  }
  const left = [...only].filter((ordinal) => !without.has(ordinal)).toSorted((a, b) => a - b);
  if (left.length === 0) return { pods: "none", unmet: asked };
  return left.length === count ? { pods: "all" } : { pods: "only", names: left.map(name) };
}

/** Whether labels meet every line of a selector; an empty one is met by all. */
export function matchesLabels(selector: Selector, labels: Labels): boolean {
  return selector.every(({ key, operator, values }) => holds(operator, labels.get(key), values));
}

function holds(operator: Operator, value: string | undefined, listed: readonly string[]): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && listed.includes(value);
    case "NotIn":
      return value === undefined || !listed.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}

/** Whether a selector selects any of the pods; `undefined` where it may or may not. */
export function selectsAny(selector: Selector, pods: Pods | undefined): boolean | undefined {
  const selection = pods && select(selector, pods);
  return selection && selection.pods !== "none";
}

/** How many pods are selected; `undefined` where it is not known. */
export function countSelected(selection: Selection, { count }: Pods): number | undefined {
  switch (selection.pods) {
    case "all":
      return count;
    case "only":
      return selection.names.length;
    case "allBut":
      return count === undefined ? undefined : count - selection.names.length;
    case "none":
      return 0;
  }
}

/** Whether two selections of the same pods share one; not where that depends on how many pods there are. */
export function overlap(one: Selection, other: Selection): boolean {
  if (one.pods === "none" || other.pods === "none") return false;
  if (one.pods === "all" || other.pods === "all") return true;
  if (one.pods === "allBut") return other.pods === "only" && other.names.some((name) => !one.names.includes(name));
  return one.names.some((name) => other.names.includes(name) === (other.pods === "only"));
}

/**
 * The lines of a selector that a template's labels do not meet, as the API server compares them: it knows no other
 * labels than the template's. `undefined` where a part of the selector cannot be read.
 */
export function unmetByTemplate(selector: LabelSelector, labels: Labels): readonly Mismatch[] | undefined {
  const read = readSelector(selector);
  if (read === undefined) return undefined;
  const none = { chosen: new Set<string>(), own: new Map<string, OwnLabel>(), count: undefined, name: String };
  const selection = select(read, { labels, ...none });
  return selection?.pods === "none" ? selection.unmet : [];
}
