import type { Place } from "../../yaml/place.js";
import { nearest, nearestValue } from "../schema/nearest.js";
import { isDns1123Label, isQualifiedName } from "../names.js";
import { isMultipleOf, isWhole, parseQuantity, type Quantity } from "../quantity.js";
import { invalid, invalidFor, mendedBy, missing, refusal, scalarText, type Refusal } from "../refusal.js";
import { formatRelease, type TargetCluster } from "../versions.js";
import { conflict, formRefusals, isSet, textAt } from "./read.js";
import { inCode } from "../../text/code.js";

/**
 * ValidateResourceRequirements (pkg/apis/core/validation/validation.go, Kubernetes 1.36) of a container or a pod.
 * `claims` are the names of the pod's resource claims.
 */
export function* resourcesRefusals(
  resources: Place,
  claims: ReadonlySet<string>,
  cluster: TargetCluster,
): Iterable<Refusal> {
  const limits = resources.at("limits");
  const requests = resources.at("requests");
  for (const list of [limits, requests]) {
    for (const [name, amount] of list.entries()) yield* amountRefusals(name, amount, cluster);
  }
  for (const [name, request] of requests.entries()) yield* againstLimitRefusals(name, request, limits.at(name));
  yield* hugePagesRefusals(resources, [limits, requests]);
  const seen = new Set<string>();
  for (const claim of resources.at("claims").items()) {
    const name = textAt(claim.at("name"));
    if (name !== undefined && name !== "" && !claims.has(name))
      yield invalidFor(
        "value",
        claim.at("name"),
        "must be one of the pod's `resourceClaims`",
        nearestValue(name, [...claims]),
      );
    // validateResourceClaimNames: a claim as a whole once, or each of its requests once.
    const request = textAt(claim.at("request"));
    yield* formRefusals(claim.at("request"), isDns1123Label);
    if (name === undefined || request === undefined) continue;
    const key = request === "" ? name : `${name}/${request}`;
    if (seen.has(name) || seen.has(key))
      yield invalid("duplicate", claim.at("name"), "is used twice, but must be unique");
    seen.add(key);
  }
}

/** validateOverhead: as if it were limits. */
export function* overheadRefusals(overhead: Place, cluster: TargetCluster): Iterable<Refusal> {
  for (const [name, amount] of overhead.entries()) yield* amountRefusals(name, amount, cluster);
  yield* hugePagesRefusals(overhead, [overhead]);
}

function* hugePagesRefusals(place: Place, lists: readonly Place[]): Iterable<Refusal> {
  const names = lists.flatMap((list) => list.entries()).map(([name]) => name);
  if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory"))
    yield {
      ...invalid("resources", place, "huge pages require cpu or memory beside them"),
      type: "FieldValueForbidden",
    };
}

/**
 * validatePodResources: what a pod asks for as a whole, since the gate PodLevelResources is on (1.34, beta). `spec` is
 * the pod's.
 */
export function* podResourcesRefusals(spec: Place, cluster: TargetCluster): Iterable<Refusal> {
  const resources = spec.at("resources");
  yield* resourcesRefusals(resources, new Set(), cluster);
  if (isSet(resources.at("claims"))) yield conflict(resources.at("claims"), "is not allowed for a whole pod");
  for (const list of ["requests", "limits"]) {
    for (const [name, amount] of resources.at(list).entries()) {
      if (nameProblem(name) === undefined && !["cpu", "memory"].includes(name) && !isHugePages(name))
        yield { ...invalid("resources", amount, ""), message: "name", data: { name, must: podWide } };
    }
  }
  // validatePodResourceConsistency
  for (const [name, place] of resources.at("requests").entries()) {
    const asked = amountAt(place);
    const sum = sumOfRequests(spec, name);
    if (asked !== undefined && sum !== undefined && sum > asked.nanos)
      yield invalid("resources", place, "must be at least the sum of what the containers request");
  }
  for (const container of spec.at("containers").items()) {
    for (const [name, place] of container.at("resources", "limits").entries()) {
      const [own, all] = [amountAt(place), amountAt(resources.at("limits", name))];
      if (own !== undefined && all !== undefined && own.nanos > all.nanos)
        yield invalid("resources", place, "must not be greater than the limit of the pod");
    }
  }
}

const podWide = "must be `cpu`, `memory` or `hugepages-SIZE` for a whole pod";

/**
 * AggregateContainerRequests (component-helpers resource/helpers.go): the containers and sidecars together, or a single
 * init container with the sidecars before it, if that is more. `undefined` where an amount cannot be read.
 */
