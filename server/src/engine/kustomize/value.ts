import type { Span } from "../text/span.js";
import type { Plain } from "../yaml/edit.js";
import type { Path } from "../yaml/path.js";
import type { Place } from "../yaml/place.js";
import { holdsPlaceholder } from "../yaml/placeholder.js";
import type { DocumentId } from "../workspace/summary.js";

/** A text that values of a build come from. */
export interface Source {
  readonly document: DocumentId;
  /**
   * The text, where only `true` and `false` are booleans, as kustomize reads resources and merge patches; `undefined`
   * where it is read as Kubernetes reads YAML.
   */
  readonly text: string | undefined;
  /** What a fix may edit: a resource, a strategic merge patch of one, or neither. */
  readonly holds: "resource" | "patch" | "other";
  /** Where the patch that is written within a kustomization stands in it; its places have offsets of their own. */
  readonly inline: { readonly path: Path; readonly span: (inner: Span) => Span } | undefined;
}

/** What stands for a value in a text: where to point, and whose it is. */
export interface Spot {
  readonly place: Place;
  readonly source: Source;
  /** What a reader has to know to see why the value is there. */
  readonly note?: string;
}

/**
 * What kustomize makes of a part of a resource. Immutable: a change makes new maps and lists only on the way to it, and
 * shares everything else. `written` is just as a document has it, with all below.
 */
export type Value = WrittenValue | MapValue | ListValue | MadeValue | UnknownValue;
export interface WrittenValue extends Spot {
  readonly type: "written";
}
export interface MapValue extends Spot {
  readonly type: "map";
  readonly entries: ReadonlyMap<string, Value>;
  /** What is not among the entries may be there all the same. */
  readonly open: boolean;
  /** The keys that were taken away, and what did it. */
  readonly removed?: ReadonlyMap<string, Spot>;
}
export interface ListValue extends Spot {
  readonly type: "list";
  readonly items: readonly Value[];
}
/**
 * A scalar that kustomize wrote: a name with its prefix, a label. The place is what it replaces, or where it is asked
 * for.
 */
export interface MadeValue extends Spot {
  readonly type: "made";
  readonly value: string | number | boolean;
}
/** Whatever kustomize puts here, we do not know it. */
export interface UnknownValue extends Spot {
  readonly type: "unknown";
}

export function written(place: Place, source: Source): WrittenValue {
  return { type: "written", place, source };
}

export function made(value: string | number | boolean, { place, source }: Spot): MadeValue {
  return { type: "made", value, place, source };
}

/** A text that kustomize wrote; unknown where another tool has yet to fill something in. */
export function madeText(text: string, spot: Spot): MadeValue | UnknownValue {
  return holdsPlaceholder(spot.place.path, text) ? unknown(spot) : made(text, spot);
}

export function unknown({ place, source }: Spot): UnknownValue {
  return { type: "unknown", place, source };
}

export type Shape = "map" | "list" | "scalar" | "null" | "unknown";

export function shapeOf(value: Value): Shape {
  switch (value.type) {
    case "written": {
      const { kind } = value.place;
      return kind === "opaque" ? "unknown" : kind === "absent" ? "null" : kind;
    }
    case "made":
      return "scalar";
    case "map":
    case "list":
    case "unknown":
      return value.type;
  }
}

/** The map in a form that can be changed; `undefined` for anything else. */
export function asMap(value: Value): MapValue | undefined {
  if (value.type === "map") return value;
  if (value.type !== "written" || value.place.kind !== "map") return undefined;
  const { place, source } = value;
  return {
    type: "map",
    entries: new Map(place.entries().map(([key, entry]) => [key, written(entry, source)])),
    open: place.isOpen,
    place,
    source,
  };
}

/** The list in a form that can be changed; `undefined` for anything else, and where a tool may add items. */
export function asList(value: Value): ListValue | undefined {
  if (value.type === "list") return value;
  if (value.type !== "written" || value.place.kind !== "list" || value.place.isOpen) return undefined;
  const { place, source } = value;
  return { type: "list", items: place.items().map((item) => written(item, source)), place, source };
}

export function withEntry(map: MapValue, key: string, value: Value): MapValue {
  return map.entries.get(key) === value ? map : { ...map, entries: new Map([...map.entries, [key, value]]) };
}

