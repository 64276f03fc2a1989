import { playedAs } from "../../builds/why-not.js";
import type { BuiltResource } from "../../builds/build.js";
import type { PlayedObjects } from "../../drawing/panel-play.js";
import { budgetSelector, type DisruptionBudget } from "../../kubernetes/kinds/pod-disruption-budget.js";
import type { StatefulSet } from "../../kubernetes/kinds/statefulset.js";
import type { Resource } from "../../kubernetes/resources/resource.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Cluster, Scope } from "../../workspace/scope.js";
import { podsOfTemplate, selectedByBudget } from "../../workspace/selected-pods.js";
import type { DocumentId } from "../../workspace/summary.js";
import { isMapping } from "../../yaml/plain.js";
import type { Document } from "../document.js";
import { builtSet, setsOf, type WrittenSet } from "./sets.js";

/** What a play of nodes is about; or why there is nothing to play, in a sentence. */
export type FoundObjects =
  ({ readonly type: "found" } & PlayedObjects) | { readonly type: "nothing"; readonly problems: readonly string[] };

/**
 * A StatefulSet of a file as it is applied, and the budgets in its scope that select its pods; with `together`, the
 * other sets of the file and theirs too.
 */
export function playedInFile(
  documents: readonly Document[],
  { index, together }: { readonly index: number; readonly together: boolean },
  documentOf: (id: DocumentId) => Document | undefined,
): FoundObjects {
  const all = setsOf(documents);
  const chosen = all[index];
  if (chosen === undefined) return { type: "nothing", problems: ["The StatefulSet is not in the manifest any more"] };
  const sets = together ? [chosen, ...all.filter((one) => one !== chosen)] : [chosen];
  return foundObjects(
    sets.map((set) => {
      const statefulSet = builtSet(set)?.statefulSet ?? set.statefulSet;
      return { statefulSet, budgets: budgetsAround(set, statefulSet, documentOf), cluster: set.document.config };
    }),
    all.length,
  );
}

/** The same of what a tool has built. */
export function playedInBuild(
  resources: readonly BuiltResource[],
  { index, together }: { readonly index: number; readonly together: boolean },
  cluster: Cluster,
): FoundObjects {
  const all = resources.flatMap(({ resource }) => (resource.kind === "StatefulSet" ? [resource] : []));
  const chosen = all[index];
  if (chosen === undefined) return { type: "nothing", problems: ["The StatefulSet is not in the build any more"] };
  const budgets = budgetsIn(resources.map(({ resource }) => resource));
  const sets = together ? [chosen, ...all.filter((one) => one !== chosen)] : [chosen];
  return foundObjects(
    sets.map((statefulSet) => ({ statefulSet, budgets, cluster })),
    all.length,
  );
}

/** A set with the budgets that may select its pods. */
interface Candidate {
  readonly statefulSet: StatefulSet;
  readonly budgets: readonly DisruptionBudget[];
  readonly cluster: Cluster;
}

function foundObjects(candidates: readonly Candidate[], setsInFile: number): FoundObjects {
  const problems: string[] = [];
  const notes = new Set<string>();
  const budgets = new Map<string, unknown>();
  for (const { statefulSet, budgets: known, cluster } of candidates) {
    const { key, place } = statefulSet;
    const { unreadable } = playedAs(statefulSet, undefined);
    if (unreadable !== undefined) problems.push(`StatefulSet ${key.name}: ${unreadable}`);
    const scheduling = place.at("spec", "template", "spec");
    for (const field of ["affinity", "topologySpreadConstraints", "nodeSelector", "tolerations"]) {
      if (scheduling.at(field).kind === "opaque") {
        notes.add(`${field} of ${key.name} is filled in by another tool, and not played`);
      }
    }
    const pods = podsOfTemplate(statefulSet, cluster);
    for (const budget of known) {
      if (!sameNamespace(budget.key, key.namespace)) continue;
      const selection = selectedByBudget({ selector: budgetSelector(budget) }, pods);
      if (selection === undefined) notes.add(`It is not known whether budget ${budget.key.name} selects ${key.name}`);
      else if (selection.pods !== "none") budgets.set(budget.key.name, inNamespace(budget, key.namespace));
    }
  }
  if (problems.length > 0) return { type: "nothing", problems };
  const statefulSets = candidates.map(({ statefulSet }) => statefulSet);
  return { type: "found", statefulSets, budgets: [...budgets.values()], notes: [...notes], setsInFile };
}

/** Both are applied with the same default where one of them says nothing. */
function inNamespace({ key, place }: DisruptionBudget, namespace: string | undefined): unknown {
  const value = place.value();
  const metadata = { name: key.name, namespace: namespace ?? key.namespace ?? "default" };
  return isMapping(value) ? { ...value, metadata } : { metadata };
}

/** Those of the builds that make the set, or of what is around its document. */
function budgetsAround(
  { document }: WrittenSet,
  statefulSet: StatefulSet,
  documentOf: (id: DocumentId) => Document | undefined,
): readonly DisruptionBudget[] {
  const view = document.builds().find(({ resource }) => resource === statefulSet);
  const build = document.kustomizations().find(({ label }) => label === view?.build);
  if (build !== undefined) return budgetsIn(build.resources().map(({ resource }) => resource));
  return budgetsInScope(document.scope(), documentOf);
}

function budgetsInScope(
  scope: Scope,
  documentOf: (id: DocumentId) => Document | undefined,
): readonly DisruptionBudget[] {
  return scope
    .all("PodDisruptionBudget")
    .filter(({ partial }) => !partial)
    .flatMap(({ key, document }) => {
      const home = documentOf(document);
      const filled = home?.defaults()?.resources();
      const resources = filled?.map(({ resource }) => resource) ?? home?.chunk.resources ?? [];
      return budgetsIn(resources).filter((budget) => budget.key.name === key.name);
    });
}

function budgetsIn(resources: readonly Resource[]): readonly DisruptionBudget[] {
  return resources.flatMap((resource) => (resource.kind === "PodDisruptionBudget" ? [resource] : []));
}
