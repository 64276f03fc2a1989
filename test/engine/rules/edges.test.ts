import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, defaultConfig } from "../../../server/src/engine/api.js";
import { analyse, root } from "../../harness/workspace.js";

/** A rule at the edge of what it flags or mends, where neither its examples nor the fixtures go. */
interface Edge {
  readonly title: string;
  readonly rule: string;
  readonly text: string;
  /** For each finding of the rule how its fixes may be applied. */
  readonly fixes: readonly (readonly ("safe" | "review")[])[];
  /** What the findings say. */
  readonly says?: readonly string[];
  /** A part of the text once the first fix is applied. */
  readonly becomes?: string;
}

interface Parts {
  readonly spec?: string;
  readonly selector?: string;
  readonly containers?: string;
}

function set({ spec = "", selector = "{ matchLabels: { app: db } }", containers = "{ name: db, image: db }" }: Parts) {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  serviceName: db
  selector: ${selector}
  template:
    metadata: { labels: { app: db } }
    spec:
      containers: [${containers}]
  ${spec}
`;
}

const budget = (name: string, spec: string, labels = "app: db") =>
  `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: ${name} }\nspec: { ${spec}, selector: { matchLabels: { ${labels} } } }\n`;

const spread = (text: string, selector: string) =>
  text.replace(
    "      containers:",
    `      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: ${selector} }]\n      containers:`,
  );
const deployment = (selector: string, labels: string) =>
  `---\napiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { selector: { matchLabels: { ${selector} } }, template: { metadata: { labels: { ${labels} } } } }\n`;
const container = (fields: string) => ({ containers: `{ name: db, image: db, ${fields} }` });
const kafka = (env: string) =>
  set({ spec: "replicas: 3", containers: `{ name: kafka, image: bitnami/kafka:4, env: [${env}] }` }) +
  budget("db", "maxUnavailable: 2");
const claim =
  "volumeClaimTemplates: [{ metadata: { name: data }, spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]";

const edges: readonly Edge[] = [
  {
    title: "a bare budget beside a part of a workload is a part too",
    rule: "pdb-matches-nothing",
    text:
      "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: proxy }\nspec: { replicas: 3 }\n" +
      "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: proxy }\nspec: { minAvailable: 2 }\n",
    fixes: [],
  },
  {
    title: "a bare budget beside a whole workload protects nothing",
    rule: "pdb-matches-nothing",
    text:
      deployment("app: web", "app: web").slice("---\n".length) +
      "---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: { name: web }\nspec: { minAvailable: 2 }\n",
    fixes: [[]],
    says: ["Without `selector` this budget protects no pod"],
  },
  {
    title: "apps/v1beta1 has other defaults than apps/v1",
    rule: "api-deprecated",
    text: set({}).replace("apps/v1", "apps/v1beta1"),
    fixes: [["review"]],
  },
  {
    title: "apps/v1beta2 has those of apps/v1",
    rule: "api-deprecated",
    text: set({}).replace("apps/v1", "apps/v1beta2"),
    fixes: [["safe"]],
  },
  {
    title: "an empty selector of a budget means something else in policy/v1",
    rule: "api-deprecated",
    text: "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: db }\nspec: { maxUnavailable: 1, selector: {} }\n",
    fixes: [["review"]],
  },
  {
    title: "another selector of a budget means the same",
    rule: "api-deprecated",
    text: "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: { name: db }\nspec: { maxUnavailable: 1, selector: { matchLabels: { app: db } } }\n",
    fixes: [["safe"]],
  },
  {
    title: "a partition that keeps one pod",
    rule: "partition-active",
    text: set({ spec: "replicas: 2\n  updateStrategy: { rollingUpdate: { partition: 1 } }" }),
    fixes: [["review"]],
  },
  {
    title: "a partition that keeps all is another rule's",
    rule: "partition-active",
    text: set({ spec: "replicas: 2\n  updateStrategy: { rollingUpdate: { partition: 2 } }" }),
    fixes: [],
  },
  {
    title: "two budgets, of which the other one selects another set of the directory",
    rule: "pdb-multiple",
    text: `${set({})}${budget("a", "maxUnavailable: 1")}# file: other.yaml\n${set({}).replace("name: db }", "name: other }")}${budget("b", "maxUnavailable: 1")}`,
    fixes: [],
  },
  {
    title: "two budgets in two files beside the only set",
    rule: "pdb-multiple",
    text: `${set({})}${budget("a", "maxUnavailable: 1")}# file: other.yaml\n${budget("b", "maxUnavailable: 1")}`,
    fixes: [[]],
  },
  {
    title: "two budgets, of which only one names a namespace",
    rule: "pdb-multiple",
    text: `${set({})}${budget("a", "maxUnavailable: 1")}${budget("b", "maxUnavailable: 1").replace("name: b", "name: b, namespace: other")}`,
    fixes: [],
  },
  {
    title: "two budgets in the namespace of which the set says nothing",
    rule: "pdb-multiple",
    text: `${set({})}${["a", "b"].map((name) => budget(name, "maxUnavailable: 1").replace("{ name:", "{ namespace: other, name:")).join("")}`,
    fixes: [[]],
  },
  {
    title: "a set that lacks its containers alone is no patch",
    rule: "schema-required",
    text: set({}).replace("      containers: [{ name: db, image: db }]", "      terminationGracePeriodSeconds: 60"),
    fixes: [[]],
  },
  {
    title: "a port of TCP can be probed",
    rule: "readiness-missing",
    text: set(container("ports: [{ containerPort: 5432, protocol: TCP }]")),
    fixes: [["review"]],
  },
  {
    title: "a port of UDP cannot be probed",
    rule: "readiness-missing",
    text: set(container("ports: [{ containerPort: 53, protocol: UDP }]")),
    fixes: [[]],
  },
  {
    title: "a port without a number cannot be probed",
    rule: "readiness-missing",
    text: set(container("ports: [{ name: dns }]")),
    fixes: [[]],
  },
  {
    title: "the container of a patch beside a whole one may mount the claim elsewhere",
    rule: "vct-not-mounted",
    text: set({ containers: "{ name: db, image: db }, { name: patched }", spec: claim }),
    fixes: [],
  },
  {
    title: "the same probe, its keys in another order",
    rule: "liveness-equals-readiness",
    text: set(
      container(
        "livenessProbe: { httpGet: { path: /, port: 80 } }, readinessProbe: { httpGet: { port: 80, path: / } }",
      ),
    ),
    fixes: [[]],
  },
  {
    title: "a broker of Kafka that is no controller has no quorum",
    rule: "pdb-looser-than-quorum",
    text: kafka(
      "{ name: KAFKA_PROCESS_ROLES, valueFrom: { fieldRef: { fieldPath: metadata.name } } }, { name: A, value: controller }",
    ),
    fixes: [],
  },
  {
    title: "a controller of Kafka has one",
    rule: "pdb-looser-than-quorum",
    text: kafka("{ name: KAFKA_PROCESS_ROLES, value: 'broker,controller' }"),
    fixes: [["review"]],
  },
  {
    title: "an anti-affinity term needs labels",
    rule: "antiaffinity-missing",
    text: set({ spec: "replicas: 2", selector: "{ matchExpressions: [{ key: app, operator: Exists }] }" }),
    fixes: [[]],
  },
  {
    title: "an expression that the template does not meet has no label to give it",
    rule: "selector-labels-mismatch",
    text: set({ selector: "{ matchLabels: { app: web }, matchExpressions: [{ key: tier, operator: Exists }] }" }),
    fixes: [[]],
  },
  {
    title: "a constraint on a label that the pods do not have",
    rule: "spread-selector-mismatch",
    text: spread(set({}), "{ matchLabels: { tier: db } }"),
    fixes: [["review"]],
    says: ["the constraint does not count these pods: they have no label tier"],
  },
  {
    title: "a constraint on another value of a label",
    rule: "spread-selector-mismatch",
    text: spread(set({}), "{ matchLabels: { app: web } }"),
    fixes: [["review"]],
    says: ["the constraint does not count these pods: their label app is db, not web"],
  },
  {
    title: "a set that selects by expressions alone gives a constraint no labels",
    rule: "spread-selector-mismatch",
    text: spread(
      set({ selector: "{ matchExpressions: [{ key: app, operator: Exists }] }" }),
      "{ matchLabels: { app: web } }",
    ),
    fixes: [[]],
  },
  {
    title: "a budget that blocks one variant of a set and not the other",
    rule: "pdb-blocks-drain",
    text: `${budget("db", "minAvailable: 2")}# file: small.yaml\n${set({ spec: "replicas: 2" })}# file: large.yaml\n${set({ spec: "replicas: 3" })}`,
    fixes: [],
  },
  {
    title: "a budget that blocks both variants of a set",
    rule: "pdb-blocks-drain",
    text: `${budget("db", "minAvailable: 3")}# file: small.yaml\n${set({ spec: "replicas: 2" })}# file: large.yaml\n${set({ spec: "replicas: 3" })}`,
    fixes: [["review"]],
  },
  ...["true", "false"].map((value): Edge => ({
    title: `${value} in quotes`,
    rule: "schema-type",
    text: set(container(`tty: "${value}"`)),
    fixes: [["safe"]],
    becomes: `tty: ${value} `,
  })),
  {
    title: "a word in quotes where true or false should be",
    rule: "schema-type",
    text: set(container(`tty: "yes"`)),
    fixes: [[]],
  },
  {
    title: "a number in quotes",
    rule: "schema-type",
    text: set({ spec: 'replicas: "-12"' }),
    fixes: [["safe"]],
    becomes: "replicas: -12\n",
  },
  {
    title: "a number in quotes that may be octal",
    rule: "schema-type",
    text: set({ spec: 'replicas: "012"' }),
    fixes: [[]],
  },
  {
    title: "a Deployment whose pods are selected, and that selects them",
    rule: "selector-overlap",
    text: set({}) + deployment("app: db", "app: db, tier: web"),
    fixes: [["review"]],
  },
  {
    title: "a set that names its pods lacks an image: it is no patch",
    rule: "schema-required",
    text: set({ containers: "{ name: db }" }),
    fixes: [[]],
  },
  {
    title: "a part without a selector lacks nothing",
    rule: "schema-required",
    text: set({ containers: "{ name: db }" })
      .replace(/  selector: .*\n/, "")
      .replace("labels: { app: db }", ""),
    fixes: [],
  },
  {
    title: "a directive in a part of a set",
    rule: "schema-unknown-field",
    text: set({ containers: "{ name: db, $patch: delete }" })
      .replace(/  selector: .*\n/, "")
      .replace("labels: { app: db }", ""),
    fixes: [],
  },
  {
    title: "a directive in a whole set",
    rule: "schema-unknown-field",
    text: set({ containers: "{ name: db, image: db, $patch: replace }" }),
    fixes: [[]],
  },
  {
    title: "a Deployment whose pods are selected, but that asks for more",
    rule: "selector-overlap",
    text: set({}) + deployment("app: db, tier: web", "app: db, tier: web"),
    fixes: [],
  },
  {
    title: "a Deployment that selects the pods, but whose own are not selected",
    rule: "selector-overlap",
    text:
      set({ selector: "{ matchLabels: { app: db, tier: data } }" }).replace(
        "labels: { app: db }",
        "labels: { app: db, tier: data }",
      ) + deployment("app: db", "app: db"),
    fixes: [],
  },
];

for (const { title, rule, text, fixes, says, becomes } of edges) {
  test(`${rule}: ${title}`, () => {
    const analysis = analyse(text, { ...defaultConfig, profile: "strict" });
    const uri = `${root}main.yaml`;
    const offered = analysis.fixes(uri, { start: 0, end: text.length });
    const found = analysis.findings(uri).filter((finding) => finding.rule === rule);
    assert.deepEqual(
      found.map(({ span }) =>
        offered
          .filter(({ finding }) => finding.rule === rule && finding.span.start === span.start)
          .map(({ applicability }) => applicability),
      ),
      fixes,
    );
    if (says !== undefined)
      assert.deepEqual(
        found.map((finding) => finding.text),
        says,
      );
    if (becomes === undefined) return;
    const first = offered.find(({ finding }) => finding.rule === rule);
    const after = applyEdits(text, first?.changes.flatMap(({ edits }) => edits) ?? []);
    assert.ok(after.includes(becomes), after);
  });
}
