import { operators, type Requirement, type Selector } from "./selection.js";
import type { Labels } from "./selectors.js";
import { isMapping } from "../yaml/plain.js";

/*
 * Reads objects that are plain data, as `kubectl get -o yaml` prints them. What is not there, or is of another type,
 * reads as left out: the API server has checked what it printed.
 */

export type Fields = Readonly<Record<string, unknown>>;

/** The mapping below some keys; empty where there is none. */
export function fieldsAt(value: unknown, ...keys: readonly string[]): Fields {
  const found = valueIn(value, keys);
  return isMapping(found) ? found : {};
}

/** The list below some keys; empty where there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const found = valueIn(value, keys);
  return Array.isArray(found) ? found : [];
}

/** The text below some keys; `undefined` where there is none. */
export function textAt(value: unknown, ...keys: readonly string[]): string | undefined {
  const found = valueIn(value, keys);
  return typeof found === "string" ? found : undefined;
}

/** The number below some keys; `undefined` where there is none. */
export function numberAt(value: unknown, ...keys: readonly string[]): number | undefined {
  const found = valueIn(value, keys);
  return typeof found === "number" ? found : undefined;
}

/** The texts below some keys; other items are left out. */
export function textsAt(value: unknown, ...keys: readonly string[]): readonly string[] {
  return listAt(value, ...keys).filter((item) => typeof item === "string");
}

/** The labels (or annotations) below some keys. */
export function labelsAt(value: unknown, ...keys: readonly string[]): Labels {
  const entries = Object.entries(fieldsAt(value, ...keys));
  return new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}

function valueIn(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (!isMapping(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/**
 * A `metav1.LabelSelector`. `undefined` for one that is left out, which selects nothing, and for one that the API
 * server would not take; an empty one selects everything (LabelSelectorAsSelector in apimachinery
 * pkg/apis/meta/v1/helpers.go, Kubernetes 1.36).
 */
export function selectorOf(value: unknown): Selector | undefined {
  if (!isMapping(value)) return undefined;
  const selector: Requirement[] = Array.from(labelsAt(value, "matchLabels"), ([key, one]) => ({
    key,
    operator: "In",
    values: [one],
  }));
  for (const expression of listAt(value, "matchExpressions")) {
    const key = textAt(expression, "key");
    const operator = operators.find((one) => one === textAt(expression, "operator"));
    if (key === undefined || operator === undefined) return undefined;
    selector.push({ key, operator, values: textsAt(expression, "values") });
  }
  return selector;
}
