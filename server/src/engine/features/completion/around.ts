import { heldUnder, readResourceAs, type Resource } from "../../kubernetes/resources/resource.js";
import type { TargetCluster } from "../../kubernetes/versions.js";
import type { Scope } from "../../workspace/scope.js";
import { formatPath, type Path } from "../../yaml/path.js";
import type { Place } from "../../yaml/place.js";
import type { Style } from "../../yaml/style.js";
import type { Cursor } from "./cursor.js";

/** All that a suggestion may depend on. */
export interface Around {
  readonly cursor: Cursor;
  /** The object that the cursor is in; half of what it needs may be missing. */
  readonly resource: Resource;
  /** The cursor's path in the object. */
  readonly path: Path;
  /** The same as `spec.template.spec.containers[].name`. */
  readonly field: string;
  readonly scope: Scope;
  readonly cluster: TargetCluster;
  /** How the document is written. */
  readonly style: () => Style;
}

/**
 * The object that a path leads into, the whole document or one that a list or an OpenShift template holds, and the rest
 * of the path. A kind or version that is missing or half-typed is "", and makes it none of those that are known.
 */
export function objectAround({ root, resources, path }: Cursor): {
  readonly resource: Resource;
  readonly path: Path;
} {
  const known = resources.find(({ place }) => place.path.every((step, index) => path[index] === step));
  if (known !== undefined) return { resource: known, path: path.slice(known.place.path.length) };
  const whole = resourceAt(root, "", "");
  const [list, index] = path;
  if (list === undefined || typeof index !== "number" || heldUnder(whole) !== list) return { resource: whole, path };
  // The items of a typed list need not say what they are.
  const { apiVersion, kind } = whole.key;
  const itemKind = kind.replace(/^List$|^Template$|List$/, "");
  const item = resourceAt(root.at(list, index), itemKind === "" ? "" : apiVersion, itemKind);
  return { resource: item, path: path.slice(2) };
}

function resourceAt(place: Place, apiVersion: string, kind: string): Resource {
  const text = (key: string, fallback: string) => {
    const field = place.at(key).string();
    return field.state === "present" ? field.value : fallback;
  };
  return readResourceAs(place, text("apiVersion", apiVersion), text("kind", kind));
}

export function fieldName(path: Path): string {
  return formatPath(path).replace(/\[\d+\]/g, "[]");
}
