import { behaviourOf, parseRelease, type Behaviour } from "../engine/kubernetes/versions.js";
import { applySpec } from "../engine/rollout/apply.js";
import { becomeReady, nextVanishingClaim, removeClaim, removePod } from "../engine/rollout/cluster.js";
import { sync } from "../engine/rollout/controller.js";
import { deleteSet, endForegroundDeletion } from "../engine/rollout/deletion.js";
import { podsOf, slotsOf } from "../engine/rollout/slots.js";
import { claimName, podName, type WrittenSpec } from "../engine/rollout/spec.js";
import { emptyCluster, type ClusterState } from "../engine/rollout/state.js";
import type { Comparison, Format } from "./format.js";
import type { DeletionTrace, DeletionView } from "./recording.js";

export const deletionFormat: Format = (line) => {
  if (!Array.isArray(line.steps) || line.whenDeleted === undefined) return undefined;
  const trace = line as unknown as DeletionTrace;
  return { id: trace.id, category: "deletion", replay: () => replayDeletion(trace) };
};

/**
 * Plays the deletion of a set of three and compares the cluster after every recorded step. The number of revisions
 * during a foreground deletion is a race in the real cluster and is not compared.
 */
function replayDeletion(trace: DeletionTrace): readonly Comparison[] {
  const release = parseRelease(trace.kubernetes);
  if (release === undefined) throw new Error(`unknown Kubernetes version ${trace.kubernetes}`);
  const behaviour = behaviourOf(release, {});
  const spec = specOf(trace);
  const comparisons: Comparison[] = [];
  let state = emptyCluster("web", "default", { type: "replayed" });
  for (const [label, expected] of trace.steps) {
    state = applyStep(state, label, spec, trace, behaviour);
    const actual = viewOf(state, expected);
    const same = JSON.stringify(normalise(expected)) === JSON.stringify(normalise(actual));
    comparisons.push({ title: label, expected, actual, same, syncsDiffer: false });
  }
  return comparisons;
}

function specOf({ podManagementPolicy, whenScaled, whenDeleted }: DeletionTrace): WrittenSpec {
  return {
    name: "web",
    revision: "v1",
    replicas: 3,
    podManagementPolicy,
    persistentVolumeClaimRetentionPolicy: { whenScaled, whenDeleted },
    claims: ["data"],
  };
}

function applyStep(
  state: ClusterState,
  label: string,
  spec: WrittenSpec,
  trace: DeletionTrace,
  behaviour: Behaviour,
): ClusterState {
  const finished = /^kubelet finished web-(\d+)/.exec(label);
  if (finished !== null) return collectGarbage(removePod(state, Number(finished[1])));
  if (label.startsWith("set deleted")) return collectGarbage(deleteSet(state, trace.propagation ?? "Background"));
  if (label.startsWith("after scaling to 0"))
    return runToTheEnd(apply(state, { ...spec, replicas: 0 }, behaviour), behaviour);
  if (label === "before" || label.startsWith("same set created again")) {
    return runToTheEnd(apply(state, spec, behaviour), behaviour);
  }
  throw new Error(`unknown step: ${label}`);
}

function apply(state: ClusterState, spec: WrittenSpec, behaviour: Behaviour): ClusterState {
  const applied = applySpec(state, spec, behaviour);
  if (applied.type === "rejected") throw new Error("the recorded set was rejected");
  return applied.state;
}

/** Kubelets start and stop everything that they can, until nothing is left to do. */
function runToTheEnd(start: ClusterState, behaviour: Behaviour): ClusterState {
  let state = start;
  while (true) {
    const synced = sync(state, behaviour);
    state = collectGarbage(synced.state);
    const pod = [...podsOf(state.slots)].find(({ terminating, phase }) => terminating || phase === "Pending");
    if (pod !== undefined) state = pod.terminating ? removePod(state, pod.ordinal) : becomeReady(state, pod.ordinal);
    else if (!synced.wrote) return state;
  }
}

function collectGarbage(start: ClusterState): ClusterState {
  let state = start;
  for (let claim = nextVanishingClaim(state); claim !== undefined; claim = nextVanishingClaim(state)) {
    state = removeClaim(state, claim.ordinal, claim.template);
  }
  return endForegroundDeletion(state);
}

function viewOf(state: ClusterState, expected: DeletionView): DeletionView {
  const { set } = state;
  const isForeground = set.type === "present" && set.deletion === "foreground";
  const setView = set.type === "absent" ? "absent" : isForeground ? "deleting:foregroundDeletion" : "present";
  return {
    set: setView,
    pods: [...podsOf(state.slots)].map((pod) => [
      podName({ name: "web" }, pod.ordinal),
      pod.terminating ? "terminating" : "running",
      pod.owned ? "owned" : "orphan",
    ]),
    pvcs: [...slotsOf(state.slots)].flatMap(({ ordinal, claims }) =>
      claims.map(({ template, terminating, owner }) => [
        claimName({ name: "web" }, template, ordinal),
        terminating ? "terminating" : "live",
        owner.type,
      ]),
    ),
    revisions: isForeground ? expected.revisions : state.revisions.length,
  };
}

function normalise({ set, pods, pvcs, revisions }: DeletionView): unknown {
  return [set, pods, pvcs, revisions];
}
