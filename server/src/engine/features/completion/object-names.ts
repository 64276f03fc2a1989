import type { OtherSummary } from "../../workspace/summary.js";
import { fileName } from "../../workspace/directory.js";
import { sameNamespace } from "../../workspace/namespace.js";
import type { Around } from "./around.js";
import type { Value } from "./item.js";

/** The objects in scope that a field of a pod may name: those of the kind that it names, or what one of them holds. */
export function objectNames(around: Around): readonly Value[] {
  const { field, path, cursor, resource } = around;
  const named = namingFields.find(({ name }) => name.test(field));
  if (named !== undefined) {
    return objects(named.kind, around).map(({ key, document }) => ({
      value: key.name,
      detail: `${key.kind} in ${fileName(document.uri)}`,
    }));
  }
  const keyed = keyFields.find(({ key }) => key.test(field));
  if (keyed === undefined) return [];
  const name = cursor.root.at(...resource.place.path, ...path.slice(0, -keyed.depth), keyed.name).value();
  return objects(keyed.kind, around)
    .filter(({ key }) => key.name === name)
    .flatMap(({ key, dataKeys }) => (dataKeys ?? []).map((value) => ({ value, detail: `key of ${key.name}` })));
}

function objects(kind: string, { scope, resource }: Around): readonly OtherSummary[] {
  return scope.all("other").filter(({ key }) => key.kind === kind && sameNamespace(key, resource.key.namespace));
}

/** Fields by their ends, and the kind of what they name (PodSpec and its parts, Kubernetes 1.36). */
const namingFields: readonly { readonly name: RegExp; readonly kind: string }[] = [
  { name: /\.(?:configMapRef|configMapKeyRef|configMap)\.name$/, kind: "ConfigMap" },
  { name: /\.(?:secretRef|secretKeyRef|secret)\.name$|\.secret\.secretName$|\.\w+SecretRef\.name$/, kind: "Secret" },
  { name: /\.imagePullSecrets\[\]\.name$/, kind: "Secret" },
  { name: /^spec\.template\.spec\.serviceAccountName$/, kind: "ServiceAccount" },
];

/** Fields that name a key of an object's data; the object's name is beside them, or `depth` steps above. */
const keyFields: readonly {
  readonly key: RegExp;
  readonly kind: string;
  readonly depth: number;
  readonly name: string;
}[] = [
  { key: /\.configMapKeyRef\.key$/, kind: "ConfigMap", depth: 1, name: "name" },
  { key: /\.secretKeyRef\.key$/, kind: "Secret", depth: 1, name: "name" },
  { key: /\.configMap\.items\[\]\.key$/, kind: "ConfigMap", depth: 3, name: "name" },
  { key: /\.volumes\[\]\.secret\.items\[\]\.key$/, kind: "Secret", depth: 3, name: "secretName" },
  { key: /\.sources\[\]\.secret\.items\[\]\.key$/, kind: "Secret", depth: 3, name: "name" },
];
