import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readDeployments, type ReadDeployment } from "../../../server/src/engine/render/deployments.js";

const application = (spec: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: db, namespace: argocd }\nspec: ${spec}\n`;
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: db, namespace: apps }\nspec: ${spec}\n`;
const kustomization = (spec: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps }\nspec: ${spec}\n`;

const git = "sourceRef: { kind: GitRepository, name: repo }";
const plain = { namespace: undefined, valueFiles: [], values: [], parameters: [] };

/** What is deployed, or why that is not known. */
const known: readonly (readonly [
  string,
  text: string,
  directory: string,
  namespace: string | undefined,
  release: object,
])[] = [
  [
    "an Application of a directory",
    application("{ destination: { namespace: prod }, source: { repoURL: x, path: deploy } }"),
    "deploy",
    undefined,
    { ...plain, name: "db", namespace: "prod" },
  ],
  [
    "its files, values and parameters",
    application(
      "{ source: { path: charts/db, helm: { releaseName: main, namespace: own, valueFiles: [a.yaml, /b.yaml], values: 'x: 1', parameters: [{ name: one, value: '2' }, { name: two, value: '3', forceString: true }] } } }",
    ),
    "charts/db",
    undefined,
    {
      name: "main",
      namespace: "own",
      valueFiles: ["a.yaml", "/b.yaml"],
      values: ["x: 1"],
      parameters: [
        { name: "one", value: "2", isText: false },
        { name: "two", value: "3", isText: true },
      ],
    },
  ],
  [
    "a map of values instead of a text",
    application("{ source: { path: c, helm: { values: 'x: 1', valuesObject: { x: 2 } } } }"),
    "c",
    undefined,
    { ...plain, name: "db", values: ['{"x":2}'] },
  ],
  [
    "a Kustomization of Flux",
    kustomization(`{ path: ./apps, ${git}, targetNamespace: prod }`),
    "./apps",
    "prod",
    { ...plain, name: "release-name" },
  ],
  ["one without a path", kustomization(`{ ${git} }`), "./", undefined, { ...plain, name: "release-name" }],
  [
    "a HelmRelease",
    release(`{ chart: { spec: { chart: ./charts/db, ${git} } }, values: { x: 1 } }`),
    "./charts/db",
    undefined,
    { ...plain, name: "db", namespace: "apps", values: ['{"x":1}'] },
  ],
  [
    "one for another namespace",
    release(`{ targetNamespace: prod, chart: { spec: { chart: c, ${git} } } }`),
    "c",
    undefined,
    { ...plain, name: "prod-db", namespace: "prod" },
  ],
];

const unknown: readonly (readonly [string, text: string, reason: RegExp, directory: string | undefined])[] = [
  ["a chart of a Helm repository", application("{ source: { chart: redis } }"), /chart redis/, undefined],
  ["changes by kustomize", application("{ source: { path: a, kustomize: { namePrefix: x- } } }"), /`kustomize`/, "a"],
  ["a plugin", application("{ source: { path: a, plugin: {} } }"), /`plugin`/, "a"],
  [
    "files of another source",
    application("{ source: { path: a, helm: { valueFiles: [$values/b.yaml] } } }"),
    /\$values\/b\.yaml/,
    "a",
  ],
  [
    "files as parameters",
    application("{ source: { path: a, helm: { fileParameters: [{ name: x, path: y }] } } }"),
    /fileParameters/,
    "a",
  ],
  [
    "values from a Secret",
    release(`{ valuesFrom: [{ kind: Secret, name: x }], chart: { spec: { chart: c, ${git} } } }`),
    /valuesFrom/,
    "c",
  ],
  [
    "files instead of values.yaml",
    release(`{ chart: { spec: { chart: c, valuesFiles: [a.yaml], ${git} } } }`),
    /valuesFiles/,
    "c",
  ],
  ["a chart of another object", release("{ chartRef: { kind: OCIRepository, name: x } }"), /another object/, undefined],
  [
    "a repository of charts",
    release("{ chart: { spec: { chart: redis, sourceRef: { kind: HelmRepository, name: x } } } }"),
    /HelmRepository/,
    undefined,
  ],
  ["patches", kustomization(`{ path: a, ${git}, patches: [{ patch: x }] }`), /patches/, "a"],
  ["a bucket", kustomization("{ path: a, sourceRef: { kind: Bucket, name: x } }"), /Bucket/, undefined],
];

function only(text: string): ReadDeployment {
  const [first, ...others] = readDeployments(text);
  assert.ok(first);
  assert.deepEqual(others, []);
  return first;
}

describe("what Argo CD and Flux deploy", () => {
  for (const [name, text, directory, namespace, expected] of known) {
    test(name, () => {
      const read = only(text);
      assert.ok(read.type === "deployment");
      const { release: found, label, ...rest } = read.deployment;
      assert.match(label, /^(?:Application db|HelmRelease db|Kustomization apps)$/);
      assert.deepEqual(rest, { directory, namespace });
      assert.deepEqual(found, expected);
    });
  }
  for (const [name, text, reason, directory] of unknown) {
    test(`not known: ${name}`, () => {
      const read = only(text);
      assert.ok(read.type === "unknown");
      assert.match(read.reason, reason);
      assert.equal(read.directory, directory);
    });
  }

  test("several sources, several documents", () => {
    const two = application("{ sources: [{ path: a }, { ref: values }, { path: b }] }");
    const directories = readDeployments(`${two}---\n${release(`{ chart: { spec: { chart: c, ${git} } } }`)}`).map(
      (read) => (read.type === "deployment" ? read.deployment.directory : read.label),
    );
    assert.deepEqual(directories, ["a", "b", "c"]);
  });

  test("other kinds of the same groups, other groups, and half of an object deploy nothing", () => {
    for (const text of [
      "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n",
      "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n",
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\n",
      "# argoproj.io/\n- {",
    ]) {
      assert.deepEqual(readDeployments(text), []);
    }
  });
});
