import { changesBetween, type Change } from "./apply/changes.js";
import { at, isArray, isObject, objectAt, parseJson, withAt, type Json, type JsonObject } from "./apply/json.js";
import {
  clientSideApply,
  createSet,
  isExported,
  replaceSet,
  serverSideApplied,
  withoutIdentity,
  type ApplyWay,
} from "./apply/kubectl.js";
import { describeManager } from "./apply/managers.js";
import { templateChanges, type Answer, type ApiServer, type ServerError, type StoredSet } from "./apply/server.js";
import { formatFieldPath } from "./apply/typed.js";
import { defaultConfig } from "./config/config.js";
import type { StatefulSet } from "./kubernetes/kinds/statefulset.js";
import type { TargetCluster } from "./kubernetes/versions.js";
import { checkRequest, readRequest, type RequestFinding } from "./lint/check-request.js";
import type { Finding } from "./lint/finding.js";
import type { SetDump } from "./maintenance/set-dump.js";
import { fingerprint, readWrittenSpec } from "./rollout/read.js";
import { creating, editing, refusing, type Scenario } from "./rollout/scenario.js";
import type { RefusedPods } from "./rollout/simulate.js";
import type { ApiError, WrittenSpec } from "./rollout/spec.js";
import type { PlayedApply } from "./rollout/played-apply.js";
import { describedFrom, steady, type DescribedStart } from "./rollout/start.js";
import { rules } from "./rules/registry.js";
import { sentences } from "./words/message.js";
import { formatPath } from "./yaml/path.js";
import type { Place } from "./yaml/place.js";
import { canonicalJson } from "./kubernetes/canonical-json.js";

/** A scenario that begins with an apply, and what is worth knowing about the apply itself. */
export interface PlannedEdit {
  readonly scenario: Scenario;
  /** One sentence each. */
  readonly notes: readonly string[];
  readonly refusedPods: RefusedPods | undefined;
}

/**
 * Applying a manifest to what runs now, or creating it: with the defaults, the merge and the refusals of the API server.
 * `scaledTo`: how many replicas an autoscaler has given to what runs. `undefined` where a tool will still replace
 * values: what is applied is not known.
 */
export function planEdit(
  before: StatefulSet | undefined,
  after: StatefulSet,
  way: ApplyWay,
  cluster: TargetCluster,
  scaledTo?: number,
): PlannedEdit | undefined {
  const [old, now] = [before && manifestOf(before), manifestOf(after)];
  if (now === undefined || (before !== undefined && old === undefined)) return undefined;
  const server = serverFor(cluster);
  if (old === undefined) {
    const answer = sent(server, undefined, now, way);
    const spec = specAfter(answer, undefined, after);
    const scenario = refusing(creating(spec), refusalsOf(answer, cluster), spec);
    return { scenario, notes: [], refusedPods: refusedPodsOf(answer, spec, cluster) };
  }
  // What runs was accepted once, whatever it is: its refusals are not told.
  const lenient: ApiServer = { ...server, refusals: () => [] };
  const made = isExported(old) ? createSet(lenient, withoutIdentity(old)) : sent(lenient, undefined, old, way);
  if (before === undefined || made.type !== "stored") return undefined;
  const live = scaledTo === undefined ? made.set : scaled(made.set, scaledTo);
  const from = specOf(live, before);
  const answer = sent(server, live, withoutIdentity(now), way);
  const to = specAfter(answer, from, after);
  return {
    scenario: refusing(
      editing(from, to, startOf(old, from)),
      refusalsOf(answer, cluster),
      wantedSpec(now, after, lenient),
    ),
    refusedPods: refusedPodsOf(answer, to, cluster),
    notes: answer.type === "stored" ? keptByMerge(answer.set, now, way, lenient) : [],
  };
}

/** Why the API server refuses to create a set; nothing where a tool will still replace values. */
export function refusalsOfNew(set: StatefulSet, cluster: TargetCluster): readonly ApiError[] {
  const manifest = manifestOf(set);
  if (manifest === undefined) return [];
  return refusalsOf(sent(serverFor(cluster), undefined, manifest, "client"), cluster);
}

