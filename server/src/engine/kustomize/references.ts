import { effectiveNamespace, idsOf, withValue, type ComposedResource } from "./composed-resource.js";
import type { NameReference } from "./configuration.js";
import { changeFields, specifies, type KindPattern } from "./field-specs.js";
import { asList, asMap, made, shapeOf, stringAt, unknown, withItems, type Value } from "./value.js";

/**
 * The resources with each name in them changed as the object was renamed that it means, if that is in the build:
 * api/filters/nameref/nameref.go, kustomize 5.6. `known` keeps the results: a resource whose references did not change
 * since stays the same object.
 */
export function withReferences(
  resources: readonly ComposedResource[],
  references: readonly NameReference[],
  known: WeakMap<ComposedResource, Referred>,
): readonly ComposedResource[] {
  const renamed = new Map<string, ComposedResource[]>();
  for (const resource of resources) {
    const { previous, hashed, id } = resource;
    const names = previous.length === 0 && hashed ? [id.name] : previous.map(({ name }) => name);
    for (const name of new Set(names)) {
      const others = renamed.get(name);
      if (others === undefined) renamed.set(name, [resource]);
      else others.push(resource);
    }
  }
  if (renamed.size === 0) return resources;
  return resources.map((resource) => refer(resource, references, renamed, known));
}

/** What a resource refers to, and the last result for it. */
export interface Referred {
  readonly references: readonly NameReference[];
  /** Everything that its fields name, by a key of its own. */
  readonly names: ReadonlyMap<string, { readonly target: KindPattern; readonly name: string }>;
  /** Those of them that are called otherwise now, and how. */
  readonly changes: string;
  readonly result: ComposedResource;
}

function refer(
  resource: ComposedResource,
  references: readonly NameReference[],
  renamed: ReadonlyMap<string, readonly ComposedResource[]>,
  known: WeakMap<ComposedResource, Referred>,
): ComposedResource {
  const last = known.get(resource);
  const before = last?.references === references ? last : undefined;
  const names = before?.names ?? namesIn(resource, references);
  const meant = new Map<string, ComposedResource>();
  for (const [key, { target, name }] of names) {
    const found = referral(resource, (renamed.get(name) ?? []).filter(isOf(target)));
    if (found !== undefined) meant.set(key, found);
  }
  const changes = JSON.stringify([...meant].map(([key, { id, hashed }]) => [key, hashed ? null : id.name]));
  if (before?.changes === changes) return before.result;
  const result = meant.size === 0 ? resource : withNames(resource, references, meant);
  known.set(resource, { references, names, changes, result });
  return result;
}

function isOf(target: KindPattern): (resource: ComposedResource) => boolean {
  return (resource) => idsOf(resource).some((id) => specifies(target, id));
}

function namesIn(resource: ComposedResource, references: readonly NameReference[]): Referred["names"] {
  const names = new Map<string, { target: KindPattern; name: string }>();
  changeNames(resource, references, (target, name, field) => {
    names.set(keyOf(target, name), { target, name });
    return field;
  });
  return names;
}

function withNames(
  resource: ComposedResource,
  references: readonly NameReference[],
  meant: ReadonlyMap<string, ComposedResource>,
): ComposedResource {
  const value = changeNames(resource, references, (target, name, field) => {
    const found = meant.get(keyOf(target, name));
    if (found === undefined) return field;
    if (found.hashed) return unknown(field);
    return found.id.name === name ? field : made(found.id.name, field);
  });
  return withValue(resource, value);
}

function keyOf({ group, version, kind }: KindPattern, name: string): string {
  return JSON.stringify([group, version, kind, name]);
}

/** The resource's value with each field that names something changed. */
function changeNames(
  { id, value }: ComposedResource,
  references: readonly NameReference[],
  change: (target: KindPattern, name: string, field: Value) => Value,
): Value {
  return references.reduce((changed, { target, field }) => {
    if (!specifies(field, id)) return changed;
    const changeOne = (found: Value): Value => {
      const list = asList(found);
      if (list !== undefined) return unlessSame(found, list, withItems(list, list.items.map(changeOne)));
      const text = stringAt(found, []);
      if (text !== undefined) return change(target, text, found);
      // What is named by a map gets the namespace of what it means too, which is not worked out.
      const name = stringAt(found, ["name"]);
      return name === undefined || change(target, name, found) === found ? found : unknown(found);
    };
    return changeFields(changed, field.path, undefined, changeOne);
  }, value);
}

function unlessSame(value: Value, opened: Value, changed: Value): Value {
  return changed === opened ? value : changed;
}

/** `selectReferral`: where several objects had the name, the one with the same prefixes and suffixes. */
function referral(referrer: ComposedResource, named: readonly ComposedResource[]): ComposedResource | undefined {
  const namespace = effectiveNamespace(referrer.id);
  let candidates = named.filter(({ id }) => {
    const other = effectiveNamespace(id);
    return other === "" || other === namespace || id.kind === "ServiceAccount" || namespace === "";
  });
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(one, referrer, { allowEmpty: true }));
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(one, referrer, { allowEmpty: false }));
  const [first] = candidates;
  return candidates.every(({ id }) => id.name === first?.id.name) ? first : undefined;
}

/** `PrefixesSuffixesEquals` in api/resource/resource.go. */
function sameAffixes(
  one: ComposedResource,
  other: ComposedResource,
  { allowEmpty }: { readonly allowEmpty: boolean },
): boolean {
  const fits = (a: readonly string[], b: readonly string[]) =>
    (allowEmpty && (a.length === 0 || b.length === 0)) || sameEnd(a, b);
  return fits(one.prefixes, other.prefixes) && fits(one.suffixes, other.suffixes);
}

function sameEnd(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  if (length === 0) return a.length === b.length;
  return a.slice(-length).join("\0") === b.slice(-length).join("\0");
}

/** The value with every `$(NAME)` of these variables unknown: what `vars` puts there is not worked out. */
export function withoutVariables(value: Value, names: readonly string[]): Value {
  const marks = names.map((name) => `$(${name})`);
  const hide = (part: Value): Value => {
    const shape = shapeOf(part);
    if (shape === "scalar")
      return marks.some((mark) => stringAt(part, [])?.includes(mark) === true) ? unknown(part) : part;
    const map = asMap(part);
    if (map !== undefined) {
      return [...map.entries.keys()].reduce((changed, key) => changeFields(changed, [key], undefined, hide), part);
    }
    const list = asList(part);
    return list === undefined ? part : withItems(list, list.items.map(hide));
  };
  return hide(value);
}
