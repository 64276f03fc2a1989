import type { Behaviour } from "../kubernetes/versions.js";
import { isOnLostNode } from "./cluster.js";
import type { Blocker } from "./explain.js";
import { podsOf, slotsOf } from "./slots.js";
import { claimName, isInRange, podName, type RolloutSpec } from "./spec.js";
import { isRunningAndReady, type ClusterState } from "./state.js";
import type { Pod } from "./slot.js";
import { faultOf } from "./world.js";
import { kubectl, type Subject } from "./kubectl.js";
import { aside, type Runbook, type RunbookStep } from "./runbook.js";

/**
 * What sets a stuck rollout going again. `soundRevisions` are the revisions whose pods have all been Ready, the last one
 * last.
 */
export function stuckRunbook(
  state: ClusterState,
  blocker: Blocker,
  behaviour: Behaviour,
  soundRevisions: readonly string[],
): Runbook {
  const runbook = remedyFor(state, blocker, behaviour, soundRevisions);
  return { ...runbook, losesClaims: [...new Set([...runbook.losesClaims, ...claimsScaledAway(state)])] };
}

/** Those of the pods that the set is about to remove, which go with them: going on means to lose them. */
function claimsScaledAway({ set, slots }: ClusterState): readonly string[] {
  if (set.type === "absent" || set.spec.retention.whenScaled !== "Delete") return [];
  const { spec } = set;
  const condemned = [...podsOf(slots)].filter(({ ordinal }) => !isInRange(spec, ordinal));
  return condemned.flatMap(({ ordinal }) => spec.claims.map((template) => claimName(spec, template, ordinal)));
}

function remedyFor(
  state: ClusterState,
  blocker: Blocker,
  behaviour: Behaviour,
  soundRevisions: readonly string[],
): Runbook {
  const { set } = state;
  const held = heldClaims(state);
  if (held.length > 0) return terminatingClaims(state, held);
  if (blocker.type === "claim") return waitForClaim(state, blocker.claim);
  const lost = [...podsOf(state.slots)].filter((pod) => isOnLostNode(state, pod));
  if (lost.length > 0) return lostNode(state, lost);
  if (set.type === "absent") return brokenPod(state, blocker.pod);
  if (set.spec.strategy.type === "Recreate" && behaviour.recreate !== "on") return recreateGateOff(state);
  const foreign = [...podsOf(state.slots)].filter((pod) => pod.foreignStorage === true && !pod.terminating);
  if (foreign.length > 0) return podsWithoutVolumes(state, foreign);
  const broken = [...podsOf(state.slots)].filter((pod) => !isRunningAndReady(pod) && !pod.terminating);
  const outdated = broken.filter((pod) => pod.revision !== set.spec.revision);
  const spec = set.spec;
  const comesBackSound = ({ ordinal }: Pod): boolean =>
    comesBackNew(spec, ordinal) && !isBroken(state, ordinal, spec.revision);
  if (outdated.length > 0 && outdated.every(comesBackSound)) {
    return brokenOldPods(state, outdated);
  }
  const target = soundRevisions.findLast((revision) => isKept(state, revision));
  const replaced = repairsItself(set.spec, behaviour) ? [] : broken;
  const isUpdate = !soundRevisions.includes(set.spec.revision) && state.revisions.length > 1;
  if (isUpdate && target !== undefined) return brokenRevision(state, target, replaced);
  const keepsTemplate = broken.some(({ ordinal }) => !comesBackNew(spec, ordinal));
  return brokenRevisionWithoutPast(state, blocker.pod, keepsTemplate, replaced);
}

function isKept({ revisions, set }: ClusterState, revision: string): boolean {
  const isUpdate = set.type === "present" && set.spec.revision === revision;
  return !isUpdate && revisions.some((other) => other.revision === revision);
}

/**
 * kubernetes.io/docs/concepts/cluster-administration/node-shutdown, "Non-graceful node shutdown handling" (on by default
 * since 1.26, stable in 1.28). With the taint pod garbage collection removes terminating pods, every 20 s (gcTerminating
 * in pkg/controller/podgc/gc_controller.go), and volumes are detached at once; without it only after 6 minutes
 * (maxWaitForUnmountDuration in pkg/controller/volume/attachdetach, reconciler.go). Kubernetes 1.36.
 */
