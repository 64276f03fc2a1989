import { unsetIfEmpty } from "../yaml/field.js";
import type { Place } from "../yaml/place.js";
import type { ResourceId } from "./composed-resource.js";
import { asList, asMap, shapeOf, withEntry, withItems, type MapValue, type Value } from "./value.js";

/** The kinds that something is for: what is not given may be anything (`IsSelected` in kyaml/resid/gvk.go). */
export interface KindPattern {
  readonly kind?: string | undefined;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
}

/** A field that a transformer writes, and the resources that have it (`FieldSpec` in api/types/fieldspec.go). */
export interface FieldSpec extends KindPattern {
  readonly path: readonly string[];
  /** Whether it is made where it is missing. */
  readonly create: boolean;
}

/** `undefined` where it is not understood. */
function readFieldSpec(place: Place): FieldSpec | undefined {
  const path = place.at("path").string();
  if (path.state !== "present") return undefined;
  const text = (key: string) => unsetIfEmpty(place.at(key).string());
  const parts = [text("kind"), text("group"), text("version")] as const;
  if (parts.some(({ state }) => state === "opaque" || state === "invalid")) return undefined;
  const [kind, group, version] = parts.map((part) => (part.state === "present" ? part.value : undefined));
  return { path: splitFieldPath(path.value), kind, group, version, create: place.at("create").value() === true };
}

/** The specifications that are written in a list; `unknown` where one of them is not understood. */
export function readFieldSpecs(place: Place): readonly FieldSpec[] | "unknown" {
  if (place.kind === "absent" || place.kind === "null") return [];
  const specs = place.items().map(readFieldSpec);
  const read = specs.filter((spec) => spec !== undefined);
  return place.kind === "list" && read.length === specs.length ? read : "unknown";
}

/**
 * Both lists, as `MergeAll` in api/types/fieldspec.go joins them: of two with one path the later is left out where the
 * earlier is for the same kinds, and also where it is for fewer. So a specification for one kind keeps out the one for
 * all.
 */
export function mergeFieldSpecs(one: readonly FieldSpec[], other: readonly FieldSpec[]): readonly FieldSpec[] {
  const merged = [...one];
  for (const spec of other) if (!merged.some((known) => covers(known, spec))) merged.push(spec);
  return merged;
}

function covers(known: FieldSpec, { path, kind, group, version }: FieldSpec): boolean {
  return (
    (kind === undefined || kind === known.kind) &&
    (group === undefined || group === known.group) &&
    (version === undefined || version === known.version) &&
    path.join("/") === known.path.join("/")
  );
}

export function specifies(
  { kind, group, version }: KindPattern,
  id: Pick<ResourceId, "kind" | "group" | "version">,
): boolean {
  return (
    (kind === undefined || kind === id.kind) &&
    (group === undefined || group === id.group) &&
    (version === undefined || version === id.version)
  );
}

/**
 * The value with every field at the path changed, through all items of lists on the way. `empty` is what a missing map
 * on the way becomes; `undefined` leaves missing what is missing. (api/filters/fieldspec/fieldspec.go)
 */
export function changeFields(
  value: Value,
  path: readonly string[],
  empty: MapValue | undefined,
  change: (value: Value) => Value,
): Value {
  const [step, ...rest] = path;
  if (step === undefined) return change(value);
  const list = asList(value);
  if (list !== undefined)
    return unchangedIfSame(
      value,
      list,
      withItems(
        list,
        list.items.map((item) => changeFields(item, path, empty, change)),
      ),
    );
  const map = asMap(value);
  if (map === undefined) return value;
  const key = step.replace(/\[\]$/, "");
  const known = map.entries.get(key);
  // What is below a key of a list is never made.
  const made = key === step ? empty : undefined;
  if (known === undefined || shapeOf(known) === "null") {
    if (made === undefined || (known === undefined && map.open)) return value;
    return withEntry(map, key, changeFields(made, rest, empty, change));
  }
  return unchangedIfSame(value, map, withEntry(map, key, changeFields(known, rest, empty, change)));
}

/** A value that was only opened to look into it stays what it was. */
function unchangedIfSame<V extends Value>(value: Value, opened: V, changed: V): Value {
  return changed === opened ? value : changed;
}

/** `a/b` in two; `\\/` stands for a slash in a key (`PathSplitter` in kyaml/utils/pathsplitter.go). */
export function splitFieldPath(path: string): readonly string[] {
  return path.split(/(?<!\\)\//).map((part) => part.replaceAll("\\/", "/"));
}
