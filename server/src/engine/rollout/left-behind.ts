import type { Simulation } from "./simulate.js";
import { slotsOf } from "./slots.js";
import type { RolloutSpec } from "./spec.js";
import type { ClusterState } from "./state.js";

/** Pods that keep an old template although the rollout has ended as the spec wants it. */
export interface LeftBehind {
  /** Ascending, at least one. */
  readonly ordinals: readonly number[];
  /** One sentence, without its full stop. */
  readonly why: string;
  readonly field: string;
}

/** `undefined` if there are none, or if the rollout has not come to its end. */
export function leftBehind({ start, steps, outcome }: Simulation): LeftBehind | undefined {
  const { set, slots } = steps.at(-1)?.state ?? start;
  if (outcome.type !== "converged" || set.type === "absent") return undefined;
  const ordinals = outdatedPods({ set, slots }).map(({ ordinal }) => ordinal);
  const reason = reasonOf(set.spec);
  return ordinals.length === 0 || reason === undefined ? undefined : { ordinals, ...reason };
}

/** The pods whose template is not that of the spec. */
export function outdatedPods({
  set,
  slots,
}: Pick<ClusterState, "set" | "slots">): readonly { readonly ordinal: number; readonly revision: string }[] {
  if (set.type === "absent") return [];
  const { revision } = set.spec;
  return [...slotsOf(slots)].flatMap(({ pod }) => (pod !== undefined && pod.revision !== revision ? [pod] : []));
}

function reasonOf({ strategy, firstOrdinal }: RolloutSpec): Omit<LeftBehind, "ordinals"> | undefined {
  switch (strategy.type) {
    case "OnDelete":
      return {
        why: "updateStrategy is OnDelete: a pod gets the new template only when you delete it",
        field: "spec.updateStrategy.type",
      };
    case "RollingUpdate": {
      const partition = strategy.block?.partition ?? 0;
      if (partition === 0) return undefined;
      return {
        why: `The partition is ${partition}: ordinals below ${firstOrdinal + partition} keep the old template until it is lowered`,
        field: "spec.updateStrategy.rollingUpdate.partition",
      };
    }
    case "Recreate":
      return undefined;
  }
}
