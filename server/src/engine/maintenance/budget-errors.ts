import { percentSyntax } from "../kubernetes/int-or-percent.js";
import { isMapping } from "../yaml/plain.js";
import { fieldsAt, listAt, textAt, textsAt } from "../kubernetes/plain-object.js";

/** What the API server says of a PodDisruptionBudget that it does not take, in its words. */
export interface BudgetRefusal {
  readonly code: 400 | 422;
  readonly message: string;
}

/**
 * ValidatePodDisruptionBudgetSpec (pkg/apis/policy/validation/validation.go) with what it calls, and before it decoding
 * (Kubernetes 1.36); names and labels of the object are not looked at. `undefined` where it is taken.
 * @param value the object, plain data
 */
export function budgetRefusal(value: unknown): BudgetRefusal | undefined {
  const name = textAt(value, "metadata", "name") ?? "";
  const { spec } = fieldsAt(value);
  for (const field of ["minAvailable", "maxUnavailable"]) {
    const wrong = wrongType(fieldsAt(spec)[field]);
    if (wrong === undefined) continue;
    const where = `Go struct field PodDisruptionBudgetSpec.spec.${field} of type int32`;
    const message = `PodDisruptionBudget in version "v1" cannot be handled as a PodDisruptionBudget`;
    return { code: 400, message: `${message}: json: cannot unmarshal ${wrong} into ${where}` };
  }
  const errors = [...new Set(specErrors(spec))];
  if (errors.length === 0) return undefined;
  const listed = errors.length === 1 ? errors.join() : `[${errors.join(", ")}]`;
  return { code: 422, message: `PodDisruptionBudget.policy "${name}" is invalid: ${listed}` };
}

/** IntOrString.UnmarshalJSON takes any text, and otherwise a whole number. */
function wrongType(value: unknown): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return undefined;
  if (typeof value === "number") return Number.isInteger(value) ? undefined : `number ${value}`;
  if (typeof value === "boolean") return "bool";
  return Array.isArray(value) ? "array" : "object";
}

function* specErrors(spec: unknown): Iterable<string> {
  const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy: policy } = fieldsAt(spec);
  const isSet = (value: unknown): boolean => value !== undefined && value !== null;
  if (isSet(minAvailable) && isSet(maxUnavailable)) {
    const internal = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: policy ?? null,
    };
    yield invalid("spec", internal, "minAvailable and maxUnavailable cannot be both set");
  }
  yield* amountErrors("spec.minAvailable", minAvailable);
  yield* amountErrors("spec.maxUnavailable", maxUnavailable);
  yield* selectorErrors("spec.selector", selector);
  if (typeof policy === "string" && policy !== "AlwaysAllow" && policy !== "IfHealthyBudget") {
    const supported = `supported values: "AlwaysAllow", "IfHealthyBudget"`;
    yield `spec.unhealthyPodEvictionPolicy: Unsupported value: ${JSON.stringify(policy)}: ${supported}`;
  }
}

/** ValidatePositiveIntOrPercent, IsNotMoreThan100Percent (pkg/apis/apps/validation/validation.go) */
function* amountErrors(field: string, value: unknown): Iterable<string> {
  if (typeof value === "number" && value < 0) yield invalid(field, value, "must be greater than or equal to 0");
  if (typeof value !== "string") return;
  if (!/^[0-9]+%$/.test(value)) yield invalid(field, value, percentSyntax);
  else if (parseInt(value, 10) > 100) yield invalid(field, value, "must not be greater than 100%");
}

/** ValidateLabelSelector (apimachinery pkg/apis/meta/v1/validation/validation.go) */
function* selectorErrors(field: string, selector: unknown): Iterable<string> {
  if (!isMapping(selector)) return;
  for (const [key, value] of Object.entries(fieldsAt(selector, "matchLabels"))) {
    yield* labelNameErrors(`${field}.matchLabels`, key);
    yield* labelValueErrors(`${field}.matchLabels`, value);
  }
  for (const [index, expression] of listAt(selector, "matchExpressions").entries()) {
    const at = `${field}.matchExpressions[${index}]`;
    const operator = textAt(expression, "operator") ?? "";
    const values = textsAt(expression, "values");
    switch (operator) {
      case "In":
      case "NotIn":
        if (values.length === 0)
          yield `${at}.values: Required value: must be specified when \`operator\` is 'In' or 'NotIn'`;
        break;
      case "Exists":
      case "DoesNotExist":
        if (values.length > 0)
          yield `${at}.values: Forbidden: may not be specified when \`operator\` is 'Exists' or 'DoesNotExist'`;
        break;
      default:
        yield invalid(`${at}.operator`, operator, "not a valid selector operator");
    }
    yield* labelNameErrors(`${at}.key`, textAt(expression, "key") ?? "");
    for (const [position, value] of values.entries()) yield* labelValueErrors(`${at}.values[${position}]`, value);
  }
}

/** IsQualifiedName (apimachinery pkg/util/validation/validation.go), where the name part is wrong. */
function* labelNameErrors(field: string, key: string): Iterable<string> {
  const name = key.slice(key.indexOf("/") + 1);
  if (name === "") yield invalid(field, key, `name part must be non-empty`);
  if (name.length > 63) yield invalid(field, key, "name part must be no more than 63 bytes");
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) {
    yield invalid(
      field,
      key,
      `name part ${syntax("must", "MyName',  or 'my.name',  or '123-abc", "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")}`,
    );
  }
}

/** IsValidLabelValue */
function* labelValueErrors(field: string, value: unknown): Iterable<string> {
  if (typeof value !== "string") return;
  if (value.length > 63) yield invalid(field, value, "must be no more than 63 bytes");
  if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) {
    const form = "(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?";
    yield invalid(
      field,
      value,
      syntax("a valid label must be an empty string or", "MyValue',  or 'my_value',  or '12345", form),
    );
  }
}

function syntax(must: string, examples: string, form: string): string {
  const characters =
    "consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return `${must} ${characters} (e.g. '${examples}', regex used for validation is '${form}')`;
}

function invalid(field: string, value: unknown, detail: string): string {
  return `${field}: Invalid value: ${JSON.stringify(value)}: ${detail}`;
}
