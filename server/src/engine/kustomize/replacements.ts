import type { Replacement, ReplacementSource, ReplacementTarget } from "./kustomization.js";
import type { Place } from "../yaml/place.js";
import { effectiveNamespace, idsOf, withValue, type ComposedResource, type ResourceId } from "./composed-resource.js";
import { opaque, selectable } from "./patches.js";
import type { StepLog } from "./step.js";
import { failure } from "./remark.js";
import { readSelector, selects } from "./selector.js";
import {
  asList,
  asMap,
  child,
  made,
  scalarOf,
  shapeOf,
  stringAt,
  unknown,
  withEntry,
  withItems,
  type Source,
  type Spot,
  type Value,
} from "./value.js";

/** The replacement at a place of a kustomization, or of a file that holds some. */
export function readReplacement(place: Place, source: Source): Replacement {
  const targets = place.at("targets");
  return {
    spot: { place, source },
    source: readSource(place.at("source"), source) ?? "unknown",
    targets: targets.kind === "list" ? targets.items().map((item) => readTarget(item, source)) : "unknown",
  };
}

function readSource(place: Place, source: Source): ReplacementSource | undefined {
  const keys = ["group", "version", "kind", "name", "namespace"] as const;
  const id: Partial<Record<(typeof keys)[number], string>> = {};
  for (const key of keys) {
    const text = place.at(key).string();
    if (text.state === "opaque" || text.state === "invalid") return undefined;
    if (text.state === "present" && text.value !== "") id[key] = text.value;
  }
  const path = place.at("fieldPath").string();
  if (place.kind !== "map" || place.isOpen || path.state === "opaque" || path.state === "invalid") return undefined;
  const field = place.at("fieldPath");
  return {
    spot: { place, source },
    id,
    path: splitReplacementPath(path.state === "present" && path.value !== "" ? path.value : "metadata.name"),
    field: { place: field.exists ? field : place, source },
    refined: place.at("options").exists,
  };
}

function readTarget(target: Place, source: Source): ReplacementTarget {
  const paths = target.at("fieldPaths");
  const select = target.at("select");
  const rejects = target.at("reject").items().map(readSelector);
  const read = rejects.filter((reject) => reject !== undefined);
  const known = select.kind === "map" ? readSelector(select) : undefined;
  const fields = paths.items().flatMap((item) => {
    const text = item.string();
    return text.state === "present"
      ? [{ path: splitReplacementPath(text.value), text: text.value, spot: { place: item, source } }]
      : [];
  });
  const isDefault = paths.kind === "absent" || paths.kind === "null" || (paths.kind === "list" && fields.length === 0);
  const byName = { path: ["metadata", "name"], text: "metadata.name", spot: { place: select, source } };
  return {
    select: known ?? "unknown",
    literal: select.entries().every(([, entry]) => /^[\w./-]*$/.test(textOf(entry))),
    rejects: read.length === rejects.length ? read : "unknown",
    fields: isDefault ? [byName] : fields,
    create: target.at("options", "create").value() === true,
    refined: target.at("options", "delimiter").exists,
  };
}

function textOf(place: Place): string {
  const text = place.string();
  return text.state === "present" ? text.value : "";
}

/** `a.b.[name=x].c` split at its dots; `SmarterPathSplitter` in kyaml/utils/pathsplitter.go. */
function splitReplacementPath(path: string): readonly string[] {
  return (path.match(/\[[^\]]*\]?|(?:\\\.|[^.[])+/g) ?? []).map((part) =>
    /^\[[^=]*\]$/.test(part) ? part.slice(1, -1) : part.replaceAll("\\.", "."),
  );
}

/** What a replacement knows of the resources that are there. */
export interface Resources {
  readonly all: readonly ComposedResource[];
  /** What is not among them is not in the build. */
  readonly complete: boolean;
  /** Whether a resource that is not read in full may have all these words. */
  readonly mayHold: (words: readonly string[]) => boolean;
}

/** The value that a replacement takes from its source; `undefined` where that is not known. */
export function replacementValue({ source }: Replacement, resources: Resources, log: StepLog): Value | undefined {
  if (source === "unknown") return undefined;
  const { id, path, spot, field, refined } = source;
  const found = resources.all.filter((resource) => idsOf(resource).some((one) => isSelected(one, id)));
  const mayBeElsewhere = !resources.complete || resources.mayHold([id.kind ?? "", id.name ?? ""]);
  const data = { what: [id.kind ?? "resource", id.name ?? ""].join(" ").trim() };
  const [first, ...others] = found;
  if (first === undefined) {
    if (!mayBeElsewhere) log.remark(failure(spot, "replacementSource", data));
    return undefined;
  }
  if (others.length > 0) {
    if (resources.complete) log.remark(failure(spot, "replacementSources", { ...data, count: found.length }));
    return undefined;
  }
  if (mayBeElsewhere) return undefined;
  const value = lookUp(first.value, path);
  if (value === "absent" && first.base !== undefined) {
    log.remark(failure(field, "replacementField", { ...data, path: path.join(".") }));
  }
  if (value === "absent" || value === "unknown" || refined) return undefined;
  return value;
}

/** `IsSelectedBy` in kyaml/resid/resid.go. */
function isSelected(one: ResourceId, { group, version, kind, name, namespace }: Partial<ResourceId>): boolean {
  return (
    (group === undefined || group === one.group) &&
    (version === undefined || version === one.version) &&
    (kind === undefined || kind === one.kind) &&
    (name === undefined || name === one.name) &&
    (namespace === undefined || namespace === effectiveNamespace(one))
  );
}

