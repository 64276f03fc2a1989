import type { Behaviour } from "../kubernetes/versions.js";
import { applySpec } from "./apply.js";
import { deleteClaim, deletePod, finish, loseNode, releaseClaim, removePod, takeOutOfService } from "./cluster.js";
import { deleteSet } from "./deletion.js";
import { rejectedBy, tooManyReplicas, type Outcome } from "./outcome.js";
import { rejectedRunbook } from "./rejected-runbook.js";
import type { Runbook } from "./runbook.js";
import type { UserAction } from "./scenario.js";
import { ordinalsWhere } from "./slots.js";
import type { ApiError, WrittenSpec } from "./spec.js";
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
    case "apply": {
      const applied = apply(action.spec);
      return action.refusals === undefined
        ? applied
        : refusedFor({ spec: action.wanted ?? action.spec, refusals: action.refusals }, applied, state, inForce);
    }
    case "scale":
      return apply(inForce && { ...inForce, replicas: action.replicas });
    case "restart":
      return apply(inForce && { ...inForce, revision: `${inForce.revision}, restarted` });
    case "changeImage":
      return apply(inForce && { ...inForce, revision: `${inForce.revision}, another image` });
    case "rollBack":
      return apply(written.at(-2));
    case "undo":
      return apply(inForce && { ...inForce, ...templateOf(action.revision, written) });
    case "applyRepaired":
      return applyRepaired(state, action.withoutPartition, written, behaviour, maximumReplicas);
    case "useRollingUpdate":
      return apply(inForce && { ...inForce, updateStrategy: { type: "RollingUpdate" } });
    case "touch":
      return done(state);
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
    case "outOfService":
      return done(takeOutOfService(state, action.ordinal));
    case "releaseClaim":
      return done(releaseClaim(state, action.ordinal, action.claim));
    case "deleteClaim":
      return done(deleteClaim(state, action.ordinal, action.claim));
  }
}

/** Of an earlier spec, what `kubectl rollout undo` brings back. */
function templateOf(revision: string, written: readonly WrittenSpec[]): Pick<WrittenSpec, "revision" | "timing"> {
  const earlier = written.findLast((spec) => spec.revision === revision);
  return { revision, timing: earlier?.timing };
}

function applyRepaired(
  state: ClusterState,
  withoutPartition: boolean,
  written: readonly WrittenSpec[],
  behaviour: Behaviour,
  maximumReplicas: number,
): Performed {
  const inForce = written.at(-1);
  const { world } = state;
  if (inForce === undefined || world.type === "replayed") return { type: "performed", state, written };
  const revision = `${inForce.revision}, repaired`;
  const repaired = { ...world, repairedRevisions: [...world.repairedRevisions, revision] };
  const { updateStrategy: strategy } = inForce;
  const updateStrategy = withoutPartition
    ? { ...strategy, rollingUpdate: { ...strategy?.rollingUpdate, partition: 0 } }
    : strategy;
  const spec = { ...inForce, revision, updateStrategy };
  return applyWritten({ ...state, world: repaired }, spec, written, behaviour, maximumReplicas);
}

/** With what a spec alone shows first; one error for each field. */
function refusedFor(
  { spec, refusals }: { readonly spec: WrittenSpec; readonly refusals: readonly ApiError[] },
  applied: Performed,
  state: ClusterState,
  inForce: WrittenSpec | undefined,
): Performed {
  const own = applied.type === "refused" && applied.outcome.type === "rejected" ? applied.outcome.errors : [];
  const fields = new Set(own.map(({ field }) => field));
  const errors = [...own, ...refusals.filter(({ field }) => !fields.has(field))];
  return { type: "refused", outcome: rejectedBy(errors, state, runbookFor(state, inForce, spec, errors)) };
}

function runbookFor(
  { set, slots }: ClusterState,
  inForce: WrittenSpec | undefined,
  wanted: WrittenSpec,
  errors: readonly ApiError[],
): Runbook | undefined {
  if (set.type === "absent") return undefined;
  const pods = ordinalsWhere(slots, ({ pods: count }) => count > 0);
  return rejectedRunbook({ spec: set.spec, inForce, pods }, wanted, errors);
}

function applyWritten(
  state: ClusterState,
  spec: WrittenSpec,
  written: readonly WrittenSpec[],
  behaviour: Behaviour,
  maximumReplicas: number,
): Performed {
  const applied = applySpec(state, spec, behaviour);
  if (applied.type === "rejected") {
    const { errors } = applied;
    return { type: "refused", outcome: rejectedBy(errors, state, runbookFor(state, written.at(-1), spec, errors)) };
  }
  const refused = tooManyReplicas(applied.state, maximumReplicas);
  if (refused !== undefined) return { type: "refused", outcome: refused };
  return { type: "performed", state: applied.state, written: [...written, spec] };
}
