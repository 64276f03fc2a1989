import assert from "node:assert/strict";
import { test } from "node:test";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const chart = {
  ".git/HEAD": "",
  "charts/db/Chart.yaml": "apiVersion: v2\nname: database\nversion: 1.0.0\n",
  "charts/db/values.yaml": "service: bd\n",
  "charts/db/templates/set.yaml": `{{/* The set */}}
${statefulSet("db").replace("serviceName: db", "serviceName: {{ .Values.service }}")}`,
  "charts/db/templates/service.yaml": service("db"),
};
/** As helm 4.1 writes it: to one file, and with --output-dir to one for each template. */
const renderedSet = `---
# Source: database/templates/set.yaml
${statefulSet("db").replace("serviceName: db", "serviceName: bd")}`;
const renderedService = `---
# Source: database/templates/service.yaml
${service("db")}`;

async function findings(argv: readonly string[], cwd: string, stdin = ""): Promise<readonly string[]> {
  const { stdout } = await ordinal(["lint", "--render", "--format", "json", ...argv], { cwd, stdin });
  const report = JSON.parse(stdout) as { findings: { file: string; line: number; rule: string; builds?: string[] }[] };
  return report.findings.map(({ file, line, rule, builds = [] }) => `${file}:${line} ${rule} ${builds.join()}`.trim());
}

test("what helm wrote into a directory is told at its templates", async (context) => {
  const cwd = directoryWith(context, {
    ...chart,
    "out/database/templates/set.yaml": renderedSet,
    "out/database/templates/service.yaml": renderedService,
  });
  assert.deepEqual(await findings(["out"], cwd), [
    "charts/db/templates/set.yaml:7 service-missing out/database/templates",
  ]);
});

test("what helm wrote into a file or a pipe is told at its templates", async (context) => {
  const cwd = directoryWith(context, { ...chart, "all.yaml": renderedSet + renderedService });
  const at = "charts/db/templates/set.yaml:7 service-missing";
  assert.deepEqual(await findings(["all.yaml"], cwd), [`${at} all.yaml`]);
  assert.deepEqual(await findings(["-"], cwd, renderedSet + renderedService), [`${at} <stdin>`]);
});

test("what comes from no chart of the project, or from one of two, is told where it stands", async (context) => {
  const all = renderedSet + renderedService;
  const { "charts/db/Chart.yaml": meta } = chart;
  const lone = directoryWith(context, { ".git/HEAD": "", "all.yaml": all });
  const two = directoryWith(context, { ...chart, "other/Chart.yaml": meta, "all.yaml": all });
  const mixed = directoryWith(context, { ...chart, "all.yaml": all + renderedService.replace("database/", "web/") });
  for (const cwd of [lone, two, mixed]) {
    assert.equal((await findings(["all.yaml"], cwd))[0], "all.yaml:8 service-missing");
  }
});

test("what kustomize wrote with the origin of each object is reported at its sources", async (context) => {
  const files = {
    ".git/HEAD": "",
    "base/kustomization.yaml": "resources: [set.yaml]\n",
    "base/set.yaml": statefulSet("bd").replace("name: bd", "name: db"),
    "prod/kustomization.yaml": "resources: [../base, service.yaml]\nbuildMetadata: [originAnnotations]\n",
    "prod/service.yaml": service("db"),
  };
  const from = (text: string, file: string) =>
    text.replace("metadata:\n", `metadata:\n  annotations:\n    config.kubernetes.io/origin: |\n      path: ${file}\n`);
  const built = `${from(service("db"), "service.yaml")}---\n${from(files["base/set.yaml"], "../base/set.yaml")}`;
  const cwd = directoryWith(context, files);
  assert.deepEqual(await findings(["-"], cwd, built), ["base/set.yaml:6 service-missing <stdin>"]);
  // Another directory takes in the same files.
  const twice = directoryWith(context, {
    ...files,
    "test/kustomization.yaml": "resources: [../base, service.yaml]\n",
    "test/service.yaml": service("db"),
  });
  assert.deepEqual(await findings(["-"], twice, built), ["<stdin>:21 service-missing"]);
});
