import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { service, statefulSet } from "../../cli/manifests.js";
import { directoryWith, ordinal } from "../../cli/ordinal.js";
import { pathWithTools } from "./tools.js";

const chart = {
  "charts/db/Chart.yaml": "apiVersion: v2\nname: database\nversion: 1.0.0\n",
  "charts/db/values.yaml": "service: bd\n",
  "charts/db/prod.yaml": "service: db\n",
  "charts/db/templates/set.yaml": statefulSet("db").replace("serviceName: db", "serviceName: {{ .Values.service }}"),
  "charts/db/templates/service.yaml": service("db"),
};
const base = {
  "apps/kustomization.yaml": "resources: [set.yaml]\n",
  "apps/set.yaml": statefulSet("bd").replace("name: bd", "name: db"),
};

const application = (source: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: db }\nspec: { source: { ${source} } }\n`;
const git = "sourceRef: { kind: GitRepository, name: repo }";
const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: db }\nspec: { chart: { spec: { chart: ./charts/db, ${git} } }, ${spec} }\n`;
const kustomization = (spec: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: apps }\nspec: { path: ./apps, ${git}, ${spec} }\n`;

/** What is found where a repository has this deployment, and what is said beside. */
async function lint(context: TestContext, files: Readonly<Record<string, string>>, ...paths: readonly string[]) {
  const cwd = directoryWith(context, { ".git/HEAD": "", ...files });
  const argv = ["lint", "--render", "--format", "json", ...paths];
  const { stdout, stderr } = await ordinal(argv, { cwd, env: { PATH: pathWithTools } });
  const { findings } = JSON.parse(stdout) as {
    findings: { file: string; line: number; rule: string; builds?: string[] }[];
  };
  return {
    findings: findings.map(({ file, line, rule, builds = [] }) => `${file}:${line} ${rule} ${builds.join()}`.trim()),
    stderr,
  };
}

const set = "charts/db/templates/set.yaml:6 service-missing";
const cases: readonly (readonly [string, files: Readonly<Record<string, string>>, findings: readonly string[]])[] = [
  ["a chart as it is", {}, [`${set} charts/db`]],
  [
    "an Application with its values",
    { "app.yaml": application("path: charts/db, helm: { values: 'service: db' }") },
    [],
  ],
  ["an Application with files", { "app.yaml": application("path: charts/db, helm: { valueFiles: [prod.yaml] }") }, []],
  [
    "files from the root",
    { "app.yaml": application("path: charts/db, helm: { valueFiles: [/charts/db/prod.yaml] }") },
    [],
  ],
  [
    "parameters over values",
    {
      "app.yaml": application(
        "path: charts/db, helm: { values: 'service: db', parameters: [{ name: service, value: 'a,b' }] }",
      ),
    },
    ["charts/db/templates/set.yaml:6 service-name-invalid charts/db of Application db"],
  ],
  ["a HelmRelease", { "release.yaml": release("values: { service: wrong }") }, [`${set} charts/db of HelmRelease db`]],
  ["a HelmRelease that mends it", { "release.yaml": release("values: { service: db }") }, []],
];
for (const [name, files, expected] of cases) {
  test(`what is deployed: ${name}`, async (context) => {
    const { findings, stderr } = await lint(context, { ...chart, ...files });
    assert.deepEqual([findings, stderr], [expected, ""]);
  });
}

test("an Application of a kustomization is asked about by its file alone", async (context) => {
  const { findings } = await lint(context, { ...base, "argo/app.yaml": application("path: apps") }, "argo/app.yaml");
  assert.ok(findings.includes("apps/set.yaml:6 service-missing apps of Application db"), String(findings));
});

test("a Kustomization of Flux builds for its namespace", async (context) => {
  const files = { ...base, "flux.yaml": kustomization("targetNamespace: prod") };
  const { findings } = await lint(context, files);
  assert.ok(findings.includes("apps/set.yaml:6 service-missing apps of Kustomization apps"), String(findings));
});

const silent: readonly (readonly [string, string, RegExp])[] = [
  [
    "values from a Secret",
    release("valuesFrom: [{ kind: Secret, name: x }]"),
    /HelmRelease db deploys was not checked: `valuesFrom` is not known/,
  ],
  ["a chart from elsewhere", application("chart: redis"), /chart redis comes from a Helm repository/],
  ["a directory of another repository", application("path: nowhere"), /nowhere is not a directory of this project/],
  ["a way out of the repository", application("path: ../../etc"), /is not a directory of this project/],
];
for (const [name, text, note] of silent) {
  test(`${name}: one note, and nothing is claimed of it`, async (context) => {
    const { findings, stderr } = await lint(context, { ...chart, "deploy.yaml": text });
    const isKnown = !text.includes("valuesFrom");
    assert.deepEqual(findings, isKnown ? [`${set} charts/db`] : []);
    assert.match(stderr, note);
    assert.equal(stderr.trim().split("\n").length, 1);
  });
}

test("a file with values that lies outside the repository is not read", async (context) => {
  const app = application("path: charts/db, helm: { valueFiles: [../../../secret.yaml] }");
  const { findings, stderr } = await lint(context, { ...chart, "app.yaml": app });
  assert.deepEqual(findings, []);
  assert.match(stderr, /charts\/db of Application db was not built: .*secret\.yaml is not in this project/);
});

test("plan plays what an Application deploys", async (context) => {
  const cwd = directoryWith(context, {
    ".git/HEAD": "",
    ...chart,
    "app.yaml": application("path: charts/db, helm: { values: 'service: db' }"),
  });
  const { code, stdout } = await ordinal(["plan", "--render", "app.yaml"], { cwd, env: { PATH: pathWithTools } });
  assert.equal(code, 0);
  assert.match(stdout, /^create StatefulSet db of charts\/db of Application db: converges/);
});