function lostNode(state: ClusterState, lost: readonly Pod[]): Runbook {
  const names = lost.map(({ ordinal }) => podName(state, ordinal));
  const staying = lost.filter(({ terminating }) => !terminating);
  // Several pods may be on one node, which then has the taint already.
  const overwrite = lost.length === 1 ? "" : " --overwrite";
  const taints = lost.map((pod) => {
    const name = podName(state, pod.ordinal);
    const node = kubectl(state, "get", "pod", name, "--output", "jsonpath={.spec.nodeName}");
    return `kubectl taint nodes "$(${node})" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute${overwrite}`;
  });
  const forced = kubectl(state, "delete", "pod", ...names, "--grace-period=0", "--force");
  return {
    kind: "lostNode",
    title: "Recover from a lost node",
    losesClaims: [],
    steps: [
      aside(
        "Make sure that the node is really off: otherwise two pods of one name could write to one volume. If it comes back by itself, do nothing",
        kubectl(state, "get", "pod", ...names, "--output", "wide"),
      ),
      ...(staying.length === 0
        ? []
        : [
            {
              reason: "The pod tolerates a node that does not answer, so nothing evicts it: delete it",
              commands: [
                kubectl(
                  state,
                  "delete",
                  "pod",
                  ...staying.map(({ ordinal }) => podName(state, ordinal)),
                  "--wait=false",
                ),
              ],
              plays: staying.map(({ ordinal }) => ({ type: "deletePod" as const, ordinal })),
            },
          ]),
      {
        reason:
          `The taint tells Kubernetes that the node is out of service: within about 20 s the pod is removed, and its volumes are detached at once. ` +
          `Without the taint (${forced}), a volume stays attached to the lost node for up to 6 min`,
        commands: taints,
        plays: lost.map(({ ordinal }) => ({ type: "outOfService", ordinal })),
      },
      aside(
        "When the node is repaired, remove the taint; replace NODE by its name",
        "kubectl taint nodes NODE node.kubernetes.io/out-of-service-",
      ),
    ],
  };
}

/**
 * A pod of a broken revision is not replaced by a good template under OrderedReady: it has to be deleted by hand
 * (kubernetes.io/docs/concepts/workloads/controllers/statefulset, "Forced rollback"). Without `--to-revision` kubectl
 * goes back to the revision with the second highest number (k8s.io/kubectl pkg/polymorphichelpers/rollback.go, 1.36).
 */
function brokenRevision(state: ClusterState, target: string, broken: readonly Pod[]): Runbook {
  const number = state.revisions.find(({ revision }) => revision === target)?.number ?? 0;
  const isPrevious = state.revisions.at(-2)?.revision === target;
  const flag = isPrevious ? [] : [`--to-revision=${number}`];
  const history = kubectl(state, "rollout", "history", `statefulset/${state.name}`);
  return {
    kind: "brokenRevision",
    title: "Roll back to the last revision whose pods were Ready",
    losesClaims: [],
    steps: [
      {
        reason: isPrevious
          ? "Go back to the previous revision, the last one whose pods were Ready"
          : `Go back to revision ${number}, the last one whose pods were Ready. Numbers count from the start of this plan: compare them with ${history}`,
        commands: [kubectl(state, "rollout", "undo", `statefulset/${state.name}`, ...flag)],
        plays: [{ type: "undo", revision: target }],
      },
      ...deletion(state, broken),
    ],
  };
}

function deletion(state: ClusterState, broken: readonly Pod[]): readonly RunbookStep[] {
  if (broken.length === 0) return [];
  const names = broken.map(({ ordinal }) => podName(state, ordinal));
  const [what, it] = names.length === 1 ? ["this pod", "it"] : ["these pods", "them"];
  return [
    {
      reason: `The controller does not replace ${what} by itself: delete ${it}`,
      commands: [kubectl(state, "delete", "pod", ...names)],
      plays: broken.map(({ ordinal }) => ({ type: "deletePod", ordinal })),
    },
  ];
}

/** `keepsTemplate`: a broken pod comes back with its old template, because of the partition. */
function brokenRevisionWithoutPast(
  state: ClusterState,
  pod: string,
  keepsTemplate: boolean,
  broken: readonly Pod[],
): Runbook {
  const reason = keepsTemplate
    ? "Correct the manifest, write `updateStrategy.rollingUpdate.partition: 0` (a pod below the partition comes back with its broken template), and apply it; replace FILE by its name"
    : "Correct the manifest and apply it; replace FILE by its name";
  return {
    kind: "brokenPod",
    title: "Repair the pods",
    losesClaims: [],
    steps: [
      aside(
        "Find out why the pod is not Ready: events first, then what its containers last wrote",
        kubectl(state, "describe", "pod", pod),
        kubectl(state, "logs", pod, "--all-containers", "--previous"),
      ),
      {
        reason,
        commands: [kubectl(state, "apply", "--filename", "FILE")],
        plays: [{ type: "applyRepaired", withoutPartition: keepsTemplate }],
      },
      ...deletion(state, broken),
    ],
  };
}

/** It is only the old pod that is broken: the one that takes its place gets the template of the spec. */
function brokenOldPods(state: ClusterState, outdated: readonly Pod[]): Runbook {
  return {
    kind: "brokenOldPod",
    title: "Replace the broken pods of the old template",
    losesClaims: [],
    steps: deletion(state, outdated),
  };
}

/** Pods of an earlier set that had other claim templates: the API server lets no running pod have other volumes. */
function podsWithoutVolumes(state: ClusterState, pods: readonly Pod[]): Runbook {
  return {
    kind: "brokenOldPod",
    title: "Replace the pods that do not have the volumes of the set",
    losesClaims: [],
    steps: deletion(state, pods),
  };
}

