import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultConfig } from "../../../server/src/engine/api.js";
import { applied, found } from "../../harness/examples.js";

/** A set with its Service in which each case changes one thing. */
const right = `apiVersion: v1
kind: Service
metadata:
  name: queue
spec:
  clusterIP: None
  selector:
    app: queue
  ports:
    - name: amqp
      port: 5672
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  serviceName: queue
  replicas: 3
  podManagementPolicy: OrderedReady
  updateStrategy:
    type: RollingUpdate
  selector:
    matchLabels:
      app: queue
  template:
    metadata:
      labels:
        app: queue
    spec:
      tolerations:
        - key: dedicated
          operator: Equal
          value: queue
      containers:
        - name: queue
          image: rabbitmq:4.0
          imagePullPolicy: IfNotPresent
          args:
            - --quiet
          env:
            - name: POD
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: PEERS
              value: "nodes=queue-0.queue.prod.svc:5672, queue-1.queue.prod.svc:5672, queue-2.queue.prod.svc:5672 # all"
          ports:
            - name: amqp
              containerPort: 5672
          readinessProbe:
            tcpSocket:
              port: amqp
            periodSeconds: 10
          resources:
            requests:
              memory: 1Gi
          volumeMounts:
            - name: data
              mountPath: /var/lib/rabbitmq
              subPath: mnesia
      volumes:
        - name: key
          secret:
            secretName: queue
            defaultMode: 256
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        storageClassName: fast
        resources:
          requests:
            storage: 10Gi
`;

interface Case {
  readonly rule: string;
  /** What is written in the place of what would be right; the fix makes it right again, unless `makes` says otherwise. */
  readonly is: string;
  readonly wrong: string;
  readonly title: string;
  readonly makes?: string;
}

