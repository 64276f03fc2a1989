import { nearestValue } from "../schema/nearest.js";
import type { Place } from "../../yaml/place.js";
import { isDns1123Label, isDns1123Subdomain, isQualifiedName, isValidLabelValue } from "../names.js";
import { invalid, invalidFor, mendedBy, missing, refusal, type Refusal } from "../refusal.js";
import { selectorKeys, selectorRefusals, valueCountRefusals } from "./metadata.js";
import { conflict, formRefusals, isSet, isUnset, itemRefusals, rangeRefusals, textAt } from "./read.js";

/** The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36. */

/** ValidateTolerations */
export function* tolerationsRefusals(tolerations: Place): Iterable<Refusal> {
  for (const toleration of tolerations.items()) {
    const key = textAt(toleration.at("key"));
    const operator = textAt(toleration.at("operator"));
    const effect = textAt(toleration.at("effect"));
    const value = textAt(toleration.at("value"));
    yield* formRefusals(toleration.at("key"), isQualifiedName, "label");
    if (key === "" && operator !== undefined && operator !== "Exists")
      yield mendedBy(conflict(toleration.at("operator"), "must be `Exists` if `key` is not set", "FieldValueInvalid"), {
        op: "set",
        value: "Exists",
      });
    if (isSet(toleration.at("tolerationSeconds")) && effect !== undefined && effect !== "NoExecute")
      yield mendedBy(
        conflict(toleration.at("effect"), "must be `NoExecute` if `tolerationSeconds` is set", "FieldValueInvalid"),
        { op: "set", value: "NoExecute" },
        { op: "remove", at: toleration.at("tolerationSeconds") },
      );
    if (operator === "Exists" && value !== undefined && value !== "")
      yield mendedBy(
        conflict(toleration.at("value"), "is not allowed with `operator: Exists`", "FieldValueInvalid"),
        { op: "remove" },
        { op: "set", at: toleration.at("operator"), value: "Equal" },
      );
    if (operator === "" || operator === "Equal")
      yield* formRefusals(toleration.at("value"), isValidLabelValue, "label");
  }
}

/** validateAffinity */
export function* affinityRefusals(affinity: Place): Iterable<Refusal> {
  yield* nodeAffinityRefusals(affinity.at("nodeAffinity"));
  for (const kind of ["podAffinity", "podAntiAffinity"]) {
    for (const term of affinity.at(kind, required).items()) yield* podTermRefusals(term);
    for (const weighted of affinity.at(kind, preferred).items()) {
      yield* rangeRefusals(weighted.at("weight"), 1, 100);
      yield* podTermRefusals(weighted.at("podAffinityTerm"));
    }
  }
}

const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";

/** validateNodeAffinity */
function* nodeAffinityRefusals(affinity: Place): Iterable<Refusal> {
  for (const term of affinity.at(required, "nodeSelectorTerms").items()) {
    yield* nodeTermRefusals(term);
    // What is preferred may name values that no label can have.
    for (const requirement of term.at("matchExpressions").items()) {
      for (const value of requirement.at("values").items()) yield* formRefusals(value, isValidLabelValue, "label");
    }
  }
  for (const weighted of affinity.at(preferred).items()) {
    yield* rangeRefusals(weighted.at("weight"), 1, 100);
    yield* nodeTermRefusals(weighted.at("preference"));
  }
}

/** ValidateNodeSelectorTerm */
function* nodeTermRefusals(term: Place): Iterable<Refusal> {
  // ValidateNodeSelectorRequirement
  for (const requirement of term.at("matchExpressions").items()) {
    const values = requirement.at("values");
    yield* formRefusals(requirement.at("key"), isQualifiedName, "label");
    yield* valueCountRefusals(requirement);
    const operator = textAt(requirement.at("operator"));
    const isComparison = operator === "Gt" || operator === "Lt";
    if (isComparison && values.items().length !== 1 && values.list().state !== "opaque")
      yield { ...invalid("value", values, "Gt and Lt take a single value"), type: "FieldValueRequired" };
  }
  // ValidateNodeFieldSelectorRequirement
  for (const requirement of term.at("matchFields").items()) {
    const key = textAt(requirement.at("key"));
    const operator = textAt(requirement.at("operator"));
    const values = requirement.at("values").items();
    if (key !== undefined && key !== "" && key !== "metadata.name")
      yield invalidFor("value", requirement.at("key"), "must be `metadata.name`", "metadata.name");
    if (operator !== undefined && operator !== "" && operator !== "In" && operator !== "NotIn")
      yield invalidFor(
        "value",
        requirement.at("operator"),
        "must be `In` or `NotIn`",
        nearestValue(operator, ["In", "NotIn"]),
      );
    else if (values.length !== 1) yield missing(requirement.at("values"), "exactly one is required");
    yield* itemRefusals(requirement.at("values"), isDns1123Subdomain);
  }
}

