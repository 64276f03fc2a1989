import { memoize } from "./memo.js";
import { sameNamespace } from "./namespace.js";
import type { ResourceTables } from "./resource-tables.js";
import type { DocumentSummary, ResourceSummary } from "./summary.js";

/**
 * Which of the objects around a document are of its own environment. Folders beside each other mostly hold the same
 * objects for another cluster, another namespace or another lesson, and what is in one says nothing of the other. Two
 * things tell:
 *
 * 1. Of objects of one kind and name only the nearest counts.
 * 2. An object belongs to others if a twin of something in the document, of the same kind and name, is nearer to it than
 *    the document is.
 *
 * So the autoscaler in `prod/` of the set in `prod/` concerns no set of that name in `dev/`, and one in `scalers/`
 * concerns the only such set, in `sets/`.
 */

/** The objects by distance, nearest first, each once, without those of which a nearer place has one of the name. */
export function nearestOfEach<R extends ResourceSummary>(tiers: readonly (readonly R[])[]): R[] {
  const kept = new Map<string, { readonly resource: R; readonly tier: number }[]>();
  const seen = new Set<R>();
  for (const [tier, resources] of tiers.entries()) {
    for (const resource of resources) {
      if (seen.has(resource)) continue;
      const name = `${resource.key.kind} ${resource.key.name}`;
      const others = kept.get(name) ?? [];
      const isCopy = others.some(
        (other) => other.tier < tier && sameNamespace(other.resource.key, resource.key.namespace),
      );
      if (isCopy) continue;
      seen.add(resource);
      others.push({ resource, tier });
      kept.set(name, others);
    }
  }
  return [...seen];
}

/** The files of the objects that have the kind and name of one in the document: of variants and of copies. */
export function twins(tables: ResourceTables, document: DocumentSummary | undefined): readonly string[] {
  return document === undefined ? [] : twinsIn(tables)(document);
}

const twinsIn = memoize((tables: ResourceTables) =>
  memoize(({ id, resources }: DocumentSummary): readonly string[] => {
    const files = resources.flatMap(({ kind, key, partial }) =>
      partial || key.name === ""
        ? []
        : tables
            .named(kind, key.name)
            .filter((other) => !other.partial && other.key.kind === key.kind && sameNamespace(other.key, key.namespace))
            .map(({ document: { uri } }) => uri),
    );
    return [...new Set(files)].filter((uri) => uri !== id.uri);
  }),
);

/** Whether one of the twins is nearer to the object than the document is. A StorageClass is for all namespaces. */
export function isOfOthers({ kind, document }: ResourceSummary, uri: string, others: readonly string[]): boolean {
  if (others.length === 0 || kind === "StorageClass") return false;
  const own = distance(document.uri, uri);
  return others.some((other) => distance(document.uri, other) < own);
}

/** 0 for the same file, 1 for the same directory, 2 for one below it, and one more for each directory further up. */
function distance(from: string, to: string): number {
  if (from === to) return 0;
  let directory = from.slice(0, from.lastIndexOf("/") + 1);
  if (to.startsWith(directory)) return to.includes("/", directory.length) ? 2 : 1;
  let steps = 2;
  while (!to.startsWith(directory)) {
    directory = directory.slice(0, directory.lastIndexOf("/", directory.length - 2) + 1);
    steps++;
  }
  return steps;
}
