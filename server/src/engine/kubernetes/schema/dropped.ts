import type { Path } from "../../yaml/path.js";
import type { Place } from "../../yaml/place.js";
import { isDropped, type TargetCluster } from "../versions.js";
import { typeSchema, type FieldType } from "./schema.js";

/** The paths of the fields in an object of a type that its cluster forgets before it validates. */
export function* droppedPaths(place: Place, type: string, cluster: TargetCluster): Iterable<Path> {
  const fields = typeSchema(type);
  for (const [name, value] of place.entries()) {
    const field = fields.get(name);
    if (field === undefined) continue;
    if (isDropped(type, name, cluster)) yield value.path;
    else yield* droppedInValue(value, field.type, cluster);
  }
}

function* droppedInValue(place: Place, type: FieldType, cluster: TargetCluster): Iterable<Path> {
  switch (type.kind) {
    case "scalar":
      return;
    case "object":
      yield* droppedPaths(place, type.type, cluster);
      return;
    case "list":
      for (const item of place.items()) yield* droppedInValue(item, type.item, cluster);
      return;
    case "map":
      for (const [, value] of place.entries()) yield* droppedInValue(value, type.value, cluster);
      return;
  }
}
