import { regularExpression } from "./regular-expression.js";
import { asMap, scalarOf, valueAt, type Value } from "./value.js";
import type { Place } from "../yaml/place.js";

/** Which resources a patch or a replacement is for. */
export interface Selector {
  /** Of every part that is given, the regular expression that the whole of it must match. */
  readonly patterns: Readonly<Record<SelectorKey, Pattern | undefined>>;
  readonly labels: Requirements | undefined;
  readonly annotations: Requirements | undefined;
}
export type SelectorKey = "group" | "version" | "kind" | "name" | "namespace";
type Pattern = (text: string) => boolean;
type Requirements = readonly ((value: ReadonlyMap<string, string>) => boolean)[];

/** What a selector asks of a resource: its original and its present name count, and so do the namespaces. */
export interface Selectable {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly names: readonly string[];
  readonly namespaces: readonly string[];
  readonly value: Value;
}

/**
 * The selector at a place, as api/types/selector.go reads it; `undefined` where it is not understood: an expression
 * that Go refuses, or a label selector of another form.
 */
export function readSelector(place: Place): Selector | undefined {
  const patterns: Record<SelectorKey, Pattern | undefined> = {
    group: undefined,
    version: undefined,
    kind: undefined,
    name: undefined,
    namespace: undefined,
  };
  for (const [key, entry] of place.entries()) {
    if (key === "labelSelector" || key === "annotationSelector") continue;
    const text = entry.string();
    if (!isSelectorKey(key) || text.state === "opaque" || text.state === "invalid") return undefined;
    if (text.state === "absent" || text.value === "") continue;
    const pattern = anchored(text.value);
    if (pattern === undefined) return undefined;
    patterns[key] = pattern;
  }
  const [labels, annotations] = ["labelSelector", "annotationSelector"].map((key) => {
    const text = place.at(key).string();
    if (text.state === "absent") return [];
    return text.state === "present" ? requirements(text.value) : undefined;
  });
  return labels && annotations && { patterns, labels, annotations };
}

/** The expressions of a selector that Go refuses, and where they stand. */
export function brokenExpressions(selector: Place): readonly { readonly place: Place; readonly expression: string }[] {
  return selector.entries().flatMap(([key, place]) => {
    const text = place.string();
    const isBroken = isSelectorKey(key) && text.state === "present" && anchored(text.value) === undefined;
    return isBroken ? [{ place, expression: text.value }] : [];
  });
}

/** `anchorRegex` in api/types/selector.go */
function anchored(expression: string): Pattern | undefined {
  return regularExpression(`^(?:${expression})$`);
}

function isSelectorKey(key: string): key is SelectorKey {
  return ["group", "version", "kind", "name", "namespace"].includes(key);
}

/** `Select` in api/resmap/reswrangler.go. */
export function selects({ patterns, labels, annotations }: Selector, resource: Selectable): boolean {
  const { group, version, kind, namespace, name } = patterns;
  return (
    (group?.(resource.group) ?? true) &&
    (version?.(resource.version) ?? true) &&
    (kind?.(resource.kind) ?? true) &&
    (name === undefined || resource.names.some(name)) &&
    (namespace === undefined || resource.namespaces.some((one) => namespace(one === "" ? "default" : one))) &&
    meets(labels ?? [], stringsAt(resource.value, "labels")) &&
    meets(annotations ?? [], stringsAt(resource.value, "annotations"))
  );
}

function meets(all: Requirements, values: ReadonlyMap<string, string>): boolean {
  return all.every((requirement) => requirement(values));
}

function stringsAt(value: Value, key: "labels" | "annotations"): ReadonlyMap<string, string> {
  const found = valueAt(value, ["metadata", key]);
  const map = found && asMap(found);
  const strings = new Map<string, string>();
  for (const [name, entry] of map?.entries ?? []) {
    const text = scalarOf(entry);
    if (typeof text === "string") strings.set(name, text);
  }
  return strings;
}

/** `a=b,c!=d,e,!f,g in (h, i)`: labels.Parse of k8s.io/apimachinery. */
function requirements(text: string): Requirements | undefined {
  if (text.trim() === "") return [];
  if (/^,|,,|,$/.test(text)) return undefined;
  const parts = (text.match(/(?:[^,(]|\([^)]*\)?)+/g) ?? []).map((part) => requirement(part.trim()));
  const read = parts.filter((part) => part !== undefined);
  return read.length === parts.length ? read : undefined;
}

function requirement(text: string): Requirements[number] | undefined {
  const [, key = "", sign, value = ""] = /^([\w./-]+)\s*(==?|!=)\s*([\w.-]*)$/.exec(text) ?? [];
  if (sign !== undefined) {
    return sign === "!=" ? (labels) => labels.get(key) !== value : (labels) => labels.get(key) === value;
  }
  const [, setKey = "", operator, list = ""] = /^([\w./-]+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(text) ?? [];
  if (operator !== undefined) {
    const values = new Set(list.split(",").map((one) => one.trim()));
    if (operator === "in") return (labels) => values.has(labels.get(setKey) ?? "\0");
    return (labels) => !values.has(labels.get(setKey) ?? "\0");
  }
  if (/^[\w./-]+$/.test(text)) return (labels) => labels.has(text);
  if (/^!\s*[\w./-]+$/.test(text)) return (labels) => !labels.has(text.slice(1).trim());
  return undefined;
}
