import type { Field } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";

export type Labels = ReadonlyMap<string, string>;

/** One line of `matchExpressions`, as far as it can be read. */
export interface Expression {
  readonly key: Field<string>;
  readonly operator: Field<string>;
  readonly values: Field<readonly string[]>;
}

/** A `metav1.LabelSelector`: every label of `matchLabels` and every expression must hold. */
export interface LabelSelector {
  readonly place: Place;
  readonly matchLabels: Field<Labels>;
  readonly matchExpressions: Field<readonly Expression[]>;
}

export function readLabelSelector(place: Place): LabelSelector {
  const list = place.at("matchExpressions").list();
  return {
    place,
    matchLabels: place.at("matchLabels").stringMap(),
    matchExpressions: list.state === "present" ? { ...list, value: list.value.map(readExpression) } : list,
  };
}

function readExpression(place: Place): Expression {
  return {
    key: place.at("key").string(),
    operator: place.at("operator").string(),
    values: place.at("values").stringList(),
  };
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
