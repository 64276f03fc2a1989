/** Kustomizations, what Ordinal says of them, and so whether kustomize builds them; each is run with the real one. */
export interface Refusal {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  /** `file:line` of what makes it fail, in order; empty where it is built. */
  readonly fails: readonly string[];
}

const base = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
  labels: { tier: back }
spec:
  serviceName: db
  replicas: 1
  selector: { matchLabels: { app: db } }
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [{ name: db, image: "x:1", env: [{ name: A, value: b }] }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { size: small }
`;

/** A kustomization of the base; what is said of it begins in line 2. */
function of(title: string, kustomization: string, fails: readonly number[], more: Refusal["files"] = {}): Refusal {
  return {
    title,
    files: { "kustomization.yaml": `resources: [base.yaml]\n${kustomization}\n`, "base.yaml": base, ...more },
    fails: fails.map((line) => `kustomization.yaml:${line}`),
  };
}

/** A JSON patch of the set; its first operation stands in line 5. */
function json(operation: string, fails: boolean): Refusal {
  return of(operation, `patches:\n- target: { kind: StatefulSet }\n  patch: |\n    - ${operation}`, fails ? [5] : []);
}

/** A strategic merge patch of the set in a file of its own. */
function merge(spec: string, fails: readonly number[]): Refusal {
  const patch = `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\nspec:\n  ${spec}\n`;
  const made = of(`merge ${spec}`, "patches: [{ path: patch.yaml }]", [], { "patch.yaml": patch });
  return { ...made, fails: fails.map((line) => `patch.yaml:${line}`) };
}

/** A replacement from the ConfigMap into the set; the source stands in line 3, the field in line 6. */
function replacement(source: string, field: string, fails: readonly number[], options = "{}"): Refusal {
  return of(
    `replacement ${source} ${field}`,
    `replacements:\n- source: ${source}\n  targets:\n  - select: { kind: StatefulSet }\n    fieldPaths:\n    - ${field}\n    options: ${options}`,
    fails,
  );
}

/** A ConfigMap beside the base, whose data stand in line 4. */
function document(lines: string, fails: readonly number[]): Refusal {
  const made = of(`document ${lines}`, "namePrefix: my-", [], {
    "kustomization.yaml": "resources: [base.yaml, more.yaml]\n",
    "more.yaml": `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n${lines}\n`,
  });
  return { ...made, fails: fails.map((line) => `more.yaml:${line}`) };
}

const source = "{ kind: ConfigMap, name: settings, fieldPath: data.size }";

export const refusals: readonly Refusal[] = [
  of("nothing else", "namePrefix: my-", []),
  of("a patch file that is nowhere", "patches: [{ path: nowhere.yaml }]", [2]),
  of(
    "a patch file that is nowhere, with a target",
    "patches: [{ path: nowhere.yaml, target: { kind: StatefulSet } }]",
    [2],
  ),
  of("a patchesStrategicMerge file that is nowhere", "patchesStrategicMerge: [nowhere.yaml]", [2]),
  of("replicas of the set", "replicas: [{ name: db, count: 3 }]", []),
  of("replicas of nothing", "replicas: [{ name: database, count: 3 }]", [2]),
  of("replicas of a ConfigMap", "replicas: [{ name: settings, count: 3 }]", [2]),
  of("replicas as text", 'replicas: [{ name: db, count: "3" }]', [2]),
  of("replicas as 3.0", "replicas: [{ name: db, count: 3.0 }]", []),
  of("a tag that is a number", "images: [{ name: x, newTag: 1.10 }]", [2]),
  of("a tag that is text", 'images: [{ name: x, newTag: "1.10" }]', []),
  of("a name that YAML reads as a boolean", 'images: [{ name: y, newTag: "1" }]', [2]),
  of("an image that is nowhere", 'images: [{ name: other, newTag: "1" }]', []),
  of("no list of images", "images: { name: x }", [2]),
  of("a namespace that is a number", "namespace: 1", [2]),
  of("a prefix that is a boolean", "namePrefix: yes", [2]),
  of("a label that is a number", "labels: [{ pairs: { a: 1 } }]", [2]),
  of("a label without a value", "commonLabels: { a: }", []),
  of("a flag that is text", 'labels: [{ pairs: { a: b }, includeSelectors: "true" }]', [2]),
  of("a label that YAML reads as a number", 'labels: [{ pairs: { "1": b } }]', [2]),
  of("an annotation that YAML reads as a boolean", 'commonAnnotations: { "true": b }', [2]),
  of("an annotation yes", 'commonAnnotations: { "yes": b }', []),
  of("an unknown field", "imagez: []", [2]),
  of("an unknown field of an image", 'images: [{ name: x, tag: "1" }]', [2]),
  of("another case", "NAMESPACE: x", []),
  of("a patch as a path", "patches: [patch.yaml]", [2], {
    "patch.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: { name: db }\n",
  }),
  of("a patch without anything", "patches: [{ target: { kind: StatefulSet } }]", [2]),
  of("a missing file", "bases: [nowhere.yaml]", [2]),
  of("a missing directory", "bases: [nowhere]", [2]),
  of("a missing file of a missing directory", "bases: [nowhere/at/all.yaml]", [2]),
  of("a missing directory of a missing one", "bases: [./nowhere/base]", [2]),
  of("a kustomization file", "bases: [below/kustomization.yaml]", [2], {
    "below/kustomization.yaml": "resources: [more.yaml]\n",
    "below/more.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: more }\n",
  }),
  of("a misspelt kind", "kind: Kustomisation\napiVersion: kustomize.config.k8s.io/v1beta1", [2]),
  of("another API version", "kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1", [3]),
  of("its API version", "apiVersion: kustomize.config.k8s.io/v1beta1", []),
  of(
    "an expression that is none",
    `patches: [{ target: { kind: "State(" }, patch: '[{"op": "add", "path": "/spec/replicas", "value": 2}]' }]`,
    [2],
  ),
  of(
    "an expression",
    `patches: [{ target: { kind: "State.*" }, patch: '[{"op": "add", "path": "/spec/replicas", "value": 2}]' }]`,
    [],
  ),
  of("a directory without a kustomization", "bases: [some]", [2], { "some/one.yaml": base }),
  of("itself", "bases: [.]", [2]),
  {
    ...of("a cycle through a base", "bases: [below]", [], { "below/kustomization.yaml": "resources: [..]\n" }),
    fails: ["below/kustomization.yaml:1"],
  },
  of("a Kustomization as a component", "components: [below]", [2], {
    "below/kustomization.yaml": "namePrefix: a-\nresources: []\n",
  }),
  of("a Component as a resource", "bases: [below]", [2], {
    "below/kustomization.yaml": "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nnamePrefix: a-\n",
  }),
  of("the base twice", "bases: [base.yaml]", [2]),
  of("a base in two variants", "bases: [a, b]", [], {
    "kustomization.yaml": "resources: [a, b]\n",
    "a/kustomization.yaml": "resources: [../c]\nnamePrefix: a-\n",
    "b/kustomization.yaml": "resources: [../c]\nnamePrefix: b-\n",
    "c/kustomization.yaml": "resources: [base.yaml]\n",
    "c/base.yaml": base,
  }),
  of("a generated object", "configMapGenerator: [{ name: made, literals: [a=b] }]", []),
  of("a generated object that is there", "configMapGenerator: [{ name: settings, literals: [a=b] }]", [2]),
  of("a merge into nothing", "configMapGenerator: [{ name: other, behavior: merge, literals: [a=b] }]", [2]),
  of("a merge", "configMapGenerator: [{ name: settings, behavior: merge, literals: [a=b] }]", []),
  of("a literal without a value", "configMapGenerator: [{ name: made, literals: [ab] }]", [2]),
  of("a literal twice", "configMapGenerator: [{ name: made, literals: [a=b, a=c] }]", [2]),
  of("a literal whose key is a number", 'secretGenerator: [{ name: made, literals: ["1=b"] }]', [2]),
  of("a generator without a name", "configMapGenerator: [{ literals: [a=b] }]", [2]),
  of(
    "a patch of nothing",
    "patches:\n- patch: |-\n    apiVersion: apps/v1\n    kind: StatefulSet\n    metadata: { name: other }",
    [6],
  ),
  of(
    "a patch of another version",
    "patches:\n- patch: |-\n    apiVersion: v1\n    kind: StatefulSet\n    metadata: { name: db }",
    [6],
  ),
  of(
    "a patch without a name",
    "patches:\n- target: { kind: StatefulSet }\n  patch: |-\n    kind: StatefulSet\n    spec: { replicas: 2 }",
    [5],
  ),
  of(
    "a target that selects nothing",
    "patches:\n- target: { kind: Job }\n  patch: |-\n    - { op: remove, path: /spec/nowhere }",
    [],
  ),
  of("two merge patches for a target", "patches: [{ target: { kind: StatefulSet }, path: patch.yaml }]", [], {
    "patch.yaml": "kind: a\nmetadata: { name: a }\n",
  }),
  json("{ op: test, path: /spec/replicas, value: 1 }", false),
  json("{ op: test, path: /spec/replicas, value: 2 }", true),
  json('{ op: test, path: /spec/replicas, value: "1" }', true),
  json("{ op: test, path: /spec/nowhere, value: null }", false),
  json("{ op: test, path: /spec/nowhere/deep, value: null }", true),
  json("{ op: remove, path: /spec/replicas }", false),
  json("{ op: remove, path: /spec/nowhere }", true),
  json("{ op: remove, path: /spec/template/spec/containers/1 }", true),
  json("{ op: remove, path: /spec/template/spec/containers/-1 }", false),
  json("{ op: remove, path: /metadata/annotations/a }", true),
  json("{ op: add, path: /metadata/annotations/a, value: b }", false),
  json("{ op: replace, path: /spec/nowhere, value: 1 }", false),
  json("{ op: replace, path: /spec/nowhere/deep, value: 1 }", true),
  json("{ op: replace, path: /spec/template/spec/containers/1, value: {} }", true),
  json("{ op: add, path: /spec/nowhere/deep, value: 1 }", true),
  json("{ op: add, path: /spec/template/spec/containers/1, value: { name: a } }", false),
  json("{ op: add, path: /spec/template/spec/containers/2, value: { name: a } }", true),
  json("{ op: move, from: /spec/nowhere, path: /spec/there }", true),
  json("{ op: copy, from: /spec/nowhere, path: /spec/there }", false),
  json("{ op: move, path: /spec/there }", true),
  json("{ op: set, path: /spec/there, value: 1 }", true),
  json("{ op: add, value: 1 }", true),
  merge("replicas: 2", []),
  merge("replicas: { a: b }", [5]),
  merge("selector: [a]", [5]),
  merge("template: { spec: { containers: { name: db } } }", [5]),
  merge("template: { $patch: drop }", [5]),
  merge("selector: { $patch: merge, matchLabels: { a: b } }", []),
  merge("<<: { replicas: 3 }\n  <<: { minReadySeconds: 3 }", [6]),
  replacement(source, "spec.serviceName", []),
  replacement("{ kind: ConfigMap, name: other }", "spec.serviceName", [3]),
  replacement("{ kind: ConfigMap, name: settings, fieldPath: data.color }", "spec.serviceName", [3]),
  replacement("{ version: v1 }", "spec.serviceName", [3]),
  of("a replacement without targets", `replacements: [{ source: ${source} }]`, [2]),
  of("a replacement without a source", "replacements: [{ targets: [{ select: { kind: StatefulSet } }] }]", [2]),
  replacement(source, "spec.nowhere", [7]),
  replacement(source, "spec.nowhere", [], "{ create: true }"),
  replacement(source, '"spec.template.spec.containers.[name=other].image"', [7]),
  document("data: { true: a }", [4]),
  document('data: { "true": a }', []),
  document("data: { yes: a }", []),
  document("data: { 1: a }", [4]),
  document("data: { 2020-01-01: a }", [4]),
  document("x: &a { b: c }\ndata:\n  <<: *a\n  <<: *a", [7]),
  document("x: &a { b: c }\ndata:\n  b: d\n  <<: *a", []),
];
