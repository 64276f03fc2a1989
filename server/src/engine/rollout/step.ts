import type { Action, DeletionCause } from "./controller.js";
import type { Blocker } from "./explain.js";
import type { UserAction } from "./scenario.js";
import type { ClusterState } from "./state.js";
import type { Due } from "./slot.js";

/** One thing that happens, with its reason and the state right after it. Plain data. */
export type Step = ControllerStep | ClusterStep | WaitStep;

interface StepFields {
  /** Virtual seconds since the start. */
  readonly at: number;
  /** The pod's or claim's ordinal. */
  readonly ordinal?: number | undefined;
  /** Names of the pod, the claim and the revision that it is about. */
  readonly pod?: string | undefined;
  readonly claim?: string | undefined;
  readonly revision?: string | undefined;
  /** One sentence. */
  readonly why: string;
  /** The place in the manifest that it depends on, such as `spec.podManagementPolicy`. */
  readonly field: string;
  readonly state: ClusterState;
}

export interface ControllerStep extends StepFields {
  readonly kind: "controller";
  readonly action: Action["type"];
  /** Why a pod was deleted. */
  readonly cause?: DeletionCause | undefined;
}

/** What kubelets, nodes, the garbage collector, the API server and the user do. */
export interface ClusterStep extends StepFields {
  readonly kind: "cluster";
  readonly action: Due["event"] | UserAction["type"] | "claimGone" | "setGone";
}

/** The controller would go on, but for the blocker. Ends with the next step of the controller. */
export interface WaitStep extends StepFields {
  readonly kind: "wait";
  readonly action: "waitToCreate" | "waitToDelete" | "waitToUpdate";
  readonly blocker: Blocker;
}
