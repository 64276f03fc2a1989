import assert from "node:assert/strict";
import { test } from "node:test";
import { allRules, resolveConfig, rulePage } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";

interface Case {
  readonly rule: string;
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Lines below `spec` of the set, below `spec` of its pods, and below `metadata.labels` of selector, pods and claim.
   */
  readonly spec?: string;
  readonly pod?: string;
  readonly label?: string;
  /** The documents behind the set. */
  readonly beside?: string;
  readonly flagged: boolean;
}

const onEmptyDir = (path: string) => `
      volumes: [{ name: data, emptyDir: {} }]
      containers: [{ name: db, image: db, volumeMounts: [{ name: data, mountPath: ${path} }] }]`;

const volatile = ["selector-volatile-label", "vct-volatile-label"].flatMap((rule): readonly Case[] => [
  { rule, options: {}, label: "team/release: blue", flagged: false },
  { rule, options: { labels: ["team/release"] }, label: "team/release: blue", flagged: true },
  { rule, options: { labels: ["chart", "app.kubernetes.io/version"] }, label: "chart: db", flagged: false },
  { rule, options: { labels: [] }, label: "chart: db-1", flagged: false },
]);

const looseBudget = `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: db }
spec: { maxUnavailable: 2, selector: { matchLabels: { app: db } } }
`;

const cases: readonly Case[] = [
  ...volatile,
  { rule: "antiaffinity-missing", options: {}, spec: "replicas: 2", flagged: true },
  { rule: "antiaffinity-missing", options: { minReplicas: 3 }, spec: "replicas: 2", flagged: false },
  { rule: "antiaffinity-missing", options: { minReplicas: 3 }, spec: "replicas: 3", flagged: true },
  { rule: "pdb-missing", options: {}, spec: "replicas: 2", flagged: true },
  { rule: "pdb-missing", options: { minReplicas: 3 }, spec: "replicas: 2", flagged: false },
  { rule: "pdb-missing", options: { minReplicas: 3 }, spec: "replicas: 3", flagged: true },
  { rule: "pdb-looser-than-quorum", options: {}, spec: "replicas: 3", beside: looseBudget, flagged: false },
  {
    rule: "pdb-looser-than-quorum",
    options: { images: ["db"] },
    spec: "replicas: 3",
    beside: looseBudget,
    flagged: true,
  },
  { rule: "rollout-duration", options: {}, spec: "replicas: 119", flagged: false },
  { rule: "rollout-duration", options: {}, spec: "replicas: 120", flagged: true },
  { rule: "rollout-duration", options: { minutes: 5 }, spec: "replicas: 10", flagged: true },
  { rule: "state-on-emptydir", options: {}, pod: onEmptyDir("/var/lib/db/data"), flagged: true },
  { rule: "state-on-emptydir", options: {}, pod: onEmptyDir("/var/lib"), flagged: false },
  { rule: "state-on-emptydir", options: {}, pod: onEmptyDir("/srv/a.b"), flagged: false },
  { rule: "state-on-emptydir", options: { paths: ["/srv/a.*/"] }, pod: onEmptyDir("/srv/a.b/c"), flagged: true },
  { rule: "state-on-emptydir", options: { paths: ["/srv/a.*"] }, pod: onEmptyDir("/srv/aab"), flagged: false },
  { rule: "state-on-emptydir", options: { paths: ["/srv/(", "/s"] }, pod: onEmptyDir("/srv"), flagged: false },
];

for (const one of cases) {
  const { rule, options, spec = "", pod = "", label = "", flagged } = one;
  test(`${rule} with ${JSON.stringify(options)}: ${spec}${pod.trim()}${label}`, () => {
    const { config, problems } = resolveConfig({ rules: { [rule]: { severity: "warning", ...options } } }, allRules);
    assert.deepEqual(problems, []);
    const found = analyse(manifest(one), config).findings(`${root}main.yaml`);
    assert.equal(
      found.some((finding) => finding.rule === rule),
      flagged,
    );
  });
}

for (const { id, options = {} } of allRules) {
  for (const [name, { description }] of Object.entries(options)) {
    test(`option ${name} of ${id} is tried above, and described`, () => {
      assert.ok(cases.some((one) => one.rule === id && Object.hasOwn(one.options, name)));
      assert.match(name, /^(?!severity$)[a-z][A-Za-z]*$/);
      assert.match(description, /^[A-Z][^\n|]*\.$/, "a sentence that fits into a table");
    });
  }
}

for (const rule of allRules.filter(({ options }) => options !== undefined)) {
  test(`the configuration on the page of ${rule.id} is the default one, and can be used`, () => {
    const [, text = ""] = /## Options[^]*?```yaml\n([^]*?)```/.exec(rulePage(rule)) ?? [];
    const analysis = analyse(`# file: .ordinal.yaml\n${text}`);
    assert.deepEqual(analysis.findings(`${root}.ordinal.yaml`), []);
    const defaults = Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, one]) => [name, one.default]));
    assert.deepEqual(analysis.configOf(`${root}db.yaml`).options, { [rule.id]: defaults });
  });
}

function manifest(one: Case): string {
  const { spec = "", pod = "\n      containers: [{ name: db, image: db }]", label, beside = "" } = one;
  const labels = `{ app: db${label === undefined ? "" : `, ${label}`} }`;
  const claims = `volumeClaimTemplates: [{ metadata: { name: claim, labels: ${labels} } }]`;
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  ${spec}
  ${label === undefined ? "" : claims}
  serviceName: db
  selector: { matchLabels: ${labels} }
  template:
    metadata: { labels: ${labels} }
    spec:${pod}
${beside}`;
}
