import { readResourceAs, type Resource } from "../../k8s/resource.js";
import type { Release } from "../../k8s/versions.js";
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
  readonly release: Release;
  /** How the document is written. */
  readonly style: () => Style;
}

/** The object that a path leads into: the whole document, or an item of a List or of an OpenShift Template. */
export function objectAround(root: Place, path: Path): { readonly place: Place; readonly path: Path } {
  const [list, index] = path;
  if ((list === "items" || list === "objects") && typeof index === "number") {
    return { place: root.at(list, index), path: path.slice(2) };
  }
  return { place: root, path };
}

/** The object's view. A kind or version that is missing or half-typed is "", and makes it none of those that are known. */
export function resourceAt(place: Place): Resource {
  const text = (key: string) => {
    const field = place.at(key).string();
    return field.state === "present" ? field.value : "";
  };
  return readResourceAs(place, text("apiVersion"), text("kind"));
}

export function fieldName(path: Path): string {
  return formatPath(path).replace(/\[\d+\]/g, "[]");
}
