import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createWorkspace, defaultConfig, type Analysis } from "../../../server/src/engine/api.js";
import { lensesIn, symbolsIn } from "../../harness/features.js";

type Files = Readonly<Record<string, string | undefined>>;

interface Case {
  readonly title: string;
  readonly before: Files;
  /** What is changed then, one file at a time; `undefined` removes a file. */
  readonly changes: readonly Files[];
  /** The rules that are found in the end, over all files. */
  readonly rules: readonly string[];
}

const statefulSet = (name: string, more = "") => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
${more}  template:
    metadata: { labels: { app: ${name} } }
    spec: { containers: [{ name: main, image: "postgres:17" }] }
`;
const service = (name: string, selector = `app: ${name}`) => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: None, selector: { ${selector} } }
`;
const broken = `apiVersion: v1
kind: Service
metadata:
  name: db
 spec:
  clusterIP: None
`;
const templated = service("{{ .Release.Name }}");
const chart = { "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n" };
const patch = (spec: string) => `apiVersion: v1
kind: Service
metadata: { name: db }
spec: { ${spec} }
`;
const retention = "  persistentVolumeClaimRetentionPolicy: { whenScaled: Delete }\n";

const cases: readonly Case[] = [
  {
    title: "the last tag of a file goes: its other documents are plain YAML again",
    before: { ...chart, "c/templates/db.yaml": `${broken}---\n${templated}` },
    changes: [{ "c/templates/db.yaml": `${broken}---\n${service("cache")}` }],
    rules: ["yaml-syntax"],
  },
  {
    title: "a first tag comes: what no tag can mend is still a mistake",
    before: { ...chart, "c/templates/db.yaml": `${broken}---\n${service("cache")}` },
    changes: [{ "c/templates/db.yaml": `${broken}---\n${templated}` }],
    rules: ["yaml-syntax"],
  },
  {
    title: "a document that never could be read has no last good reading",
    before: { "db.yaml": statefulSet("db"), "service.yaml": `${service("bd")}  [` },
    changes: [{ "service.yaml": `${service("db")}  [` }, { "service.yaml": `${service("db")}  {` }],
    rules: ["yaml-syntax"],
  },
  {
    title: "a build is called otherwise once there are other kustomizations",
    before: {
      "k/base/kustomization.yaml": "resources: [set.yaml]\n",
      "k/base/set.yaml": statefulSet("db", retention),
      "k/dev/kustomization.yaml": "resources: [../base]\n",
      "k/prod/kustomization.yaml": `resources: [../base]
patches: [{ patch: "{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db}, spec: {serviceName: null}}" }]
`,
    },
    changes: [{ "other/kustomization.yaml": "namePrefix: x-\n" }, { "z.yaml": service("z") }],
    rules: ["retention-no-templates", "service-missing", "service-name-unset"],
  },
  {
    title: "an autoscaler that another kustomization takes up is no longer applied beside a build",
    before: {
      "app/k/kustomization.yaml": "resources: [set.yaml, service.yaml]\n",
      "app/k/set.yaml": statefulSet("db"),
      "app/k/service.yaml": service("db"),
      "app/autoscaler.yaml": `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }
  maxReplicas: 3
`,
    },
    changes: [{ "app/more/kustomization.yaml": "resources: [../autoscaler.yaml]\nnamePrefix: x-\n" }],
    rules: [],
  },
  {
    title: "a value moves from one patch to another: it is shown there",
    before: {
      "k/kustomization.yaml":
        "resources: [set.yaml, service.yaml]\npatches: [{ path: one.yaml }, { path: two.yaml }]\n",
      "k/set.yaml": statefulSet("db"),
      "k/service.yaml": service("db"),
      "k/one.yaml": patch("selector: { app: x }"),
      "k/two.yaml": patch("selector: { app: bd }"),
    },
    changes: [{ "k/one.yaml": patch("selector: { app: bd }") }, { "k/two.yaml": patch("type: ClusterIP") }],
    rules: ["service-selector-mismatch"],
  },
  {
    title: "a directory that a kustomization includes comes to be, still without a kustomization",
    before: { "k/prod/kustomization.yaml": "resources: [../base]\n" },
    changes: [{ "k/base/service.yaml": service("db") }],
    rules: ["kustomization-fails"],
  },
  {
    title: "labels in another order are told in that order",
    before: {
      "db.yaml": statefulSet("db"),
      "service.yaml": service("db", "app: bd, tier: data"),
    },
    changes: [{ "service.yaml": service("db", "tier: data, app: bd") }],
    rules: ["service-selector-mismatch"],
  },
  {
    title: "which of two files was read first makes no difference",
    before: {
      "b.yaml": `${statefulSet("db")}---\n${statefulSet("db")}`,
      "set.yaml": statefulSet("web").replace("serviceName: web", "serviceName: web-1"),
    },
    changes: [
      { "a.yaml": service("x", "app: web") },
      { "c.yaml": service("w", "app: web") },
      { "a.yaml": undefined },
      { "a.yaml": service("x", "app: web") },
    ],
    rules: ["duplicate-object", "service-missing", "service-missing", "service-missing"],
  },
];

describe("the same text gives the same answer", () => {
  for (const { title, before, changes, rules } of cases) {
    test(title, () => {
      const texts: Record<string, string | undefined> = { ...before };
      const edited = workspaceOf(before);
      everything(edited.snapshot(), texts);
      for (const change of changes) {
        for (const [name, text] of Object.entries(change)) {
          texts[name] = text;
          if (text === undefined) edited.removeFile(uriOf(name));
          else edited.setFile(uriOf(name), text);
        }
        const fresh = workspaceOf(
          Object.fromEntries(Object.entries(texts).toSorted(([one], [two]) => (one < two ? -1 : 1))),
        );
        assert.deepEqual(everything(edited.snapshot(), texts), everything(fresh.snapshot(), texts));
      }
      const found = Object.keys(texts).flatMap((name) => edited.snapshot().findings(uriOf(name)));
      assert.deepEqual(found.map(({ rule }) => rule).toSorted(), rules);
    });
  }
});

function workspaceOf(files: Files) {
  const workspace = createWorkspace(defaultConfig);
  for (const [name, text] of Object.entries(files)) if (text !== undefined) workspace.setFile(uriOf(name), text);
  workspace.setComplete(true);
  return workspace;
}

/** All that is said of the files, places of other objects included. */
function everything(analysis: Analysis, files: Files): unknown {
  return Object.entries(files)
    .filter(([, text]) => text !== undefined)
    .toSorted(([one], [two]) => (one < two ? -1 : 1))
    .map(([name, text = ""]) => {
      const uri = uriOf(name);
      const all = { start: 0, end: text.length };
      return [
        name,
        analysis.findings(uri),
        analysis.fixes(uri, all),
        lensesIn(analysis, uri),
        symbolsIn(analysis, uri),
      ];
    });
}

function uriOf(name: string): string {
  return `file:///work/${name}`;
}
