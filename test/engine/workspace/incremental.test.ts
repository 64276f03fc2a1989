import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { createWorkspace, defaultConfig, type Analysis } from "../../../server/src/engine/api.js";
import { many } from "../../harness/fast.js";

/** A set, its Service and its budget over directories, a kustomization and a chart, whose names meet by chance. */
const places = [
  "base/set.yaml",
  "base/service.yaml",
  "base/budget.yaml",
  "base/objects.yaml",
  "overlay/patch.yaml",
  "charts/db/templates/primary/set/set.yaml",
  "charts/db/templates/service.yaml",
];

const fixed: readonly (readonly [string, string])[] = [
  ["base/kustomization.yaml", "resources: [set.yaml, service.yaml]\n"],
  ["overlay/kustomization.yaml", "resources: [../base]\npatches: [{ path: patch.yaml }]\n"],
  ["charts/db/Chart.yaml", "apiVersion: v2\nname: db\nversion: 1.0.0\n"],
];

const names = fc.constantFrom("db", "cache");

const objects = {
  set: (name: string, app: string) => `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ${name} }
spec:
  serviceName: ${name}
  selector: { matchLabels: { app: ${app} } }
  template:
    metadata: { labels: { app: ${app} } }
    spec: { containers: [{ name: main, image: "postgres:17", ports: [{ name: sql, containerPort: 5432 }] }] }
`,
  headless: (name: string, app: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { clusterIP: None, selector: { app: ${app} }, ports: [{ port: 5432, targetPort: sql }] }
`,
  service: (name: string, app: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec: { selector: { app: ${app} }, ports: [{ port: 80 }] }
`,
  budget: (name: string, app: string) => `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: ${name} }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: ${app} } } }
`,
  configuration: (name: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: ${name} }
data: { peers: "db-0.${name}" }
`,
};

/** Sets and Services most of all. */
const kinds = fc.constantFrom(objects.set, objects.set, objects.headless, objects.service, ...Object.values(objects));
const document = fc.tuple(kinds, names, names).map(([object, name, app]) => object(name, app));
const separate = fc.array(document, { maxLength: 2 }).map((documents) => documents.join("---\n"));
const list = fc
  .array(document, { minLength: 1, maxLength: 5 })
  .map((items) => `apiVersion: v1\nkind: List\nitems:\n${items.map(asItem).join("")}`);
const text = fc.oneof(separate, list);
const change = fc.record({ place: fc.constantFrom(...places), text: fc.option(text, { nil: undefined }) });

test("after any changes, what is found is what a new workspace finds", () => {
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 30 }), (changes) => {
      const texts = new Map(fixed);
      const workspace = workspaceOf(texts);
      for (const one of changes) {
        const uri = uriOf(one.place);
        if (one.text === undefined) {
          texts.delete(one.place);
          workspace.removeFile(uri);
        } else {
          texts.set(one.place, one.text);
          workspace.setFile(uri, one.text);
        }
        assert.deepEqual(findings(workspace.snapshot()), findings(workspaceOf(texts).snapshot()));
      }
    }),
    { numRuns: many(60) },
  );
});

function asItem(object: string): string {
  return `- ${object.trimEnd().replaceAll("\n", "\n  ")}\n`;
}

function workspaceOf(texts: ReadonlyMap<string, string>) {
  const workspace = createWorkspace(defaultConfig);
  for (const [place, content] of texts) workspace.setFile(uriOf(place), content);
  workspace.setComplete(true);
  return workspace;
}

/** Told in words, without the places of other objects: of equally near ones, the first that was read is shown. */
function findings(analysis: Analysis) {
  return [...places, ...fixed.map(([place]) => place)].map((place) => [
    place,
    analysis.findings(uriOf(place)).map(({ rule, severity, text: words, span }) => ({ rule, severity, words, span })),
  ]);
}

function uriOf(place: string): string {
  return `file:///work/${place}`;
}
