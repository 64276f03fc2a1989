import * as v from "valibot";
import { natural, optional, type ReadPartly } from "./schema.js";
import { wantedOwner } from "./claims.js";
import { planPod } from "./cluster.js";
import { podsOf, slotsFrom, slotsOf, summaryOf } from "./slots.js";
import { isInRange, type RolloutSpec, type WrittenSpec } from "./spec.js";
import type { ClusterState } from "./state.js";
import type { Claim, ClaimOwner, Pod, Slot } from "./slot.js";
import { faultOf, type Fault, type World } from "./world.js";

/*
 * What is there when a scenario begins: a set in its steady state, changed by what the scenario says of its pods and
 * claims.
 */

export const podStarts = [
  "ready",
  "starting",
  "notReady",
  "neverReady",
  "crashLoop",
  "unschedulable",
  "failed",
  "terminating",
  "missing",
] as const;
type PodStart = (typeof podStarts)[number];

/** `held`: deleted, and kept by a finalizer that does not go by itself. */
export const claimStarts = ["present", "terminating", "held", "missing"] as const;
type ClaimStart = (typeof claimStarts)[number];

const describedPods = v.object({
  /** All of the set's range if left out. */
  ordinals: optional(v.array(natural)),
  is: v.picklist(podStarts),
  /** `older`: of a template from before the one in force. */
  revision: v.picklist(["current", "older"]),
});
export type DescribedPods = ReadPartly<typeof describedPods>;

const describedClaims = v.object({
  /** All of the set's range if left out. */
  ordinals: optional(v.array(natural)),
  /** The name of the template; all if left out. */
  claim: optional(v.string()),
  is: v.picklist(claimStarts),
});
export type DescribedClaims = ReadPartly<typeof describedClaims>;

/** What a scenario says of its start. Of several entries that name a pod or a claim, the last one counts. */
export const describedStart = v.object({
  /** `absent`: only pods and claims that are listed are there, without the set. */
  set: v.picklist(["present", "absent"]),
  pods: v.array(describedPods),
  claims: v.array(describedClaims),
});
export type DescribedStart = ReadPartly<typeof describedStart>;

/** Every pod of the set is Available and up to date. */
export const steady: DescribedStart = { set: "present", pods: [], claims: [] };

/** The revision of a template that is not known. */
export const olderRevision = "an older template";

export function hasOlderPods({ pods }: DescribedStart): boolean {
  return pods.some(({ revision, is }) => revision === "older" && is !== "missing");
}

/** What a description says that cannot be so of this set; `isGiven`: something else says already that the set runs. */
export function startProblems(
  { set, claims }: DescribedStart,
  { name, claims: templates = [] }: Pick<WrittenSpec, "name" | "claims">,
  isGiven: boolean,
): readonly string[] {
  const unknown = claims.flatMap(({ claim }, index) =>
    claim === undefined || templates.includes(claim)
      ? []
      : [
          `start.claims[${index}].claim: StatefulSet ${name} has no claim template ${claim}` +
            (templates.length === 0 ? "" : `; it has ${templates.join(", ")}`),
        ],
  );
  return isGiven && set === "absent"
    ? ["start.set is absent, but --from says that the set runs: remove one of them", ...unknown]
    : unknown;
}

/** The set that was just applied (or, if it is absent, what it would be by `spec`) with the pods and claims described. */
export function startState(state: ClusterState, spec: RolloutSpec, start: DescribedStart): ClusterState {
  const { set } = state;
  const range = rangeOf(spec);
  const listed = [...start.pods, ...start.claims].flatMap(({ ordinals }) => ordinals ?? []);
  const ordinals = [...new Set([...range, ...listed])].toSorted((a, b) => a - b);
  const pods = lastOf(start.pods, range);
  const templates = spec.claims.toSorted();
  const claims = new Map(
    templates.map((template) => [
      template,
      lastOf(
        start.claims.filter(({ claim }) => claim === undefined || claim === template),
        range,
      ),
    ]),
  );
  const slots = ordinals.map((ordinal, index): Slot => {
    const uid = state.nextUid + index * (1 + templates.length);
    const isExpected = set.type === "present" && isInRange(spec, ordinal);
    const described = pods.get(ordinal) ?? { is: isExpected ? "ready" : "missing", revision: "current" };
    const pod = podIn(described, { ordinal, uid, revision: spec.revision, owned: set.type === "present" });
    const owner = ownerOf(spec, set.type === "present" ? set.uid : undefined, ordinal, pod);
    return {
      ordinal,
      pod,
      claims: templates.flatMap((template, position) => {
        const is = claims.get(template)?.get(ordinal)?.is ?? (isExpected || pod ? "present" : "missing");
        return is === "missing" ? [] : [claimIn(is, template, uid + 1 + position, owner)];
      }),
    };
  });
  const kept = slots.filter((slot) => slot.pod !== undefined || slot.claims.length > 0);
  const nextUid = state.nextUid + ordinals.length * (1 + templates.length);
  const next = withStatus({ ...state, slots: slotsFrom(kept), nextUid }, hasOlderPods(start));
  const moving = [...pods].filter(([, { is }]) => is === "starting" || is === "terminating");
  return moving.reduce((known, [ordinal]) => planPod(known, ordinal), next);
}

