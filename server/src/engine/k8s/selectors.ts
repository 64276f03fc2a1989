import type { Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

export type Labels = ReadonlyMap<string, string>;

/** One line of `matchExpressions`, as far as it can be read. */
export interface Requirement {
  readonly key: Field<string>;
  readonly operator: Field<string>;
  readonly values: Field<readonly string[]>;
}

/** A `metav1.LabelSelector`: every label of `matchLabels` and every expression must hold. */
export interface LabelSelector {
  readonly place: Place;
  readonly matchLabels: Field<Labels>;
  readonly matchExpressions: Field<readonly Requirement[]>;
}

export function readLabelSelector(place: Place): LabelSelector {
  const list = place.at("matchExpressions").list();
  return {
    place,
    matchLabels: place.at("matchLabels").stringMap(),
    matchExpressions: list.state === "present" ? { ...list, value: list.value.map(readRequirement) } : list,
  };
}

function readRequirement(place: Place): Requirement {
  return {
    key: place.at("key").string(),
    operator: place.at("operator").string(),
    values: place.at("values").stringList(),
  };
}

/** What the first unmet line of a selector asks for, and what the labels have in its place. */
export type Mismatch =
  | { readonly kind: "label"; readonly key: string; readonly wanted: string; readonly found: string | undefined }
  | {
      readonly kind: "expression";
      readonly index: number;
      readonly key: string;
      readonly text: string;
      readonly found: string | undefined;
    };

/** The labels of an equality selector (a Service's, or `matchLabels`) that `labels` lacks or has otherwise. */
export function unmetLabels(selector: Labels, labels: Labels): readonly Extract<Mismatch, { kind: "label" }>[] {
  const unmet: Extract<Mismatch, { kind: "label" }>[] = [];
  for (const [key, wanted] of selector) {
    const found = labels.get(key);
    if (found !== wanted) unmet.push({ kind: "label", key, wanted, found });
  }
  return unmet;
}

/**
 * The lines of a label selector that `labels` does not meet; `undefined` where a part of the selector cannot be read,
 * since then nothing may be said. Operators as in apimachinery's labels.Requirement.Matches (Kubernetes 1.36).
 */
export function unmet(selector: LabelSelector, labels: Labels): readonly Mismatch[] | undefined {
  const found: Mismatch[] = [];
  switch (selector.matchLabels.state) {
    case "present":
      found.push(...unmetLabels(selector.matchLabels.value, labels));
      break;
    case "absent":
      break;
    case "opaque":
    case "invalid":
      return undefined;
  }
  if (selector.matchExpressions.state === "absent") return found;
  if (selector.matchExpressions.state !== "present") return undefined;
  for (const [index, requirement] of selector.matchExpressions.value.entries()) {
    const { key, operator, values } = requirement;
    if (key.state !== "present" || operator.state !== "present") return undefined;
    if (values.state === "opaque" || values.state === "invalid") return undefined;
    const listed = values.state === "present" ? values.value : [];
    const value = labels.get(key.value);
    const holds = matches(operator.value, value, listed);
    if (holds === undefined) return undefined;
    const text = `${key.value} ${operator.value}${listed.length > 0 ? ` (${listed.join(", ")})` : ""}`;
    if (!holds) found.push({ kind: "expression", index, key: key.value, text, found: value });
  }
  return found;
}

function matches(operator: string, value: string | undefined, listed: readonly string[]): boolean | undefined {
  switch (operator) {
    case "In":
      return value !== undefined && listed.includes(value);
    case "NotIn":
      return value === undefined || !listed.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return undefined;
  }
}

// Helm's and Kubernetes' recommended labels, and those that were usual before them. They name a version by convention.
const versionLabels: readonly string[] = ["helm.sh/chart", "chart", "app.kubernetes.io/version", "version"];

/**
 * Labels that get another value with every release of what they are on. The last two are set by the controllers of
 * Deployments and StatefulSets; in a manifest they are left over from an export.
 */
export const volatileLabels: readonly string[] = [...versionLabels, "pod-template-hash", "controller-revision-hash"];

/**
 * Whether a label is one of those that change with upgrades. `chart: consul` does not: where a label names a version by
 * convention, only a value that holds a number tells one; and `version: v2` may tell two variants apart for good.
 */
export function changesWithUpgrades(label: string, value: string, labels: readonly string[] = volatileLabels): boolean {
  if (!labels.includes(label)) return false;
  return !versionLabels.includes(label) || (label === "version" ? /\d\.\d/ : /\d/).test(value);
}
