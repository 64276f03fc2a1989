import { effectiveNamespace, withValue, type ComposedResource } from "./composed-resource.js";
import { changeFields, specifies, type FieldSpec } from "./field-specs.js";
import { asList, asMap, made, shapeOf, stringAt, unknown, withItems, type Value } from "./value.js";

/** A field that holds the name of an object of a kind. */
interface NameReference {
  readonly kind: string;
  readonly group: string;
  readonly field: FieldSpec;
}

/**
 * The resources with each name in them changed as the object was renamed that it means, if that is in the build:
 * api/filters/nameref/nameref.go, kustomize 5.6. `known` keeps the results: a resource whose references did not change
 * since stays the same object.
 */
export function withReferences(
  resources: readonly ComposedResource[],
  known: WeakMap<ComposedResource, Referred>,
): readonly ComposedResource[] {
  const renamed = new Map<string, ComposedResource[]>();
  for (const resource of resources) {
    for (const name of new Set(resource.previous.map((id) => id.name))) {
      const key = `${resource.id.group}/${resource.id.kind}/${name}`;
      const others = renamed.get(key);
      if (others === undefined) renamed.set(key, [resource]);
      else others.push(resource);
    }
    if (resource.hashed && resource.previous.length === 0) {
      const key = `${resource.id.group}/${resource.id.kind}/${resource.id.name}`;
      renamed.set(key, [...(renamed.get(key) ?? []), resource]);
    }
  }
  if (renamed.size === 0) return resources;
  return resources.map((resource) => refer(resource, renamed, known));
}

/** What a resource refers to, and the last result for it. */
export interface Referred {
  /** `group/kind/name` of everything that its fields name. */
  readonly names: readonly string[];
  /** Those of them that are called otherwise now, and how. */
  readonly changes: string;
  readonly result: ComposedResource;
}

function refer(
  resource: ComposedResource,
  renamed: ReadonlyMap<string, readonly ComposedResource[]>,
  known: WeakMap<ComposedResource, Referred>,
): ComposedResource {
  const before = known.get(resource);
  const names = before?.names ?? namesIn(resource);
  const meant = new Map<string, ComposedResource>();
  for (const name of names) {
    const found = referral(resource, renamed.get(name) ?? []);
    if (found !== undefined) meant.set(name, found);
  }
  const changes = JSON.stringify([...meant].map(([name, { id, hashed }]) => [name, hashed ? null : id.name]));
  if (before?.changes === changes) return before.result;
  const result = meant.size === 0 ? resource : withNames(resource, meant);
  known.set(resource, { names, changes, result });
  return result;
}

function namesIn(resource: ComposedResource): readonly string[] {
  const names = new Set<string>();
  changeNames(resource, (key, name) => {
    names.add(key);
    return name;
  });
  return [...names];
}

function withNames(resource: ComposedResource, meant: ReadonlyMap<string, ComposedResource>): ComposedResource {
  const value = changeNames(resource, (key, name) => {
    const target = meant.get(key);
    if (target === undefined) return name;
    if (target.hashed) return unknown(name);
    return target.id.name === stringAt(name, []) ? name : made(target.id.name, name);
  });
  return withValue(resource, value);
}

/** The resource's value with each name in it changed; `key` is the `group/kind/name` of what it names. */
function changeNames({ id, value }: ComposedResource, change: (key: string, name: Value) => Value): Value {
  return references.reduce((changed, { kind, group, field }) => {
    if (!specifies(field, id)) return changed;
    return changeFields(changed, field.path, undefined, (name) => {
      const text = stringAt(name, []);
      return text === undefined ? name : change(`${group}/${kind}/${text}`, name);
    });
  }, value);
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

const podTemplates = ["StatefulSet", "Deployment", "DaemonSet", "ReplicaSet", "Job"] as const;

/** api/internal/konfig/builtinpluginconsts/namereference.go, for the kinds that rules look into. */
const references: readonly NameReference[] = [
  reference("/Service", "spec/serviceName", ["StatefulSet"]),
  ...["apps/Deployment", "apps/ReplicaSet", "apps/StatefulSet"].map((target) =>
    reference(target, "spec/scaleTargetRef/name", ["HorizontalPodAutoscaler"]),
  ),
  reference("/PersistentVolumeClaim", "spec/template/spec/volumes/persistentVolumeClaim/claimName", podTemplates),
  reference("/ServiceAccount", "spec/template/spec/serviceAccountName", podTemplates),
  reference("storage.k8s.io/StorageClass", "spec/storageClassName", ["PersistentVolumeClaim"]),
  reference("storage.k8s.io/StorageClass", "spec/volumeClaimTemplates/spec/storageClassName", ["StatefulSet"]),
  reference("scheduling.k8s.io/PriorityClass", "spec/template/spec/priorityClassName", podTemplates),
  reference("/PersistentVolume", "spec/volumeName", ["PersistentVolumeClaim"]),
  ...[
    ["/ConfigMap", "configMapKeyRef", "configMapRef", "configMap", "configMap/name"] as const,
    ["/Secret", "secretKeyRef", "secretRef", "secret", "secret/secretName"] as const,
  ].flatMap(([target, keyRef, ref, projected, volume]) =>
    [
      `volumes/${volume}`,
      `volumes/projected/sources/${projected}/name`,
      ...["containers", "initContainers"].flatMap((list) => [
        `${list}/env/valueFrom/${keyRef}/name`,
        `${list}/envFrom/${ref}/name`,
      ]),
    ].map((path) => reference(target, `spec/template/spec/${path}`, podTemplates)),
  ),
  reference("/Secret", "spec/template/spec/imagePullSecrets/name", podTemplates),
].flat();

function reference(target: string, path: string, kinds: readonly string[]): readonly NameReference[] {
  const slash = target.indexOf("/");
  return kinds.map((kind) => ({
    group: target.slice(0, slash),
    kind: target.slice(slash + 1),
    field: { path: path.split("/"), kind, create: false },
  }));
}
