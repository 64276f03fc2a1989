import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "./apply.js";
import { deleteClaim, deletePod, finish, loseNode, removePod } from "./cluster.js";
import { deleteSet } from "./deletion.js";
import { rejectedBy, tooManyReplicas, type Outcome } from "./outcome.js";
import type { UserAction } from "./scenario.js";
import type { WrittenSpec } from "./spec.js";
import type { ClusterState } from "./state.js";

export type Performed =
  | { readonly type: "performed"; readonly state: ClusterState; readonly written: readonly WrittenSpec[] }
  | { readonly type: "refused"; readonly outcome: Outcome };

/** Does what the user asks. `written` are the specs applied so far, the one in force last. */
export function perform(
  state: ClusterState,
  action: UserAction,
  written: readonly WrittenSpec[],
  behaviour: Behaviour,
  maximumReplicas: number,
): Performed {
  const apply = (spec: WrittenSpec | undefined): Performed =>
    spec === undefined ? done(state) : applyWritten(state, spec, written, behaviour, maximumReplicas);
  const done = (next: ClusterState): Performed => ({ type: "performed", state: next, written });
  const inForce = written.at(-1);
  switch (action.type) {
    case "apply":
      return apply(action.spec);
    case "scale":
      return apply(inForce && { ...inForce, replicas: action.replicas });
    case "restart":
      return apply(inForce && { ...inForce, revision: `${inForce.revision}, restarted` });
    case "changeImage":
      return apply(inForce && { ...inForce, revision: `${inForce.revision}, another image` });
    case "rollBack":
      return apply(written.at(-2));
    case "delete":
      return done(deleteSet(state, action.propagation));
    case "deletePod":
      return done(deletePod(state, action.ordinal));
    case "forceDeletePod":
      return done(removePod(state, action.ordinal));
    case "failPod":
      return done(finish(state, action.ordinal, "Failed"));
    case "loseNode":
      return done(loseNode(state, action.ordinal));
    case "deleteClaim":
      return done(deleteClaim(state, action.ordinal, action.claim));
  }
}

function applyWritten(
  state: ClusterState,
  spec: WrittenSpec,
  written: readonly WrittenSpec[],
  behaviour: Behaviour,
  maximumReplicas: number,
): Performed {
  const applied = applySpec(state, spec, behaviour);
  if (applied.type === "rejected") return { type: "refused", outcome: rejectedBy(applied.errors, state) };
  const refused = tooManyReplicas(applied.state, maximumReplicas);
  if (refused !== undefined) return { type: "refused", outcome: refused };
  return { type: "performed", state: applied.state, written: [...written, spec] };
}
