import {
  behaviourOf,
  defaultRelease,
  parseRelease,
  type Behaviour,
  type GateOverrides,
} from "../../../server/src/engine/kubernetes/versions.js";
import type { Scenario } from "../../../server/src/engine/rollout/scenario.js";
import { simulate, type Simulation } from "../../../server/src/engine/rollout/simulate.js";
import type { Step } from "../../../server/src/engine/rollout/step.js";
import type { WrittenSpec } from "../../../server/src/engine/rollout/spec.js";

/** A small database set: three pods with one claim each, Ready 3 s after creation, gone 2 s after deletion. */
export function db(changes: Partial<WrittenSpec> = {}): WrittenSpec {
  return {
    name: "db",
    revision: "old",
    replicas: 3,
    claims: ["data"],
    timing: { containers: [{ readinessProbe: { periodSeconds: 1 } }] },
    ...changes,
  };
}

/** A Kubernetes cluster by its version, such as `1.35.2`. */
export function cluster(version: string, gates: GateOverrides = {}): Behaviour {
  return behaviourOf(parseRelease(version) ?? defaultRelease, gates);
}

export const today = cluster("1.36");

export function played(scenario: Scenario, behaviour: Behaviour = today): Simulation {
  return simulate({ scenario, behaviour });
}

/** What happened, one line each: `2 gone db-2`; waits and revisions are left out. */
export function story(simulation: Simulation): readonly string[] {
  return simulation.steps
    .filter(({ kind, pod, claim }) => kind !== "wait" && (pod ?? claim) !== undefined)
    .map(({ at, action, pod, claim }) => `${at} ${action} ${claim ?? pod ?? ""}`);
}

/** What the controller did to pods, in its order: `-db-2`, `+db-2`. */
export function podActions(simulation: Simulation): string {
  const mark = (action: Step["action"]): string => (action === "createPod" ? "+" : "-");
  return simulation.steps
    .filter(({ kind, action }) => kind === "controller" && (action === "createPod" || action === "deletePod"))
    .map(({ action, pod }) => `${mark(action)}${pod}`)
    .join(" ");
}
