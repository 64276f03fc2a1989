import { readResources, type Resource } from "../kubernetes/resources/resource.js";
import type { ParsedDocument } from "../yaml/parse.js";
import { composedPlace } from "./composed-place.js";
import { asKustomizeReads } from "./reading.js";
import { asList, asMap, stringAt, unknown, withEntry, withItems, withoutEntry, written, type Value } from "./value.js";

/** The parts of resources that a strategic merge patch sets, whatever it is merged into. */
export function patchedParts(document: ParsedDocument): readonly Resource[] {
  const { root } = asKustomizeReads(document);
  const source = {
    document: { uri: "", document: 0 },
    text: document.text,
    holds: "patch",
    inline: undefined,
  } as const;
  const set = withoutDirectives(written(root, source));
  return set === undefined ? [] : readResources(composedPlace(set, []));
}

/**
 * What is left of a patch where its directives have been followed; `undefined` where it takes away what it stands for.
 * A list with directives among its items is not known.
 */
function withoutDirectives(value: Value): Value | undefined {
  const map = asMap(value);
  if (map !== undefined) {
    if (stringAt(map, ["$patch"]) === "delete") return undefined;
    return [...map.entries].reduce((kept, [key, entry]) => {
      const left = key === "$patch" ? undefined : withoutDirectives(entry);
      return left === undefined ? withoutEntry(kept, key) : left === entry ? kept : withEntry(kept, key, left);
    }, map);
  }
  const list = asList(value);
  if (list === undefined) return value;
  if (list.items.some((item) => asMap(item)?.entries.has("$patch"))) return unknown(value);
  return withItems(
    list,
    list.items.map((item) => withoutDirectives(item) ?? item),
  );
}

/**
 * Whether a text is certainly a patch: it says how a list or a map is merged (apimachinery
 * pkg/util/strategicpatch/patch.go, Kubernetes 1.36).
 */
export function hasDirective(text: string): boolean {
  return /(?:^[ \t-]*|[{,] ?)(?:\$patch|\$retainKeys|\$(?:setElementOrder|deleteFromPrimitiveList)\/\w+):/m.test(text);
}