function sumOfRequests(spec: Place, name: string): bigint | undefined {
  let together = 0n;
  let sidecars = 0n;
  let greatest = 0n;
  for (const container of spec.at("initContainers").items()) {
    const request = requestOf(container, name);
    if (request === undefined) return undefined;
    if (textAt(container.at("restartPolicy")) === "Always") sidecars += request;
    const running = textAt(container.at("restartPolicy")) === "Always" ? sidecars : sidecars + request;
    if (running > greatest) greatest = running;
  }
  for (const container of spec.at("containers").items()) {
    const request = requestOf(container, name);
    if (request === undefined) return undefined;
    together += request;
  }
  together += sidecars;
  return together > greatest ? together : greatest;
}

/** A request that is left out is the limit (SetDefaults_Pod). */
function requestOf(container: Place, name: string): bigint | undefined {
  const { [0]: request, [1]: limit } = ["requests", "limits"].map((list) => container.at("resources", list, name));
  const place = request?.exists === true ? request : limit;
  return place?.exists === true ? amountAt(place)?.nanos : 0n;
}

/** validateContainerResourceName, ValidateResourceQuantityValue */
function* amountRefusals(name: string, place: Place, cluster: TargetCluster): Iterable<Refusal> {
  const wrongName = nameProblem(name);
  if (wrongName !== undefined && isPerhapsNew(name, cluster)) {
    const { kubernetesVersion: newest, newerRelease = newest } = cluster;
    const data = { name, newest: formatRelease(newest), release: formatRelease(newerRelease) };
    yield refusal({ reason: "resources", message: "unknownYet", data, at: place, missing: false });
    return;
  }
  if (wrongName !== undefined) {
    const found = { ...invalid("resources", place, wrongName), message: "name", data: { name, must: wrongName } };
    const meant = nearestValue(name, standardNames);
    yield meant === undefined ? found : mendedBy(found, { op: "rename", to: meant });
    return;
  }
  const amount = amountAt(place);
  if (amount === undefined) return;
  if (amount.nanos < 0n) yield invalid("range", place, "must be 0 or more");
  else if (isExtended(name) && !isWhole(amount)) yield invalid("resources", place, "must be a whole number");
  const page = isHugePages(name) ? parseQuantity(name.slice("hugepages-".length)) : undefined;
  if (page !== undefined && !isMultipleOf(amount, page))
    yield invalid("resources", place, "must be a multiple of the page size");
  // warningsForPodSpecAndMeta, pkg/api/pod/warnings.go
  if ((name === "memory" || name === "ephemeral-storage") && amount.nanos >= 0n && !isWhole(amount))
    yield invalid("fractionalBytes", place, "must be a whole number of bytes");
}

/** Whether a resource that no known release has may be one of a newer cluster: `swap`, but not `memroy`. */
function isPerhapsNew(name: string, { newerRelease }: TargetCluster): boolean {
  if (newerRelease === undefined || name.includes("/") || isQualifiedName(name) !== undefined) return false;
  return nearest(name, standardNames) === undefined;
}

const standardNames = ["cpu", "memory", "ephemeral-storage"];

/** IsStandardContainerResourceName and IsExtendedResourceName, pkg/apis/core/helper/helpers.go. */
function nameProblem(name: string): string | undefined {
  const malformed = isQualifiedName(name);
  if (malformed !== undefined) return malformed;
  if (!name.includes("/")) {
    const standard = standardNames.includes(name) || isHugePages(name);
    return standard
      ? undefined
      : "must be `cpu`, `memory`, `ephemeral-storage`, `hugepages-SIZE` or a name with a prefix";
  }
  if (name.includes("kubernetes.io/")) return undefined;
  return name.startsWith("requests.") ? "must not begin with `requests.`" : undefined;
}

function* againstLimitRefusals(name: string, place: Place, limitPlace: Place): Iterable<Refusal> {
  const request = amountAt(place);
  const limit = amountAt(limitPlace);
  if (request === undefined) return;
  // IsOvercommitAllowed
  const overcommit = !isExtended(name) && !isHugePages(name);
  if (limit === undefined) {
    if (!overcommit && !limitPlace.exists)
      yield { ...missing(limitPlace, `a request for \`${name}\` requires an equal limit`), reason: "resources" };
  } else if (request.nanos > limit.nanos) {
    yield invalid("resources", place, `must not be greater than the limit, ${inCode(scalarText(limitPlace))}`);
  } else if (request.nanos !== limit.nanos && !overcommit) {
    yield invalidFor(
      "resources",
      place,
      `must be equal to the limit, ${inCode(scalarText(limitPlace))}`,
      scalarText(limitPlace),
    );
  }
}

function amountAt(place: Place): Quantity | undefined {
  const value = place.value();
  // A null amount is 0.
  if (place.kind === "null") return { nanos: 0n };
  return typeof value === "string" || typeof value === "number" ? parseQuantity(value) : undefined;
}

function isHugePages(name: string): boolean {
  return name.startsWith("hugepages-");
}

/** IsExtendedResourceName: names with a prefix that is not Kubernetes' own. */
function isExtended(name: string): boolean {
  return name.includes("/") && !name.includes("kubernetes.io/");
}
