import type { Resource } from "../kubernetes/resources/resource.js";
import { formatPath } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";

/**
 * The fields of an object's spec that a tool will still write, or add something to: `spec.template.spec.volumes`. A field
 * stands for all that is below it.
 */
export function unknownParts({ place }: Resource): readonly string[] {
  return unknownBelow(place.at("spec")).map(({ path }) => formatPath(path.slice(place.path.length)));
}

function unknownBelow(place: Place): readonly Place[] {
  if (place.kind === "opaque") return [place];
  const parts = [...place.items(), ...place.entries().map(([, entry]) => entry)];
  return [...(place.isOpen ? [place] : []), ...parts.flatMap(unknownBelow)];
}
