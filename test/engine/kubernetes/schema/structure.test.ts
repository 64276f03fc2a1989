import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import fc from "fast-check";
import { refusalRules } from "../../../../server/src/engine/lint/refusal-rules.js";
import type { Refusal } from "../../../../server/src/engine/kubernetes/refusal.js";
import { readResource } from "../../../../server/src/engine/kubernetes/resources/resource.js";
import { knownKinds, rootType, typeSchema } from "../../../../server/src/engine/kubernetes/schema/schema.js";
import { refusalsOf } from "../../../../server/src/engine/kubernetes/resources/refusals.js";
import { parseRelease, type Release } from "../../../../server/src/engine/kubernetes/versions.js";
import { parse } from "../../../../server/src/engine/yaml/parse.js";
import { formatPath, type Path } from "../../../../server/src/engine/yaml/path.js";
import { readCases } from "../../../../server/src/tools/validate.js";
import { repo } from "../../../harness/repo.js";
import { many, sampled } from "../../../harness/fast.js";

function refusals(yaml: string, version = "1.36"): readonly Refusal[] {
  const resource = readResource(parse(yaml).root);
  assert.ok(resource);
  const cluster = { kubernetesVersion: release(version), featureGates: {}, newerRelease: undefined };
  return [...refusalsOf(resource, cluster)];
}

function release(version: string): Release {
  const parsed = parseRelease(version);
  assert.ok(parsed);
  return parsed;
}

/** What is refused and where: `schema-type spec.replicas`. */
function refused(yaml: string, version?: string): readonly string[] {
  return refusals(yaml, version).map(({ reason, at }) => `${refusalRules[reason]} ${formatPath(at.place.path)}`);
}

const service = (spec: string) => `apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
${spec}`;

const statefulSet = (pod: string, container = "", spec = "") => `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
${spec}
  selector:
    matchLabels: { app: db }
  template:
    metadata:
      labels: { app: db }
    spec:
      ${pod}
      containers:
        - name: db
          image: postgres:17
          ${container}
`;

const cases: readonly (readonly [title: string, yaml: string, expected: readonly string[], version?: string])[] = [
  ["null is unset everywhere", statefulSet("securityContext:", "resources:", "  replicas: null"), []],
  ["an empty text is unset where Kubernetes defaults it", statefulSet('restartPolicy: ""'), []],
  ["creationTimestamp: null", statefulSet("").replace("name: db", "name: db\n  creationTimestamp: null"), []],
  ["a text is no number", statefulSet("", "", '  replicas: "3"'), ["schema-type spec.replicas"]],
  ["3.0 is an integer", statefulSet("", "", "  replicas: 3.0"), []],
  ["3.5 is none", statefulSet("", "", "  replicas: 3.5"), ["schema-type spec.replicas"]],
  ["2^31 is too large for 32 bits", statefulSet("", "", "  replicas: 2147483648"), ["schema-type spec.replicas"]],
  ["but not for 64", statefulSet("terminationGracePeriodSeconds: 2147483648"), []],
  ["yes is no text", statefulSet("nodeSelector: { disk: yes }"), ["schema-type spec.template.spec.nodeSelector.disk"]],
  ["a quantity may be a number", statefulSet("", "resources: { requests: { cpu: 0.5 } }"), []],
  [
    "but not any text",
    statefulSet("", "resources: { requests: { memory: 1GB } }"),
    ["quantity-invalid spec.template.spec.containers[0].resources.requests.memory"],
  ],
  ["names are case-sensitive", statefulSet("", "", "  Replicas: 3"), ["schema-unknown-field spec.Replicas"]],
  [
    "what a patch says to whoever merges it is unknown in an object",
    statefulSet("$patch: replace", "$retainKeys: [image]"),
    [
      "schema-unknown-field spec.template.spec.$patch",
      "schema-unknown-field spec.template.spec.containers[0].$retainKeys",
    ],
  ],
  ["a key that a tool replaces is passed over", statefulSet("$KEY: x", "${OTHER}: y"), []],
  ["a dollar makes no directive", statefulSet("$paused: true"), ["schema-unknown-field spec.template.spec.$paused"]],
  [
    "what a tool will replace is passed over",
    statefulSet("restartPolicy: ${POLICY}", 'ports: [{ containerPort: "${PORT}" }]'),
    [],
  ],
  [
    "a null container is one without a name",
    statefulSet("initContainers: [null]"),
    [
      "schema-required spec.template.spec.initContainers[0].image",
      "schema-required spec.template.spec.initContainers[0].name",
    ],
  ],
  [
    "what the status says counts for nothing",
    `${statefulSet("")}status: { replicas: 1, phase: 3 }\n`,
    ["schema-unknown-field status.phase"],
  ],
  [
    "a release knows its own fields",
    service("  trafficDistribution: PreferClose"),
    ["field-since spec.trafficDistribution"],
    "1.29",
  ],
  [
    "and its own values",
    service("  trafficDistribution: PreferSameNode"),
    ["schema-enum spec.trafficDistribution"],
    "1.32",
  ],
  ["and its successors those too", service("  trafficDistribution: PreferSameNode"), [], "1.36"],
  [
    "Recreate is behind a gate in 1.37",
    statefulSet("", "", "  updateStrategy: { type: Recreate }"),
    ["recreate-gated spec.updateStrategy.type"],
    "1.37",
  ],
  [
    "and none before",
    statefulSet("", "", "  updateStrategy: { type: Recreate }"),
    ["recreate-gated spec.updateStrategy.type"],
    "1.36",
  ],
  [
    "names of Services begin with a letter before 1.36",
    service("").replace("name: db", "name: 1db"),
    ["name-not-dns-label metadata.name"],
    "1.35",
  ],
  ["and may begin with a digit from then on", service("").replace("name: db", "name: 1db"), [], "1.36"],
  [
    "other groups with a kind of that name are not judged",
    statefulSet("nope: 1").replace("apps/v1", "apps.kruise.io/v1beta1"),
    [],
  ],
  [
    "cipher text is not judged",
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ENC[x]\nsops:\n  version: 3.8.1\n",
    [],
  ],
  [
    "the data of a Secret are base64",
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  a: cGFzcw==\n  b: plain text\n",
    ["schema-type data.b"],
  ],
];