function lookUp(value: Value, path: readonly string[]): Value | "absent" | "unknown" {
  let found: Value = value;
  for (const step of path) {
    const map = asMap(found);
    const list = asList(found);
    // The way into a list is not worked out.
    if (list !== undefined || (map === undefined && shapeOf(found) === "unknown")) return "unknown";
    const next = child(found, step);
    if (next === undefined || shapeOf(next) === "null") return map?.open === true ? "unknown" : "absent";
    found = next;
  }
  return shapeOf(found) === "unknown" ? "unknown" : found;
}

/** The resource with the replacement's targets in it set to its value, or to something that is not known. */
export function replaceIn(
  resource: ComposedResource,
  { targets }: Replacement,
  value: Value | undefined,
  log: StepLog,
): ComposedResource {
  if (targets === "unknown") {
    log.unsure();
    return opaque(resource);
  }
  return targets.reduce((changed, target) => replaceOne(changed, target, value, log), resource);
}

function replaceOne(
  resource: ComposedResource,
  { select, literal, rejects, fields, create, refined }: ReplacementTarget,
  value: Value | undefined,
  log: StepLog,
): ComposedResource {
  const asked = selectable(resource);
  if (select !== "unknown" && !selects(select, asked)) return resource;
  if (rejects !== "unknown" && rejects.some((reject) => selects(reject, asked))) return resource;
  if (fields.length === 0 || fields.some(({ path }) => path.length === 0)) {
    log.unsure();
    return opaque(resource);
  }
  const isSure = select !== "unknown" && literal && rejects !== "unknown";
  return fields.reduce((changed, { path, text, spot }) => {
    if (["kind", "apiVersion"].includes(path[0] ?? "") || path.join(".") === "metadata.name") log.unsure();
    const put = isSure && !refined ? value : undefined;
    const set = setField(changed.value, path, { spot, create, put });
    if (set === "missing") {
      // Before the value is known, the build may have failed at its source.
      if (isSure && value !== undefined) log.remark(failure(spot, "replacementTarget", { path: text }));
      return changed;
    }
    return withValue(changed, set);
  }, resource);
}

interface Setting {
  readonly spot: Spot;
  readonly create: boolean;
  readonly put: Value | undefined;
}

/** `PathMatcher` in kyaml/yaml/match.go and `setFieldValue` in api/filters/replacement/replacement.go. */
function setField(value: Value, path: readonly string[], setting: Setting): Value | "missing" {
  const [step, ...rest] = path;
  if (step === undefined) return replaced(value, setting);
  const list = asList(value);
  if (list !== undefined) {
    const isMeant = itemFilter(step);
    if (isMeant === undefined) return unknown(value);
    let found = false;
    const items = list.items.map((item, index) => {
      const meant = isMeant(item, index);
      if (meant === false) return item;
      const set = setField(item, rest, setting);
      if (set === "missing") return item;
      found = true;
      return meant === true ? set : unknown(item);
    });
    if (found) return withItems(list, items);
    // An item that is not there is made.
    return setting.create ? unknown(value) : "missing";
  }
  const map = asMap(value);
  // A text may hold YAML or JSON that a path goes on in, since kustomize 5.8.
  if (map === undefined) return unknown(value);
  if (step === "*") return unknown(value);
  const known = map.entries.get(step);
  if (known !== undefined && !(shapeOf(known) === "null" && rest.length > 0)) {
    const set = setField(known, rest, setting);
    return set === "missing" ? set : withEntry(map, step, set);
  }
  if (known !== undefined) return withEntry(map, step, unknown(known));
  if (setting.create) return withEntry(map, step, created(rest, setting));
  return map.open ? withEntry(map, step, unknown(setting.spot)) : "missing";
}

/** A scalar keeps its type and gets the text; anything else is replaced as a whole. */
function replaced(found: Value, { put, spot }: Setting): Value {
  if (put === undefined) return unknown(spot);
  const [is, text] = [scalarOf(found), scalarOf(put)];
  if (shapeOf(found) !== "scalar") return shapeOf(found) === "unknown" || text !== undefined ? unknown(spot) : put;
  if (text === undefined || is === undefined) return unknown(spot);
  if (typeof is === "string") return made(String(text), spot);
  return typeof is === "number" && Number.isInteger(Number(text)) && String(text) !== ""
    ? made(Number(text), spot)
    : unknown(spot);
}

/** What is made where nothing was; a text in it is read anew, so that one of digits becomes a number. */
function created(path: readonly string[], { put, spot }: Setting): Value {
  const [step, ...rest] = path;
  if (step === undefined) {
    const text = put && scalarOf(put);
    const isText = typeof text === "string" && /^[a-zA-Z][\w-]*$/.test(text) && !/^(?:true|false|null)$/i.test(text);
    if (isText || typeof text === "number") return made(text, spot);
    return unknown(spot);
  }
  if (/^(?:\d+|\[.*\]|\*)$/.test(step)) return unknown(spot);
  const entries = new Map([[step, created(rest, { put, spot, create: true })]]);
  return { type: "map", entries, open: false, ...spot };
}

/**
 * Which items of a list a step means; `undefined` for a step that kustomize refuses or this does not understand. What
 * stands behind the `=` is a pattern that may match any part: where it is not all of the text, that is not worked out.
 */
function itemFilter(step: string): ((item: Value, index: number) => boolean | "maybe") | undefined {
  if (step === "*") return () => true;
  if (/^\d+$/.test(step)) return (_, index) => Number(step) === index;
  const [, key, wanted = ""] = /^\[([^=]+)=(.*)\]$/.exec(step) ?? [];
  if (key === undefined) return undefined;
  return (item) => {
    const found = stringAt(item, [key]);
    if (found === wanted) return true;
    if (found === undefined) return asMap(item)?.open === false ? false : "maybe";
    return /[^\w/-]/.test(wanted) || found.includes(wanted) ? "maybe" : false;
  };
}