/** What a dump of a cluster becomes: as it goes on by itself, or with a manifest that is applied to it. */
export function planFromDump(
  dump: SetDump,
  after: StatefulSet | undefined,
  way: ApplyWay,
  cluster: TargetCluster,
): PlannedEdit | undefined {
  const { state, written, faults, object, revisionOf, namespace } = dump;
  const start: Scenario = { start: { type: "found", state, written, faults }, actions: [], faults: [] };
  if (after === undefined) return { scenario: start, notes: dump.notes, refusedPods: undefined };
  const manifest = manifestOf(after);
  if (manifest === undefined) return undefined;
  const now =
    namespace === undefined || at(manifest, "metadata", "namespace") !== undefined
      ? manifest
      : withAt(manifest, ["metadata", "namespace"], namespace);
  const server = serverFor(cluster);
  const live = object === undefined ? undefined : parseJson(JSON.stringify(object));
  const set = isObject(live) ? { object: withAt(live, ["status"], undefined), managers: [] } : undefined;
  const answer = sent(server, set, withoutIdentity(now), way);
  const read = specAfter(answer, written.at(-1), after);
  const template = answer.type === "stored" ? at(answer.set.object, "spec", "template") : undefined;
  const spec = template === undefined ? read : { ...read, revision: revisionOf(template) };
  const apply = { when: { type: "at" as const, seconds: 0 }, action: { type: "apply" as const, spec } };
  const lenient: ApiServer = { ...server, refusals: () => [] };
  const wanted = wantedSpec(now, after, lenient, revisionOf);
  return {
    scenario: refusing({ ...start, actions: [apply] }, refusalsOf(answer, cluster), wanted),
    refusedPods: refusedPodsOf(answer, spec, cluster),
    notes: [...dump.notes, ...(answer.type === "stored" ? keptByMerge(answer.set, now, way, lenient) : [])],
  };
}

/** What would be stored if nothing were there: the same template has the same revision, refused or not. */
function wantedSpec(
  manifest: JsonObject,
  after: StatefulSet,
  server: ApiServer,
  revisionOf?: SetDump["revisionOf"],
): WrittenSpec {
  const made = createSet(server, withoutIdentity(manifest));
  if (made.type !== "stored") return readWrittenSpec(after).spec;
  const spec = specOf(made.set, after);
  const template = at(made.set.object, "spec", "template");
  return revisionOf === undefined || template === undefined ? spec : { ...spec, revision: revisionOf(template) };
}

/** What two manifests say differently of the pods, as the API server stores them; a part of a sentence each. */
export function changedInTemplate(before: StatefulSet, after: StatefulSet, cluster: TargetCluster): readonly string[] {
  const lenient: ApiServer = { ...serverFor(cluster), refusals: () => [] };
  const [old, now] = [before, after].map((set) => {
    const manifest = manifestOf(set);
    const made = manifest && createSet(lenient, withoutIdentity(manifest));
    return made?.type === "stored" ? made.set.object : undefined;
  });
  if (old === undefined || now === undefined) return [];
  const [was, is] = [old, now].map((set) => byName(at(set, "spec", "template") ?? {}));
  return changesBetween(was, is, ["spec", "template"]).map(
    ({ path, before: from, after: to }) =>
      // An item by its name has its brackets already.
      `\`${formatPath(path).replaceAll("[[", "[").replaceAll("]]", "]")}\` from ${brief(from)} to ${brief(to)}`,
  );
}

/** Items of lists by their names: what is inserted moves no other item. */
function byName(value: Json): Json {
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, byName(entry)]));
  if (!isArray(value)) return value;
  const names = value.flatMap((item) => {
    const name = at(item, "name");
    return typeof name === "string" ? [name] : [];
  });
  if (new Set(names).size < value.length) return value.map(byName);
  return Object.fromEntries(value.map((item, index) => [`[${names[index] ?? ""}]`, byName(item)]));
}

