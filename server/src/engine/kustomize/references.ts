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

export interface Referred {
  readonly names: string;
  readonly result: ComposedResource;
}

function refer(
  resource: ComposedResource,
  renamed: ReadonlyMap<string, readonly ComposedResource[]>,
  known: WeakMap<ComposedResource, Referred>,
): ComposedResource {
  const found: string[] = [];
  let { value } = resource;
  for (const { kind, group, field } of references) {
    if (!specifies(field, resource.id)) continue;
    value = changeFields(value, field.path, undefined, (name) => {
      const text = shapeOf(name) === "scalar" ? stringAt(name, []) : undefined;
      if (text === undefined) return name;
      const meant = referral(resource, renamed.get(`${group}/${kind}/${text}`) ?? []);
      if (meant === undefined || (meant.id.name === text && !meant.hashed)) return name;
      found.push(`${text} ${meant.hashed ? "" : meant.id.name}`);
      return meant.hashed ? unknown(name) : made(meant.id.name, name);
    });
  }
  const names = found.join("\n");
  const before = known.get(resource);
  if (before?.names === names) return before.result;
  const result = withValue(resource, value);
  known.set(resource, { names, result });
  return result;
}

/** `selectReferral`: where several objects had the name, the one with the same prefixes and suffixes. */
function referral(referrer: ComposedResource, named: readonly ComposedResource[]): ComposedResource | undefined {
  const namespace = effectiveNamespace(referrer.id);
  let candidates = named.filter(({ id }) => {
    const other = effectiveNamespace(id);
    return other === "" || other === namespace || id.kind === "ServiceAccount" || namespace === "";
  });
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(one, referrer, true));
  if (candidates.length > 1) candidates = candidates.filter((one) => sameAffixes(one, referrer, false));
  const [first] = candidates;
  return candidates.every(({ id }) => id.name === first?.id.name) ? first : undefined;
}

/** `PrefixesSuffixesEquals` in api/resource/resource.go. */
function sameAffixes(one: ComposedResource, other: ComposedResource, allowEmpty: boolean): boolean {
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
