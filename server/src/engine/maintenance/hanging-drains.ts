import type { StatefulSet } from "../kubernetes/kinds/statefulset.js";
import type { Behaviour } from "../kubernetes/versions.js";
import { readWrittenSpec } from "../rollout/read.js";
import { startOfManifests, type ManifestStart } from "./manifests.js";
import { alikeNodes, type ClusterNode } from "./nodes.js";
import { playMaintenance, type Homeless } from "./plays.js";
import { readPodTemplate, type PodTemplate } from "./pod-template.js";

/** Node counts that are played: with a single node there is nowhere to go, whatever the manifest says. */
const nodeCounts = [2, 3, 4, 5] as const;

/** A number of alike nodes of which none can be drained, and a pod that waits for a node then. */
export interface HangingDrains {
  readonly nodes: number;
  readonly waiting: Homeless;
  /** How many plays that took. */
  readonly plays: number;
}

/** What is found of a set, and whether it helps that drained nodes do not count for its spread. */
export interface DrainsOfSet {
  readonly hanging: HangingDrains | undefined;
  readonly honoringHelps: boolean;
}

/** So many sets are remembered. */
const mostKnown = 500;

/**
 * Makes `drainsOf`, which plays the drains of a set again only when one of the facts has changed that a play reads: not
 * after another image, comment or label elsewhere.
 * @param find plays the drains
 */
export function createDrains(
  behaviour: Behaviour,
  find: typeof hangingDrains = hangingDrains,
): (statefulSet: StatefulSet, budget: unknown) => DrainsOfSet {
  const known = new Map<string, DrainsOfSet>();
  return (statefulSet, budget) => {
    const facts = factsOf(statefulSet, budget);
    const before = known.get(facts);
    if (before !== undefined) return before;
    const hanging = find(statefulSet, budget, behaviour);
    const honoringHelps = hanging !== undefined && find(statefulSet, budget, behaviour, honoringTaints) === undefined;
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= mostKnown) known.delete(oldest);
    const found = { hanging, honoringHelps };
    known.set(facts, found);
    return found;
  };
}

/** The revision only tells one template from another. */
function factsOf(statefulSet: StatefulSet, budget: unknown): string {
  const { revision: _, ...spec } = readWrittenSpec(statefulSet).spec;
  const template = readPodTemplate(statefulSet.template.place.value());
  return JSON.stringify([spec, template, budget], (_key, value: unknown) =>
    value instanceof Map ? [...value.entries()] : value,
  );
}

function honoringTaints(template: PodTemplate): PodTemplate {
  return { ...template, spread: template.spread.map((constraint) => ({ ...constraint, honorsTaints: true })) };
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