function brief(value: Json | undefined): string {
  const text = shown(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** What was given to the scale subresource: it is no part of what was applied last. */
function scaled(set: StoredSet, replicas: number): StoredSet {
  return { ...set, object: withAt(set.object, ["spec", "replicas"], replicas) };
}

/** By the status that was printed with the set, how many pods have an older template: those with the lowest ordinals. */
function startOf(live: JsonObject, { ordinals }: WrittenSpec): DescribedStart | undefined {
  const status = objectAt(live, "status");
  const [replicas, updated] = [status["replicas"], status["updatedReplicas"] ?? 0];
  const [current, update] = [status["currentRevision"], status["updateRevision"]];
  if (typeof replicas !== "number" || typeof updated !== "number" || current === update) return undefined;
  const older = Array.from({ length: Math.max(0, replicas - updated) }, (_, index) => (ordinals?.start ?? 0) + index);
  return { ...steady, pods: [{ ordinals: older, is: "ready", revision: "older" }] };
}

function sent(server: ApiServer, live: StoredSet | undefined, manifest: JsonObject, way: ApplyWay): Answer {
  switch (way) {
    case "client":
      return clientSideApply(server, live, manifest);
    case "server":
      return serverSideApplied(server, live, manifest);
    case "replace":
      return live === undefined ? createSet(server, manifest) : replaceSet(server, live, manifest);
  }
}

/** The manifest as JSON text; `undefined` where a tool will write some of it. */
export function manifestText(statefulSet: StatefulSet): string | undefined {
  const manifest = manifestOf(statefulSet);
  return manifest && JSON.stringify(manifest);
}

/** A StatefulSet of `manifestText`, under another name if one is given; `undefined` where the text holds none. */
export function setFromText(text: string, key?: StatefulSet["key"]): StatefulSet | undefined {
  const manifest = parseJson(text);
  if (!isObject(manifest)) return undefined;
  const { name, namespace } = key ?? {};
  const named = key === undefined ? manifest : withAt(manifest, ["metadata", "name"], name);
  const placed = key === undefined ? named : withAt(named, ["metadata", "namespace"], namespace);
  const resource = readRequest(JSON.stringify(placed), { ...statefulSet, namespace: namespace ?? "default" });
  return resource.kind === "StatefulSet" ? resource : undefined;
}

/** An edit as plain data. */
export function playedApplyOf({ scenario, notes, refusedPods }: PlannedEdit): PlayedApply | undefined {
  const { start, actions } = scenario;
  const [first] = actions;
  if (first?.action.type !== "apply") return undefined;
  const { spec, refusals, wanted } = first.action;
  const from = start.type === "steady" ? start.spec : start.type === "found" ? start.written.at(-1) : undefined;
  const described = start.type === "found" ? describedFrom(start.state) : start.described;
  return { from, start: described, spec, refusals, wanted, refusedPods, notes: [...notes] };
}

/** The manifest as plain JSON; `undefined` where a tool will write some of it. */
function manifestOf({ place }: StatefulSet): JsonObject | undefined {
  if (isReplaced(place)) return undefined;
  const value = parseJson(JSON.stringify(place.value() ?? null));
  return isObject(value) ? value : undefined;
}

function isReplaced(place: Place): boolean {
  if (place.kind === "opaque" || place.isOpen) return true;
  return place.items().some(isReplaced) || place.entries().some(([, entry]) => isReplaced(entry));
}

/** The API server, with the validation that `lint` does. */
function serverFor(cluster: TargetCluster): ApiServer {
  return {
    cluster,
    refusals: (object, stage) =>
      findingsIn(object, cluster, stage)
        .filter(({ rule, severity }) => severity === "error" && !podRules.has(rule))
        .filter(({ rule }) => decodeRules.has(rule) === (stage === "decode"))
        .map((finding) => ({ field: formatPath(finding.path), type: "", detail: textOf(finding) })),
  };
}

const statefulSet = { apiVersion: "apps/v1", kind: "StatefulSet" };

/** What is refused before it is a StatefulSet. */
const decodeRules: ReadonlySet<string> = new Set(["schema-type", "schema-unknown-field", "quantity-invalid"]);

/** What is found of a set that is taken, and whose pods are refused: each rule's page says why. */
const podRules: ReadonlySet<string> = new Set(["name-too-long", "pod-refused"]);

/** Each is asked of another state of the object, so the rules of the others need not run. */
const rulesAt = {
  decode: rules.filter(({ id }) => decodeRules.has(id)),
  validate: rules.filter(({ id }) => !decodeRules.has(id) && !podRules.has(id)),
  pods: rules.filter(({ id }) => podRules.has(id)),
};

function refusedPodsOf(answer: Answer, { revision }: WrittenSpec, cluster: TargetCluster): RefusedPods | undefined {
  if (answer.type !== "stored") return undefined;
  const found = findingsIn(answer.set.object, cluster, "pods").find(
    ({ rule, severity }) => severity === "error" && podRules.has(rule),
  );
  return found && { revision, field: formatPath(found.path), reason: textOf(found) };
}

function findingsIn(
  object: JsonObject,
  cluster: TargetCluster,
  stage: keyof typeof rulesAt,
): readonly RequestFinding[] {
  const { kubernetesVersion, featureGates, newerRelease } = cluster;
  const config = { ...defaultConfig, kubernetesVersion, featureGates, newerRelease };
  const namespace = at(object, "metadata", "namespace");
  const target = { ...statefulSet, namespace: typeof namespace === "string" ? namespace : "default" };
  return checkRequest(JSON.stringify(object), target, rulesAt[stage], config);
}

const sentenceOf = sentences(rules);

function textOf(finding: RequestFinding & Partial<Pick<Finding, "message">>): string {
  const { rule, message } = finding;
  return message === undefined ? `refused (${rule})` : sentenceOf({ rule, message });
}

/** What is played after an apply: the stored object, or the manifest where it is refused. */
function specAfter(answer: Answer, from: WrittenSpec | undefined, after: StatefulSet): WrittenSpec {
  const spec = answer.type === "stored" ? specOf(answer.set, after) : readWrittenSpec(after).spec;
  // The apply itself has judged these.
  return from === undefined
    ? spec
    : {
        ...spec,
        immutableFields: from.immutableFields,
        podManagementPolicy: from.podManagementPolicy,
        claims: from.claims,
      };
}

function specOf({ object }: StoredSet, written: StatefulSet): WrittenSpec {
  const resource = readRequest(JSON.stringify(object), { ...statefulSet, namespace: "default" });
  const { spec } = readWrittenSpec(resource.kind === "StatefulSet" ? resource : written);
  const { namespace, apiVersion } = readWrittenSpec(written).spec;
  const template = at(object, "spec", "template") ?? {};
  return { ...spec, namespace, apiVersion, revision: fingerprint(canonicalJson(template)) };
}

function refusalsOf(answer: Answer, cluster: TargetCluster): readonly ApiError[] {
  if (answer.type === "stored") return [];
  if (answer.type === "conflicts") {
    return answer.conflicts.map(({ manager, path }) => ({
      field: formatFieldPath(path).slice(1),
      detail: `conflict with ${describeManager(manager)}; \`--force-conflicts\` takes the field over`,
    }));
  }
  const { errors, immutable } = answer;
  const named = cluster.kubernetesVersion.minor >= 37;
  const details = immutable.flatMap(({ changes }) => changes.map((change) => changeDetail(change)));
  return [...errors.map((error) => apiError(error, named)), ...details];
}

function apiError({ field, type, detail }: ServerError, shorten: boolean): ApiError {
  const text = [type, detail].filter((part) => part !== "").join(": ");
  const isLong = shorten && text.length > 160;
  return {
    field: field === "" ? "metadata" : field,
    detail: isLong ? `${text.slice(0, 120)}... ${text.slice(text.lastIndexOf(": ") + 2)}` : text,
  };
}

function changeDetail({ path, before, after }: Change): ApiError {
  const change = { before: shown(before), after: shown(after) };
  return { field: formatPath(path), detail: `cannot change from ${change.before} to ${change.after}`, change };
}

function shown(value: Json | undefined): string {
  return value === undefined ? "(unset)" : JSON.stringify(value);
}

/** Where a merge leaves something else in the template than the manifest alone would: it says nothing about it. */
function keptByMerge(set: StoredSet, manifest: JsonObject, way: ApplyWay, server: ApiServer): readonly string[] {
  if (way === "replace") return [];
  const alone = createSet(server, withoutIdentity(manifest));
  if (alone.type !== "stored") return [];
  const kept = templateChanges(alone.set.object, set.object);
  const command = way === "client" ? "kubectl apply" : "kubectl apply --server-side";
  const told = kept
    .slice(0, 5)
    .map(
      ({ path, before, after }) =>
        `${command} leaves ${formatPath(["spec", "template", ...path])} at ${shown(after)}; the manifest alone would make it ${shown(before)}`,
    );
  return kept.length > told.length ? [...told, `${command} leaves ${kept.length - told.length} more values so`] : told;
}
