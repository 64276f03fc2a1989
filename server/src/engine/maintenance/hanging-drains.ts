import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { startOfManifests, type ManifestStart } from "./manifests.js";
import { alikeNodes, type ClusterNode } from "./nodes.js";
import { playMaintenance, type Homeless } from "./plays.js";
import type { PodTemplate } from "./pod-template.js";

/** Node counts that are played: with a single node there is nowhere to go, whatever the manifest says. */
const nodeCounts = [2, 3, 4, 5] as const;

/** A number of alike nodes of which none can be drained, and a pod that waits for a node then. */
export interface HangingDrains {
  readonly nodes: number;
  readonly waiting: Homeless;
  /** How many plays that took. */
  readonly plays: number;
}

/**
 * The least number of nodes, from 2 to 5, with which all pods of a set run and the drain of each node that has some of
 * them hangs because an evicted pod finds no node.
 * @param budget the PodDisruptionBudget that selects all pods of the set, plain data
 * @param edit what to suppose of the template
 */
export function hangingDrains(
  statefulSet: StatefulSet,
  budget: unknown,
  behaviour: Behaviour,
  edit: (template: PodTemplate) => PodTemplate = (template) => template,
): HangingDrains | undefined {
  let plays = 0;
  for (const count of nodeCounts) {
    // Zones in turn, so that a spread over zones finds some; volumes are of no account, since nothing is known of them.
    const nodes = alikeNodes(count, ["a", "b", "c"]);
    const start = startOfManifests([{ running: statefulSet, next: undefined }], {
      behaviour,
      nodes,
      budgets: [budget],
      rollout: false,
      faults: [],
      timing: {},
    });
    if (start.type === "invalid") return undefined;
    const [waiting, played] = hangingEverywhere(start, nodes, edit);
    plays += played;
    if (waiting !== undefined) return { nodes: count, waiting, plays };
  }
  return undefined;
}

/** A pod that waits where every drain hangs, and the number of plays: the first drain that ends well is the last one. */
function hangingEverywhere(
  { start, rollouts }: Extract<ManifestStart, { readonly type: "ready" }>,
  nodes: readonly ClusterNode[],
  edit: (template: PodTemplate) => PodTemplate,
): readonly [Homeless | undefined, number] {
  const sets = start.sets.map((set) => ({ ...set, templateOf: (revision: string) => edit(set.templateOf(revision)) }));
  let waiting: Homeless | undefined;
  for (const [index, { name: node }] of nodes.entries()) {
    const {
      outcome,
      homeless,
      nodes: reports,
    } = playMaintenance({
      play: { type: "drain-node", node },
      start: { ...start, sets },
      nodeSeconds: 0,
      volumeBinding: "anywhere",
      rollouts,
    });
    const isEmpty = outcome.type === "done" && reports.every(({ evicted }) => evicted.length === 0);
    if (isEmpty) continue;
    const [first] = homeless;
    if (outcome.type !== "hangs" || first === undefined) return [undefined, index + 1];
    waiting ??= first;
  }
  return [waiting, nodes.length];
}
