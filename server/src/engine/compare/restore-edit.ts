import type { Plain } from "../yaml/edit.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";

type RestoreEdit =
  { readonly op: "set"; readonly at: Place; readonly value: Plain } | { readonly op: "remove"; readonly at: Place };

/**
 * The edit that gives an object the value back that it had at the base. What was not written there is taken out, with
 * the maps that hold nothing else and were not there either; from a patch nothing can be taken, so that has `byDefault`.
 */
export function restoreEdit(before: Place, now: Place, path: Path, byDefault: Plain): RestoreEdit {
  const [was, is] = [before.at(...path), now.at(...path)];
  const value = was.value();
  if (was.exists && value !== undefined) return { op: "set", at: is, value };
  if (is.origin.holds === "patch") return { op: "set", at: is, value: byDefault };
  let { length } = path;
  const isNew = (parent: Path) => !before.at(...parent).exists && now.at(...parent).entries().length === 1;
  while (length > 1 && isNew(path.slice(0, length - 1))) length -= 1;
  return { op: "remove", at: now.at(...path.slice(0, length)) };
}