/** `by`: what takes the entry away. */
export function withoutEntry(map: MapValue, key: string, by?: Spot): MapValue {
  if (!map.entries.has(key)) return map;
  const without = { ...map, entries: new Map([...map.entries].filter(([other]) => other !== key)) };
  return by === undefined ? without : { ...without, removed: new Map([...(map.removed ?? []), [key, by]]) };
}

export function withItems(list: ListValue, items: readonly Value[]): ListValue {
  const same = items.length === list.items.length && items.every((item, index) => item === list.items[index]);
  return same ? list : { ...list, items };
}

/** A map that may hold anything beside these entries. */
export function openMap(spot: Spot, entries: readonly (readonly [string, Value])[]): MapValue {
  return { type: "map", entries: new Map(entries), open: true, place: spot.place, source: spot.source };
}

export function child(value: Value, step: string | number): Value | undefined {
  if (typeof step === "number") return asList(value)?.items[step];
  return value.type === "written" ? writtenChild(value, step) : asMap(value)?.entries.get(step);
}

function writtenChild({ place, source }: WrittenValue, key: string): Value | undefined {
  const entry = place.at(key);
  return entry.exists ? written(entry, source) : undefined;
}

export function valueAt(value: Value, path: Path): Value | undefined {
  return path.reduce<Value | undefined>((above, step) => above && child(above, step), value);
}

/** The string there; `undefined` for anything else. */
export function stringAt(value: Value, path: Path): string | undefined {
  const found = valueAt(value, path);
  const scalar = found && scalarOf(found);
  return typeof scalar === "string" ? scalar : undefined;
}

/**
 * What is written, as kustomize reads it: what YAML 1.1 has as a boolean beside `true` and `false`, such as `yes`, `on`
 * or `n`, is text to it (kyaml reads YAML as go-yaml v3 does).
 */
export function plainWritten({ place, source }: WrittenValue): Plain | undefined {
  const plain = place.value();
  return source.text !== undefined && holdsBoolean(plain) ? withTexts(place, source.text) : plain;
}

function holdsBoolean(plain: Plain | undefined): boolean {
  if (typeof plain !== "object" || plain === null) return typeof plain === "boolean";
  return Object.values(plain).some(holdsBoolean);
}

function withTexts(place: Place, text: string): Plain | undefined {
  switch (place.kind) {
    case "map":
      return Object.fromEntries(place.entries().map(([key, entry]) => [key, withTexts(entry, text) ?? null]));
    case "list":
      return place.items().map((item) => withTexts(item, text) ?? null);
    case "scalar": {
      const plain = place.value();
      const word = text.slice(place.span.start, place.span.end);
      return typeof plain === "boolean" && /^(?:y|yes|on|n|no|off)$/i.test(word) ? word : plain;
    }
    case "null":
    case "absent":
    case "opaque":
      return place.value();
  }
}

/** `undefined` for anything but a scalar that is known. */
export function scalarOf(value: Value): string | number | boolean | undefined {
  if (value.type === "made") return value.value;
  const plain = value.type === "written" && value.place.kind === "scalar" ? plainWritten(value) : undefined;
  return typeof plain === "object" || plain === null ? undefined : plain;
}

/** The value as JSON has it; `undefined` where any part of it is not known. */
export function plainOf(value: Value): Plain | undefined {
  switch (shapeOf(value)) {
    case "unknown":
      return undefined;
    case "null":
      return null;
    case "scalar":
      return scalarOf(value);
    case "map": {
      const map = asMap(value);
      if (map === undefined || map.open) return undefined;
      const entries: [string, Plain][] = [];
      for (const [key, entry] of map.entries) {
        const plain = plainOf(entry);
        if (plain === undefined) return undefined;
        entries.push([key, plain]);
      }
      return Object.fromEntries(entries);
    }
    case "list": {
      const items = asList(value)?.items.map(plainOf);
      const known = items?.filter((item) => item !== undefined);
      return known?.length === items?.length ? known : undefined;
    }
  }
}

/** The sources that some part of the value comes from. */
export function sourcesOf(value: Value): ReadonlySet<Source> {
  const sources = new Set<Source>();
  const collect = (part: Value) => {
    sources.add(part.source);
    if (part.type === "map") {
      for (const entry of part.entries.values()) collect(entry);
      for (const { source } of part.removed?.values() ?? []) sources.add(source);
    }
    if (part.type === "list") part.items.forEach(collect);
  };
  collect(value);
  return sources;
}
