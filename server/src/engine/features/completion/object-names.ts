import { kindOf, viewOf } from "../../kubernetes/resources/kinds.js";
import type { Reference } from "../../kubernetes/references.js";
import { sameNamespace } from "../../workspace/namespace.js";
import { fileName } from "../../workspace/directory.js";
import type { ResourceSummary } from "../../workspace/summary.js";
import type { Around } from "./around.js";
import type { Value } from "./item.js";

/**
 * The objects in scope that the field under the cursor may name, by the references of its kind; of a field that names a
 * key of one, the keys of the one that is named.
 */
export function objectNames(around: Around): readonly Value[] {
  const { field, path, cursor, resource } = around;
  const references = kindOf(resource.key.apiVersion, resource.key.kind)?.references ?? [];
  const named = references.find((one) => one.path === field);
  if (named !== undefined) {
    const { kindKey } = named;
    const siblings = cursor.root.at(...resource.place.path, ...path.slice(0, -1));
    const kind = kindKey === undefined ? undefined : siblings.at(kindKey).value();
    return objects(named, around)
      .filter(({ key }) => kind === undefined || kind === null || kind === key.kind)
      .map((object) => ({ value: object.key.name, detail: describe(object) }));
  }
  for (const reference of references) {
    const depth = depthOfKey(reference.path, field);
    if (depth === undefined) continue;
    const place = cursor.root.at(...resource.place.path, ...path.slice(0, -depth));
    const name = place.at(reference.path.slice(reference.path.lastIndexOf(".") + 1)).value();
    return objects(reference, around)
      .filter(({ key }) => key.name === name)
      .flatMap((object) =>
        object.kind === "other"
          ? (object.dataKeys ?? []).map((value) => ({ value, detail: `key of ${object.key.name}` }))
          : [],
      );
  }
  return [];
}

/** The objects that a reference may mean, StatefulSets first. */
function objects({ to }: Reference, { scope, resource }: Around): readonly ResourceSummary[] {
  const views = [...new Set(to.map(viewOf))].toSorted(
    (a, b) => Number(b === "StatefulSet") - Number(a === "StatefulSet"),
  );
  return views
    .flatMap((view): readonly ResourceSummary[] => scope.all(view))
    .filter(({ key }) => key.name !== "" && to.some((kind) => kind.slice(kind.indexOf("/") + 1) === key.kind))
    .filter((object) => object.kind === "StorageClass" || sameNamespace(object.key, resource.key.namespace));
}

function describe(object: ResourceSummary): string {
  const file = fileName(object.document.uri);
  switch (object.kind) {
    case "StorageClass":
      return [...(object.reclaimPolicy === undefined ? [] : [`reclaim policy ${object.reclaimPolicy}`]), file].join(
        ", ",
      );
    case "PersistentVolumeClaim":
      return [...(object.accessModes ?? []), file].join(", ");
    default:
      return `${object.key.kind} in ${file}`;
  }
}

/**
 * How many steps above a field the map with the name is, where the field is a key beside the name, `configMapKeyRef.key`,
 * or in the items of a volume, `configMap.items[].key`.
 */
function depthOfKey(namePath: string, field: string): number | undefined {
  const parent = namePath.slice(0, namePath.lastIndexOf("."));
  if (field === `${parent}.key`) return 1;
  return field === `${parent}.items[].key` ? 3 : undefined;
}