/** validatePodAffinityTerm */
function* podTermRefusals(term: Place): Iterable<Refusal> {
  const selector = term.at("labelSelector");
  yield* selectorRefusals(selector);
  yield* selectorRefusals(term.at("namespaceSelector"));
  yield* itemRefusals(term.at("namespaces"), isDns1123Label);
  yield* formRefusals(term.at("topologyKey"), isQualifiedName, "label");
  yield* topologyKeyWarnings(term.at("topologyKey"));
  // validateMatchLabelKeysAndMismatchLabelKeys
  yield* labelKeysRefusals(term.at("matchLabelKeys"), selector);
  yield* labelKeysRefusals(term.at("mismatchLabelKeys"), selector);
  const mismatch = new Set(term.at("mismatchLabelKeys").items().map(textAt));
  for (const key of term.at("matchLabelKeys").items()) {
    if (mismatch.has(textAt(key)))
      yield conflict(key, "cannot be in both `matchLabelKeys` and `mismatchLabelKeys`", "FieldValueInvalid");
  }
  yield* nullSelectorWarnings(term, "labelSelector");
}

/** validateLabelKeys */
function* labelKeysRefusals(keys: Place, selector: Place): Iterable<Refusal> {
  if (keys.items().length > 0 && isUnset(selector)) yield conflict(keys, "requires a `labelSelector`");
  yield* itemRefusals(keys, isQualifiedName, "label");
}

/** validateTopologySpreadConstraints */
export function* spreadRefusals(constraints: Place): Iterable<Refusal> {
  const seen = new Set<string>();
  for (const constraint of constraints.items()) {
    const key = textAt(constraint.at("topologyKey"));
    const action = textAt(constraint.at("whenUnsatisfiable"));
    yield* rangeRefusals(constraint.at("maxSkew"), 1);
    yield* rangeRefusals(constraint.at("minDomains"), 1);
    if (isSet(constraint.at("minDomains")) && action !== undefined && action !== "DoNotSchedule")
      yield conflict(constraint.at("minDomains"), "requires `whenUnsatisfiable: DoNotSchedule`", "FieldValueInvalid");
    // ValidateSpreadConstraintNotRepeat
    const pair = `${key} ${action}`;
    if (key !== undefined && action !== undefined && seen.has(pair))
      yield invalid(
        "duplicate",
        constraint.at("topologyKey"),
        "is used twice with the same `whenUnsatisfiable`, but must be unique",
      );
    seen.add(pair);
    const selector = constraint.at("labelSelector");
    yield* selectorRefusals(selector);
    yield* topologyKeyWarnings(constraint.at("topologyKey"));
    // validateMatchLabelKeysInTopologySpread
    const keys = constraint.at("matchLabelKeys");
    yield* labelKeysRefusals(keys, selector);
    const inSelector = selectorKeys(selector);
    for (const one of keys.items()) {
      if (inSelector.has(textAt(one) ?? ""))
        yield conflict(one, "cannot be in both `matchLabelKeys` and `labelSelector`", "FieldValueInvalid");
    }
    yield* nullSelectorWarnings(constraint, "labelSelector");
  }
}

/** Labels of nodes that were replaced: deprecatedNodeLabels, pkg/api/node/util.go. */
const deprecatedLabels: Readonly<Record<string, string>> = {
  "beta.kubernetes.io/arch": "kubernetes.io/arch",
  "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
  "beta.kubernetes.io/os": "kubernetes.io/os",
  "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
  "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
};

function* topologyKeyWarnings(place: Place): Iterable<Refusal> {
  const key = textAt(place);
  if (key !== undefined) yield* deprecatedLabelWarnings(place, key);
}

/** The warning for a node's label that is out of date, wherever it is used as a key. */
export function* deprecatedLabelWarnings(place: Place, label: string): Iterable<Refusal> {
  if (!Object.hasOwn(deprecatedLabels, label)) return;
  yield refusal({
    reason: "deprecatedTopologyKey",
    message: "deprecated",
    data: { label, instead: deprecatedLabels[label] ?? "" },
    at: place,
    missing: false,
  });
}

/** warningsForPodSpecAndMeta (pkg/api/pod/warnings.go): a null selector matches no pod at all. */
function* nullSelectorWarnings(term: Place, key: string): Iterable<Refusal> {
  if (!isUnset(term.at(key)) || !isSet(term)) return;
  yield refusal({
    reason: "noSelector",
    message: "null",
    data: {},
    at: term.at(key).key,
    missing: true,
  });
}