const cases: readonly Case[] = [
  { rule: "schema-enum", is: "type: RollingUpdate", wrong: "type: Rolling", title: "Use `RollingUpdate`" },
  { rule: "schema-enum", is: "type: RollingUpdate", wrong: "type: rolling-update", title: "Use `RollingUpdate`" },
  {
    rule: "schema-enum",
    is: "type: RollingUpdate",
    wrong: 'type: "Rolling"',
    title: "Use `RollingUpdate`",
    makes: 'type: "RollingUpdate"',
  },
  { rule: "schema-enum", is: "OrderedReady", wrong: "Ordered", title: "Use `OrderedReady`" },
  {
    rule: "schema-enum",
    is: "imagePullPolicy: IfNotPresent",
    wrong: "imagePullPolicy: NotPresent",
    title: "Use `IfNotPresent`",
  },
  { rule: "schema-enum", is: "- ReadWriteOnce", wrong: "- RWO", title: "Use `ReadWriteOnce`" },
  {
    rule: "name-not-dns-label",
    is: "StatefulSet\nmetadata:\n  name: queue",
    wrong: "StatefulSet\nmetadata:\n  name: Queue",
    title: "Set `name` to `queue`",
  },
  {
    rule: "name-not-dns-label",
    is: "StatefulSet\nmetadata:\n  name: queue",
    wrong: "StatefulSet\nmetadata:\n  name: my_queue.main",
    title: "Set `name` to `my-queue-main`",
    makes: "StatefulSet\nmetadata:\n  name: my-queue-main",
  },
  {
    rule: "name-invalid",
    is: "- name: queue\n          image",
    wrong: "- name: Queue\n          image",
    title: "Set `name` to `queue`",
  },
  {
    rule: "name-invalid",
    is: "- name: amqp\n              containerPort",
    wrong: "- name: AMQP\n              containerPort",
    title: "Set `name` to `amqp`",
  },
  {
    rule: "service-name-invalid",
    is: "serviceName: queue",
    wrong: "serviceName: queue_",
    title: "Set `serviceName` to `queue`",
  },
  {
    rule: "label-invalid",
    is: "      labels:\n        app: queue",
    wrong: "      labels:\n        tier: a b\n        app: queue",
    title: "Set `tier` to `a-b`",
    makes: "      labels:\n        tier: a-b\n        app: queue",
  },
  {
    rule: "label-invalid",
    is: "      labels:\n        app: queue",
    wrong: "      labels:\n        my tier: a\n        app: queue",
    title: "Rename `my tier` to `my-tier`",
    makes: "      labels:\n        my-tier: a\n        app: queue",
  },
  {
    rule: "schema-unknown-field",
    is: "  updateStrategy:",
    wrong: "  strategy:",
    title: "Rename it to `updateStrategy`",
  },
  {
    rule: "schema-unknown-field",
    is: "storageClassName: fast",
    wrong: "storageClass: fast",
    title: "Rename it to `storageClassName`",
  },
  { rule: "schema-unknown-field", is: "secretName: queue", wrong: "name: queue", title: "Rename it to `secretName`" },
  { rule: "schema-type", is: "args:\n            - --quiet", wrong: "args: --quiet", title: "Make it a list" },
  {
    rule: "schema-type",
    is: "      labels:\n        app: queue",
    wrong: "      labels:\n        - app: queue",
    title: "Make it a map",
  },
  { rule: "quantity-invalid", is: "memory: 1Gi", wrong: "memory: 1 GiB", title: "Use `1Gi`" },
  { rule: "quantity-invalid", is: "memory: 1Gi", wrong: "memory: 1,5Gi", title: "Use `1.5Gi`", makes: "memory: 1.5Gi" },
  { rule: "quantity-invalid", is: "memory: 1Gi", wrong: "cpu: 500 m", title: "Use `500m`", makes: "cpu: 500m" },
  { rule: "resources-invalid", is: "memory: 1Gi", wrong: "memroy: 1Gi", title: "Rename `memroy` to `memory`" },
  { rule: "value-invalid", is: "metadata.name", wrong: "metadata.nmae", title: "Set `fieldPath` to `metadata.name`" },
  { rule: "value-invalid", is: "subPath: mnesia", wrong: "subPath: /mnesia", title: "Set `subPath` to `mnesia`" },
  {
    rule: "value-out-of-range",
    is: "defaultMode: 256",
    wrong: "defaultMode: 600",
    title: "Set `defaultMode` to `384`",
    makes: "defaultMode: 384",
  },
  {
    rule: "fields-conflict",
    is: "operator: Equal\n          value: queue",
    wrong: "operator: Exists\n          value: queue",
    title: "Remove `value`",
    makes: "operator: Exists",
  },
  {
    rule: "mount-unknown-volume",
    is: "- name: data\n              mountPath",
    wrong: "- name: date\n              mountPath",
    title: "Mount `data`",
  },
  {
    rule: "probe-port-unknown",
    is: "port: amqp\n            period",
    wrong: "port: ampq\n            period",
    title: "Use port `amqp`",
  },
  { rule: "service-missing", is: "serviceName: queue", wrong: "serviceName: qeue", title: "Use Service `queue`" },
  {
    rule: "peer-dns-invalid",
    is: "queue-2.queue.prod.svc",
    wrong: "queue-3.queue.prod.svc",
    title: "Use `queue-2.queue.prod.svc`",
  },
];

describe("a mistake with one right answer is mended to it, and nothing else changes", () => {
  for (const { rule, is, wrong, title, makes = is } of cases) {
    test(`${rule}: ${wrong.replace(/\s+/g, " ")}`, () => {
      assert.equal(right.split(is).length, 2, `"${is}" is there once`);
      const text = right.replace(is, wrong);
      const { fixes } = found(text, defaultConfig);
      const offered = fixes.filter(({ finding }) => finding.rule === rule);
      const fix = offered.find((one) => one.title === title);
      assert.ok(fix, offered.map((one) => one.title).join("\n"));
      const fixed = applied(text, fix);
      assert.equal(fixed, right.replace(is, makes));
      assert.deepEqual(
        found(fixed, defaultConfig).findings.filter((one) => one.rule === rule),
        [],
      );
    });
  }
});

