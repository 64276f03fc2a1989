import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { equal } from "../yaml/plain.js";

/**
 * The place in a source that stands for the one at `path` in what was built from it, or `undefined` where the source
 * has none. Items of lists are recognised by what names them, since a tool may have put others before them.
 */
export function follow(built: Place, source: Place, path: Path): Place | undefined {
  let [from, to] = [built, source];
  for (const step of path) {
    const next = typeof step === "string" ? to.at(step) : sameItem(from.at(step), step, to.items());
    if (next === undefined || !next.exists) return undefined;
    [from, to] = [from.at(step), next];
  }
  return to;
}

/** Whether the source already says what was built, as far as a map or a list can be compared with a part of it. */
export function agrees(built: Place, source: Place): boolean {
  return built.kind === source.kind && (built.kind !== "scalar" || equal(built.value(), source.value()));
}

/** What a scalar says; empty for anything else. */
export function textOf(place: Place): string {
  const value = place.value();
  return typeof value === "object" || value === undefined ? "" : String(value);
}

function sameItem(item: Place, index: number, others: readonly Place[]): Place | undefined {
  const name = itemNames.find((path) => item.at(...path).kind === "scalar");
  if (name !== undefined) {
    const alike = others.filter((other) => equal(other.at(...name).value(), item.at(...name).value()));
    return alike.find((other) => other.path.at(-1) === index) ?? alike[0];
  }
  return others.find((other) => equal(other.value(), item.value()));
}

/** What an item of a list in a manifest is known by, the most telling first: a volume may be mounted twice. */
export const itemNames: readonly Path[] = [
  ["mountPath"],
  ["devicePath"],
  ["containerPort"],
  ["name"],
  ["metadata", "name"],
  ["port"],
  ["topologyKey"],
  ["key"],
  ["ip"],
];