function recreateGateOff(state: ClusterState): Runbook {
  const patch = '{"spec":{"updateStrategy":{"type":"RollingUpdate"}}}';
  return {
    kind: "recreateGateOff",
    title: "Leave the strategy Recreate",
    losesClaims: [],
    steps: [
      {
        reason:
          "Switch the feature gate StatefulSetRecreateStrategy on again in the API server and the controller manager, or use another strategy",
        commands: [kubectl(state, "patch", "statefulset", state.name, "--type", "merge", "--patch", patch)],
        plays: [{ type: "useRollingUpdate" }],
      },
    ],
  };
}

interface HeldClaim {
  readonly template: string;
  readonly ordinal: number;
  readonly name: string;
}

/** Deleted claims that only a finalizer keeps, so that the pods of their names cannot be recreated. */
function heldClaims(state: ClusterState): readonly HeldClaim[] {
  return [...slotsOf(state.slots)].flatMap(({ ordinal, pod, claims }) =>
    claims
      .filter(({ held, terminating }) => held === true && terminating && pod === undefined)
      .map(({ template }) => ({ template, ordinal, name: claimName(state, template, ordinal) })),
  );
}

/**
 * The API server removes a deleted object when its last finalizer is gone
 * (kubernetes.io/docs/concepts/overview/working-with-objects/finalizers).
 */
function terminatingClaims(state: ClusterState, held: readonly HeldClaim[]): Runbook {
  const names = held.map(({ name }) => name);
  const what = names.length === 1 ? "the claim" : "the claims";
  return {
    kind: "claimTerminating",
    title: `Let ${what} go`,
    losesClaims: names,
    steps: [
      aside(
        `See which finalizer keeps ${what}. Let the program that has set it (a backup, a snapshot, an operator) finish first, and save the data if it is still needed`,
        kubectl(
          state,
          "get",
          "pvc",
          ...names,
          "--output",
          "custom-columns=NAME:.metadata.name,FINALIZERS:.metadata.finalizers",
        ),
      ),
      {
        reason: `Remove the finalizers: ${what} and the data are gone then, unless the reclaim policy of the volume is Retain`,
        commands: names.map((name) =>
          kubectl(state, "patch", "pvc", name, "--type", "merge", "--patch", '{"metadata":{"finalizers":null}}'),
        ),
        plays: held.map(({ template, ordinal }) => ({ type: "releaseClaim", claim: template, ordinal })),
      },
      ...touchSet(state).steps,
    ],
  };
}

function waitForClaim(state: ClusterState, claim: string): Runbook {
  return {
    kind: "claimTerminating",
    title: "Wait for the old claim",
    losesClaims: [claim],
    steps: [
      aside("See which pod still uses the claim (Used By)", kubectl(state, "describe", "pvc", claim)),
      ...touchSet(state).steps,
    ],
  };
}

/** Any event of the set wakes its controller. */
export function touchSet(state: ClusterState): Runbook {
  return {
    kind: "controllerAsleep",
    title: "Wake the controller",
    losesClaims: [],
    steps: [
      {
        reason: "Touch the set, so that the controller looks at it again; missing pods come with new, empty volumes",
        commands: [kubectl(state, "annotate", "statefulset", state.name, "example.com/touched=1", "--overwrite")],
        plays: [{ type: "touch" }],
      },
    ],
  };
}

function brokenPod(subject: Subject, pod: string): Runbook {
  return {
    kind: "brokenPod",
    title: "Find out why the pod does not go",
    losesClaims: [],
    steps: [
      aside(
        "See why the pod does not go: finalizers, or a kubelet that is busy",
        kubectl(subject, "describe", "pod", pod),
      ),
    ],
  };
}

/** Whether a fault of the scenario keeps pods of that revision from ever being Ready. */
function isBroken({ world }: ClusterState, ordinal: number, revision: string): boolean {
  const fault = world.type === "simulated" ? faultOf(world, ordinal, revision)?.type : undefined;
  return fault === "neverReady" || fault === "crashLoop" || fault === "unschedulable";
}

/** Whether a pod that is created anew surely gets the template of the spec: see `RolloutSpec` on a missing block. */
function comesBackNew({ strategy, firstOrdinal }: RolloutSpec, ordinal: number): boolean {
  if (strategy.type !== "RollingUpdate") return true;
  return strategy.block !== undefined && ordinal >= firstOrdinal + strategy.block.partition;
}

/** Whether a good template alone replaces a broken pod: Parallel without the gate, or since 1.37; Recreate always. */
function repairsItself(spec: RolloutSpec, behaviour: Behaviour): boolean {
  if (spec.strategy.type === "Recreate") return true;
  if (spec.strategy.type === "OnDelete" || spec.podManagement === "OrderedReady") return false;
  return !behaviour.maxUnavailable || behaviour.parallelUpdate === "unavailableFirst";
}