/** What keeps described pods, and those of the same template that take their place, from ever being Ready. */
export function startFaults({ pods }: DescribedStart, currentRevision: string): readonly Fault[] {
  return pods.flatMap(({ ordinals, is, revision }): readonly Fault[] => {
    if (is !== "neverReady" && is !== "crashLoop" && is !== "unschedulable") return [];
    const name = revision === "older" ? olderRevision : currentRevision;
    return [{ ordinals, revisions: { type: "only", revision: name }, effect: { type: is } }];
  });
}

/** The same of a cluster as it was found: what a description can say of it. */
export function describedFrom({ set, slots, world }: ClusterState): DescribedStart {
  const current = set.type === "absent" ? undefined : set.spec.revision;
  const pods: DescribedPods[] = [];
  const claims: DescribedClaims[] = [];
  const listed = [...slotsOf(slots)];
  const ordinals = set.type === "absent" ? [] : rangeOf(set.spec);
  for (const ordinal of ordinals) {
    if (!listed.some((slot) => slot.ordinal === ordinal && slot.pod))
      pods.push({ ordinals: [ordinal], is: "missing", revision: "current" });
  }
  for (const { ordinal, pod, claims: there } of listed) {
    if (pod !== undefined) {
      const revision = current === undefined || pod.revision === current ? "current" : "older";
      pods.push({ ordinals: [ordinal], is: startOf(pod, world), revision });
    }
    for (const { template, terminating, held } of there) {
      const is = held === true ? "held" : terminating ? "terminating" : "present";
      claims.push({ ordinals: [ordinal], claim: template, is });
    }
  }
  return { set: set.type, pods, claims };
}

function startOf(pod: Pod, world: World): PodStart {
  if (pod.terminating) return "terminating";
  if (pod.phase === "Failed" || pod.phase === "Succeeded") return "failed";
  if (pod.readySince !== undefined) return "ready";
  const fault = world.type === "simulated" ? faultOf(world, pod.ordinal, pod.revision)?.type : undefined;
  if (fault === "crashLoop" || fault === "neverReady" || fault === "unschedulable") return fault;
  if (!pod.bound) return "unschedulable";
  return pod.due === undefined ? "notReady" : "starting";
}

function rangeOf({ firstOrdinal, replicas }: RolloutSpec): readonly number[] {
  return Array.from({ length: replicas }, (_, index) => firstOrdinal + index);
}

function lastOf<T extends { readonly ordinals?: readonly number[] | undefined }>(
  entries: readonly T[],
  range: readonly number[],
): ReadonlyMap<number, T> {
  return new Map(entries.flatMap((entry) => (entry.ordinals ?? range).map((ordinal) => [ordinal, entry] as const)));
}

function podIn(
  { is, revision }: Pick<DescribedPods, "is" | "revision">,
  { ordinal, uid, revision: current, owned }: Pick<Pod, "ordinal" | "uid" | "revision" | "owned">,
): Pod | undefined {
  if (is === "missing") return undefined;
  // In the order of `createPod`, so that V8 keeps one shape for all pods.
  return {
    ordinal,
    uid,
    revision: revision === "older" ? olderRevision : current,
    phase: phaseOf(is),
    // Any minReadySeconds that an edit may bring has passed.
    readySince: is === "ready" || is === "terminating" ? -Number.MAX_SAFE_INTEGER : undefined,
    terminating: is === "terminating",
    bound: is !== "unschedulable",
    owned,
    restarts: is === "crashLoop" ? 1 : 0,
    due: undefined,
  };
}

function phaseOf(is: Exclude<PodStart, "missing">): Pod["phase"] {
  switch (is) {
    case "starting":
    case "unschedulable":
      return "Pending";
    case "failed":
      return "Failed";
    default:
      return "Running";
  }
}

function claimIn(is: Exclude<ClaimStart, "missing">, template: string, uid: number, owner: ClaimOwner): Claim {
  const claim = { template, uid, owner, terminating: is !== "present" };
  return is === "held" ? { ...claim, held: true } : claim;
}

/** As the retention policy has made it; of a claim without a pod, nothing. */
function ownerOf(spec: RolloutSpec, setUid: number | undefined, ordinal: number, pod: Pod | undefined): ClaimOwner {
  if (setUid === undefined) return { type: "none" };
  switch (wantedOwner(spec, ordinal)) {
    case "pod":
      return pod === undefined ? { type: "none" } : { type: "pod", uid: pod.uid };
    case "set":
      return isInRange(spec, ordinal) || pod ? { type: "set", uid: setUid } : { type: "none" };
    case "none":
      return { type: "none" };
  }
}

function withStatus(state: ClusterState, hasOlder: boolean): ClusterState {
  const { set, slots } = state;
  if (set.type === "absent") return state;
  const { revision } = set.spec;
  const { pods, ready } = summaryOf(slots);
  const older = hasOlder ? [...podsOf(slots)].filter((pod) => pod.revision === olderRevision).length : 0;
  const status = {
    replicas: pods,
    readyReplicas: ready,
    availableReplicas: ready,
    currentReplicas: hasOlder ? older : pods,
    updatedReplicas: pods - older,
    currentRevision: hasOlder ? olderRevision : revision,
    updateRevision: revision,
  };
  const revisions = hasOlder ? [olderRevision, revision] : [revision];
  return {
    ...state,
    set: { ...set, status, observedGeneration: set.generation },
    revisions: revisions.map((one, index) => ({ revision: one, number: index + 1 })),
  };
}
