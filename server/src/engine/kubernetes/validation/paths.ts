import type { Place } from "../../yaml/place.js";
import type { Refusal } from "../refusal.js";
import { formRefusals } from "./read.js";

/**
 * The forms of paths. The functions named here are those of pkg/apis/core/validation/validation.go, Kubernetes 1.36.
 */

export function* pathRefusals(place: Place, form: (path: string) => string | undefined): Iterable<Refusal> {
  yield* formRefusals(place, form, "value");
}

/** validatePathNoBacksteps */
export function noBacksteps(path: string): string | undefined {
  return path.split("/").includes("..") ? "must not contain `..`" : undefined;
}

/** validateLocalDescendingPath */
export function localDescending(path: string): string | undefined {
  return path.startsWith("/") ? "must be a relative path" : noBacksteps(path);
}

/** ValidateLocalNonReservedPath */
export function localNonReserved(path: string): string | undefined {
  return localDescending(path) ?? (path.startsWith("..") ? "must not begin with `..`" : undefined);
}
