import type { Place } from "../../yaml/place.js";
import { isQualifiedName } from "../names.js";
import { isMultipleOf, isWhole, parseQuantity, type Quantity } from "../quantity.js";
import { invalid, missing, scalarText, type Refusal } from "../refusal.js";
import { isSet, textAt } from "./read.js";

/**
 * ValidateResourceRequirements (pkg/apis/core/validation/validation.go, Kubernetes 1.36) of a container or a pod.
 * `claims` are the names of the pod's resource claims.
 */
export function* resourcesRefusals(resources: Place, claims: ReadonlySet<string>): Iterable<Refusal> {
  const limits = resources.at("limits");
  const requests = resources.at("requests");
  for (const list of [limits, requests]) {
    for (const [name, amount] of list.entries()) yield* amountRefusals(name, amount);
  }
  for (const [name, request] of requests.entries()) yield* againstLimitRefusals(name, request, limits.at(name));
  const names = [...limits.entries(), ...requests.entries()].map(([name]) => name);
  if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory"))
    yield invalid("resources-invalid", resources, "huge pages require cpu or memory beside them");
  for (const claim of resources.at("claims").items()) {
    const name = textAt(claim.at("name"));
    if (name !== undefined && name !== "" && !claims.has(name))
      yield invalid("value-invalid", claim.at("name"), "must be one of the pod's resourceClaims");
  }
}

/** validateContainerResourceName, ValidateResourceQuantityValue */
function* amountRefusals(name: string, place: Place): Iterable<Refusal> {
  const wrongName = nameProblem(name);
  if (wrongName !== undefined) {
    yield { ...invalid("resources-invalid", place, wrongName), message: "name", data: { name, must: wrongName } };
    return;
  }
  const amount = amountAt(place);
  if (amount === undefined) return;
  if (amount.nanos < 0n) yield invalid("value-out-of-range", place, "must be 0 or more");
  else if (isExtended(name) && !isWhole(amount)) yield invalid("resources-invalid", place, "must be a whole number");
  const page = isHugePages(name) ? parseQuantity(name.slice("hugepages-".length)) : undefined;
  if (page !== undefined && !isMultipleOf(amount, page))
    yield invalid("resources-invalid", place, "must be a multiple of the page size");
  // warningsForPodSpecAndMeta, pkg/api/pod/warnings.go
  if ((name === "memory" || name === "ephemeral-storage") && amount.nanos >= 0n && !isWhole(amount))
    yield invalid("fractional-bytes", place, "must be a whole number of bytes");
}

/** IsStandardContainerResourceName and IsExtendedResourceName, pkg/apis/core/helper/helpers.go. */
function nameProblem(name: string): string | undefined {
  const malformed = isQualifiedName(name);
  if (malformed !== undefined) return malformed;
  if (!name.includes("/")) {
    const standard = ["cpu", "memory", "ephemeral-storage"].includes(name) || isHugePages(name);
    return standard ? undefined : "must be cpu, memory, ephemeral-storage, hugepages-SIZE or a name with a prefix";
  }
  if (name.includes("kubernetes.io/")) return undefined;
  return name.startsWith("requests.") ? "must not begin with 'requests.'" : undefined;
}

function* againstLimitRefusals(name: string, place: Place, limitPlace: Place): Iterable<Refusal> {
  const request = amountAt(place);
  const limit = amountAt(limitPlace);
  if (request === undefined) return;
  // IsOvercommitAllowed
  const overcommit = !isExtended(name) && !isHugePages(name);
  if (limit === undefined) {
    if (!overcommit && !limitPlace.exists)
      yield { ...missing(limitPlace, `a request for ${name} needs an equal limit`), rule: "resources-invalid" };
  } else if (request.nanos > limit.nanos) {
    yield invalid("resources-invalid", place, `must be at most the limit of ${scalarText(limitPlace)}`);
  } else if (request.nanos !== limit.nanos && !overcommit) {
    yield invalid("resources-invalid", place, `must be equal to the limit of ${scalarText(limitPlace)}`);
  }
}

function amountAt(place: Place): Quantity | undefined {
  const value = place.value();
  // A null amount is 0.
  if (value === null && place.exists && !isSet(place)) return { nanos: 0n };
  return typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
}

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** IsExtendedResourceName: names with a prefix that is not Kubernetes' own. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}