describe("what the API server refuses", () => {
  for (const [title, yaml, expected, version] of cases) {
    test(title, () => assert.deepEqual(refused(yaml, version), expected));
  }
});

test("every type that a field names is there, and every kind has one", () => {
  for (const kind of knownKinds) {
    const [name = "", ...group] = kind.split("/").toReversed();
    const type = rootType(group.toReversed().join("/"), name);
    assert.ok(type);
    const open = [type];
    const seen = new Set<string>();
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      for (const { type: fieldType } of typeSchema(next).values()) {
        let inner = fieldType;
        while (inner.kind === "list" || inner.kind === "map") inner = inner.kind === "list" ? inner.item : inner.value;
        if (inner.kind === "object") open.push(inner.type);
      }
    }
  }
});

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Manifests that a real API server accepted, as plain values. */
const accepted = sampled(readCases(readFileSync(repo("test/truth/validation.jsonl"), "utf8")))
  .filter((one) => one.accepted)
  .map((one) => parse(one.yaml).root)
  .filter((root) => readResource(root)?.kind === "StatefulSet")
  .map((root) => root.value() as Json);

/** Every place of a value with what stands there. */
function* placesOf(value: Json, path: Path = []): Iterable<readonly [Path, Json]> {
  yield [path, value];
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) {
    yield* placesOf(part, [...path, Array.isArray(value) ? Number(key) : key]);
  }
}

function replaced(value: Json, path: Path, part: Json): Json {
  const [step, ...rest] = path;
  if (step === undefined) return part;
  if (Array.isArray(value))
    return value.map((item: Json, index) => (index === step ? replaced(item, rest, part) : item));
  const map = value as { readonly [key: string]: Json };
  return { ...map, [step]: replaced(map[step] ?? null, rest, part) };
}

/** A manifest and one of its places below `spec`, other than the root's own. */
const manifestAndPlace = fc.constantFrom(...accepted).chain((manifest) => {
  const places = [...placesOf(manifest)].filter(
    ([path, value]) => path[0] === "spec" && path.length > 1 && value !== null,
  );
  return fc.record({ manifest: fc.constant(manifest), place: fc.constantFrom(...places) });
});

/** JSON is YAML. */
const asYaml = (value: Json) => JSON.stringify(value);

test("a value of another type is refused where it stands", () => {
  fc.assert(
    fc.property(manifestAndPlace, ({ manifest, place: [path, value] }) => {
      const other: Json = typeof value === "object" ? "x" : { x: 1 };
      const found = refusals(asYaml(replaced(manifest, path, other)));
      assert.ok(
        found.some(({ reason, at }) => reason === "type" && formatPath(at.place.path) === formatPath(path)),
        `${formatPath(path)}: ${found.map(({ reason, at }) => `${refusalRules[reason]} ${formatPath(at.place.path)}`).join(", ")}`,
      );
    }),
    { numRuns: many(500) },
  );
});

test("a misspelt key is refused where it stands, or it is a key of the user's own", () => {
  fc.assert(
    fc.property(manifestAndPlace, ({ manifest, place: [path, value] }) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return;
      const before = refused(asYaml(manifest));
      const after = refused(asYaml(replaced(manifest, [...path, "zzz"], "x")));
      const own = /(?:[lL]abels|annotations|nodeSelector|requests|limits|overhead)$/.test(formatPath(path));
      assert.ok(own || after.length > before.length, formatPath(path));
    }),
    { numRuns: many(500) },
  );
});

test("whatever stands in a manifest, nothing is thrown", () => {
  const anything = fc.jsonValue() as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(manifestAndPlace, anything, fc.constantFrom("1.29", "1.33", "1.36", "1.37"), (one, value, version) => {
      refusals(asYaml(replaced(one.manifest, one.place[0], value)), version);
    }),
    { numRuns: many(500) },
  );
});
