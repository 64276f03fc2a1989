import { repairedAmount } from "../int-or-percent.js";
import { valueOr, type Field } from "../../yaml/field.js";
import type { Place } from "../../yaml/place.js";
import type { KindDescriptor } from "../kind.js";
import { hasSpec, type Metadata } from "../object.js";
import { invalid, invalidFor, type Refusal } from "../refusal.js";
import { readSelector, type Selector } from "../selection.js";
import { readLabelSelector, type LabelSelector } from "../selectors.js";
import { plainMetadataRefusals, selectorRefusals } from "../validation/metadata.js";
import { exclusiveRefusals, rangeRefusals } from "../validation/read.js";

const podDisruptionBudget: KindDescriptor<DisruptionBudget, DisruptionBudgetDigest> = {
  group: "policy",
  kind: "PodDisruptionBudget",
  view: "PodDisruptionBudget",
  read: readDisruptionBudget,
  digest,
  isPartial: (budget) => !hasSpec(budget, "selector"),
  refusals,
  references: [],
  skeletons: [
    {
      label: "PodDisruptionBudget",
      detail: "one pod at a time",
      text: `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {1:app}
spec:
  maxUnavailable: {2:1}
  selector:
    matchLabels:
      app.kubernetes.io/name: {1:app}
`,
      documentation: "A budget that lets a node drain evict one pod of a set at a time.",
    },
  ],
};
export default podDisruptionBudget;

/** policy/v1 PodDisruptionBudget (and v1beta1, served until Kubernetes 1.24). */
export interface DisruptionBudget extends Metadata {
  readonly kind: "PodDisruptionBudget";
  readonly selector: LabelSelector;
  readonly minAvailable: Field<number | string>;
  readonly maxUnavailable: Field<number | string>;
}

export function readDisruptionBudget(metadata: Metadata): DisruptionBudget {
  const spec = metadata.place.at("spec");
  return {
    ...metadata,
    kind: "PodDisruptionBudget",
    selector: readLabelSelector(spec.at("selector")),
    minAvailable: spec.at("minAvailable").intOrString(),
    maxUnavailable: spec.at("maxUnavailable").intOrString(),
  };
}

/**
 * What a budget selects by, where that can be read; `nothing` where it selects no pod whatever its labels: without a
 * selector, and by an empty one of policy/v1beta1. An empty one of policy/v1 selects all pods of its namespace
 * (policy/v1 types.go, PodDisruptionBudgetSpec.Selector, Kubernetes 1.36).
 */
export function budgetSelector({ selector, key }: DisruptionBudget): Selector | "nothing" | undefined {
  const { kind, isOpen } = selector.place;
  if (kind === "absent" || kind === "null") return "nothing";
  if (kind !== "map") return undefined;
  const isEmpty = !isOpen && selector.place.entries().length === 0;
  return isEmpty && key.apiVersion !== "policy/v1" ? "nothing" : readSelector(selector);
}

/** What other files may see of a budget. */
export interface DisruptionBudgetDigest {
  readonly kind: "PodDisruptionBudget";
  /** An empty selector selects every pod of its namespace. */
  readonly selector: Selector | "nothing" | undefined;
  readonly minAvailable: number | string | undefined;
  readonly maxUnavailable: number | string | undefined;
}

function digest(budget: DisruptionBudget): DisruptionBudgetDigest {
  return {
    kind: "PodDisruptionBudget",
    selector: budgetSelector(budget),
    minAvailable: valueOr(budget.minAvailable, undefined),
    maxUnavailable: valueOr(budget.maxUnavailable, undefined),
  };
}

/**
 * ValidatePodDisruptionBudgetSpec (pkg/apis/policy/validation/validation.go, Kubernetes 1.36). Its metadata is only
 * looked at as that of any object is: BeforeCreate, apiserver pkg/registry/rest/create.go.
 */
function* refusals({ place }: DisruptionBudget): Iterable<Refusal> {
  yield* plainMetadataRefusals(place.at("metadata"));
  const spec = place.at("spec");
  yield* exclusiveRefusals(spec, ["minAvailable", "maxUnavailable"], "a PodDisruptionBudget", "FieldValueInvalid");
  for (const key of ["minAvailable", "maxUnavailable"]) yield* amountRefusals(spec.at(key));
  yield* selectorRefusals(spec.at("selector"));
}

/** ValidatePositiveIntOrPercent, IsNotMoreThan100Percent (pkg/apis/apps/validation/validation.go) */
function* amountRefusals(place: Place): Iterable<Refusal> {
  const amount = valueOr(place.intOrString(), undefined);
  if (typeof amount === "number") yield* rangeRefusals(place, 0);
  else if (amount !== undefined && !/^[0-9]+%$/.test(amount))
    yield invalidFor("value", place, "must be a number or a percentage such as `50%`", repairedAmount(amount));
  else if (amount !== undefined && Number(amount.slice(0, -1)) > 100)
    yield invalid("range", place, "must be at most `100%`");
}