test("a wrong name in a script is the only thing that is marked and replaced, as often as it is there", () => {
  const script = `apiVersion: v1
kind: ConfigMap
metadata:
  name: peers
data:
  join.sh: |
    # the first one
    join queue-7.queue:5672   && echo "queue-7.queue joined"
    join queue-0.queue:5672
    join queue-1.queue:5672
`;
  const text = `${right}---\n${script}`;
  const { fixes, findings } = found(text, defaultConfig);
  const finding = findings.find(({ rule }) => rule === "peer-dns-invalid");
  assert.equal(finding && text.slice(finding.span.start, finding.span.end), "queue-7.queue");
  const fix = fixes.find((one) => one.title === "Use `queue-2.queue`");
  assert.ok(fix);
  assert.equal(applied(text, fix), text.replaceAll("queue-7", "queue-2"));
});

test("an item that says the same twice can go; one that says something else cannot", () => {
  for (const [value, offered] of [
    ["a", ["Remove `env[1]`"]],
    ["b", []],
  ] as const) {
    const text = right.replace(
      "          env:\n",
      `          env:\n            - name: MODE\n              value: a\n            - name: MODE\n              value: ${value}\n`,
    );
    const { fixes } = found(text, defaultConfig);
    assert.deepEqual(
      fixes.filter(({ finding }) => finding.rule === "duplicate-env").map(({ title }) => title),
      offered,
    );
  }
});

test("text in the data of a Secret moves to stringData", () => {
  const secret = (fields: string) => `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n${fields}`;
  const text = secret("data:\n  user: YWRtaW4=\n  password: not encoded!\n");
  const { fixes } = found(text, defaultConfig);
  const fix = fixes.find(({ finding }) => finding.rule === "schema-type");
  assert.ok(fix);
  assert.equal(applied(text, fix), secret("data:\n  user: YWRtaW4=\nstringData:\n  password: not encoded!\n"));
});

describe("in a kustomization that renames what it builds", () => {
  const set = (serviceName: string) => right.replace("serviceName: queue", `serviceName: ${serviceName}`);
  const patch = `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  serviceName: quue
`;
  const fixture = (kustomization: string, files: Readonly<Record<string, string>>) =>
    Object.entries({ "kustomization.yaml": kustomization, ...files })
      .map(([name, text]) => `# file: ${name}\n${text}`)
      .join("");
  for (const [title, kustomization, files] of [
    [
      "a prefix, in a patch",
      "namePrefix: prod-\nresources: [db.yaml]\npatches: [{ path: patch.yaml }]\n",
      { "db.yaml": right, "patch.yaml": patch },
    ],
    ["a suffix, in the base", "nameSuffix: -eu\nresources: [db.yaml]\n", { "db.yaml": set("quue") }],
    ["a namespace", "namespace: prod\nresources: [db.yaml]\n", { "db.yaml": set("quue") }],
    [
      "labels",
      "labels: [{ includeSelectors: true, pairs: { team: a } }]\nresources: [db.yaml]\n",
      { "db.yaml": set("quue") },
    ],
    [
      "a generated ConfigMap",
      "configMapGenerator: [{ name: settings, literals: [a=b] }]\nresources: [db.yaml]\n",
      { "db.yaml": set("quue") },
    ],
  ] as const) {
    test(`a misspelt serviceName gets the name that the Service has in its file: ${title}`, () => {
      const text = fixture(kustomization, files);
      const { fixes } = found(text, defaultConfig);
      const fix = fixes.find((one) => one.title === "Use Service `queue`");
      assert.ok(fix, fixes.map((one) => one.title).join("\n"));
      const fixed = applied(text, fix);
      assert.equal(fixed, text.replace("serviceName: quue", "serviceName: queue"));
      assert.deepEqual(
        found(fixed, defaultConfig).findings.filter(({ rule }) => rule === "service-missing"),
        [],
      );
    });
  }
});

test("a fix in a Helm template touches no tag", () => {
  const text = `# file: app/Chart.yaml
apiVersion: v2
name: app
version: 1.0.0
# file: app/templates/set.yaml
${right.replace("replicas: 3", "replicas: {{ .Values.replicas }}").replace("type: RollingUpdate", "type: Rolling")}`;
  const { fixes } = found(text, defaultConfig);
  const fix = fixes.find((one) => one.title === "Use `RollingUpdate`");
  assert.ok(fix);
  assert.equal(applied(text, fix), text.replace("type: Rolling", "type: RollingUpdate"));
});
