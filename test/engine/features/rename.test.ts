import assert from "node:assert/strict";
import { test } from "node:test";
import { rename, renameable } from "../../../server/src/engine/features/navigation/rename.js";
import { applyEdits } from "../../../server/src/engine/api.js";
import { analyse, filesOf, root } from "../../harness/workspace.js";

/** The fixture after a rename at `$0`, or why it is refused; and what it does to objects that run. */
function renamed(fixture: string, newName: string) {
  const [name = "", marked = ""] = [...filesOf(fixture)].find(([, text]) => text.includes("$0")) ?? [];
  const text = fixture.replace("$0", "");
  const analysis = analyse(text);
  const at = analysis.documentAt(root + name, marked.indexOf("$0"))!;
  const found = rename(analysis, at, newName);
  if (found?.type !== "renaming") return { text: found?.reason, effects: [], prepared: renameable(analysis, at) };
  const changes = new Map(found.changes.map(({ uri, edits }) => [uri.slice(root.length), edits]));
  return {
    text: [...filesOf(text)].map(([file, before]) => applyEdits(before, changes.get(file) ?? [])).join(""),
    effects: found.effects.map((effect) => effect.text),
    prepared: renameable(analysis, at),
  };
}

function check(fixture: string, newName: string, expected: string, effects: readonly RegExp[] = []): void {
  const found = renamed(fixture, newName);
  assert.equal(found.text, expected);
  assert.equal(found.effects.length, effects.length, found.effects.join("\n"));
  for (const [index, effect] of effects.entries()) assert.match(found.effects[index]!, effect);
  assert.equal(found.prepared?.type, "name");
}

function checkRefused(fixture: string, newName: string, reason: RegExp): void {
  assert.match(renamed(fixture, newName).text ?? "nothing to rename", reason);
}

const set = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: ledger, namespace: prod }
spec:
  serviceName: "books"
  selector: { matchLabels: { app: ledger } }
  template:
    metadata: { labels: { app: ledger } }
    spec:
      containers:
        - name: db
          env:
            - { name: PEERS, value: "ledger-0.books,ledger-1.books.prod.svc" }
          ports: [{ name: sql, containerPort: 5432 }]
          readinessProbe: { tcpSocket: { port: sql } }
          volumeMounts:
            - { name: 'data', mountPath: /data }
            - { name: tmp, mountPath: /tmp }
      volumes: [{ name: tmp, emptyDir: {} }]
  volumeClaimTemplates:
    - metadata:
        name: data # the disk
`;
const service = `---
apiVersion: v1
kind: Service
metadata: { name: books, namespace: prod }
spec:
  selector: { app: ledger }
  ports: [{ port: 5432, targetPort: sql }]
`;
const both = set + service;

test("a Service, with its DNS names; quotes stay", () => {
  check(both.replace("name: books,", "name: bo$0oks,"), "accounts", both.replaceAll("books", "accounts"), [
    /^StatefulSet `ledger`: `serviceName` cannot be changed/,
  ]);
});

test("a StatefulSet, with its pods", () => {
  check(
    both.replace("ledger-1", "led$0ger-1"),
    "accounts",
    both.replace("name: ledger", "name: accounts").replace("ledger-0.books,ledger-1", "accounts-0.books,accounts-1"),
    [/^StatefulSet `ledger`: a new set/],
  );
});

test("a claim template, with mounts and claims", () => {
  const claim = `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data-ledger-0, namespace: prod }
`;
  check(
    both.replace("name: 'data'", "name: 'da$0ta'") + claim,
    "store",
    both.replace("'data'", "'store'").replace("name: data", "name: store") + claim.replace("data-", "store-"),
    [/^StatefulSet `ledger`: claim templates cannot be changed/, /^PersistentVolumeClaim `data-ledger-0`: a new/],
  );
});

test("a volume, a port, a container: nothing that runs has to be recreated", () => {
  check(both.replace("{ name: tmp,", "{ name: t$0mp,"), "scratch", both.replaceAll("name: tmp", "name: scratch"));
  check(both.replace("targetPort: sql", "targetPort: s$0ql"), "pg", both.replaceAll("sql", "pg"));
  check(both.replace("- name: db", "- name: d$0b"), "main", both.replace("- name: db", "- name: main"));
});

test("a label's value, in the template and in all that select it", () => {
  check(
    both.replace("labels: { app: ledger", "labels: { app: le$0dger"),
    "accounts",
    both.replaceAll("app: ledger", "app: accounts"),
    [/^StatefulSet `ledger`: the selector cannot be changed/],
  );
});

test("a label of several workloads that one Service selects", () => {
  const other = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: reader, namespace: prod }
spec:
  selector: { matchLabels: { app: ledger } }
  template:
    metadata: { labels: { app: ledger } }
`;
  check(
    both.replace("labels: { app: ledger", "labels: { app: le$0dger") + other,
    "x",
    (both + other).replaceAll("app: ledger", "app: x"),
    [/^StatefulSet `ledger`/, /^Deployment `reader`/],
  );
});

test("a name that needs quotes gets them", () => {
  check(both.replace("{ name: tmp,", "{ name: t$0mp,"), "1e3", both.replaceAll("name: tmp", 'name: "1e3"'));
  check(
    both.replace("{ name: 'data'", "{ name: 'da$0ta'"),
    "12",
    both.replace("'data'", "'12'").replace("name: data", 'name: "12"'),
    [/claim templates/],
  );
});

test("anchors: an alias follows its anchor only where it means the same", () => {
  const text = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: &name ledger }
spec:
  serviceName: *name
  selector: { matchLabels: { app: *name } }
  template: { metadata: { labels: { app: *name } } }
---
apiVersion: v1
kind: Service
metadata: { name: ledger }
`;
  const [before = "", after = ""] = text.split("---\n");
  check(
    before.replace("&name led", "&name led$0") + "---\n" + after,
    "books",
    `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: &name books }
spec:
  serviceName: ledger
  selector: { matchLabels: { app: ledger } }
  template: { metadata: { labels: { app: ledger } } }
---
${after}`,
    [/a new set/],
  );
  check(
    before + "---\n" + after.replace("name: ledger", "name: led$0ger"),
    "books",
    text
      .replace("serviceName: *name", "serviceName: books")
      .replace("metadata: { name: ledger }", "metadata: { name: books }"),
    [/serviceName/],
  );
});

test("kustomize: the base, its patches, and the names that it gets", () => {
  const files = `# file: base/kustomization.yaml
resources: [set.yaml]
# file: base/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { replicas: 1 }
# file: prod/kustomization.yaml
resources: [../base]
namePrefix: prod-
replicas: [{ name: db, count: 3 }]
patches: [{ path: patch.yaml }]
configMapGenerator: [{ name: hosts, literals: [FIRST=prod-db-0.db] }]
# file: prod/patch.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec: { minReadySeconds: 5 }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db }
spec: { scaleTargetRef: { kind: StatefulSet, name: prod-db } }
`;
  const expected = files
    .replaceAll("StatefulSet\nmetadata: { name: db }", "StatefulSet\nmetadata: { name: ledger }")
    .replace("replicas: [{ name: db", "replicas: [{ name: ledger")
    .replace("name: prod-db }", "name: prod-ledger }");
  check(files.replace("{ name: db, count", "{ name: d$0b, count"), "ledger", expected, [/a new set/]);
});

test("a chart: a key of its values, a named template", () => {
  const chart = `# file: chart/Chart.yaml
name: db
# file: chart/values.yaml
image:
  tag: "17"
# file: chart/values-prod.yaml
image: { tag: "16" }
# file: chart/templates/_helpers.tpl
{{- define "db.name" }}db{{ end }}
# file: chart/templates/set.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: {{ include "db.name" . }} }
spec:
  template:
    spec:
      containers: [{ name: db, image: "postgres:{{ .Values.image.tag }}" }]
`;
  check(chart.replace("image.tag", "image.t$0ag"), "version", chart.replaceAll("tag", "version"));
  check(chart.replace('include "db', 'include "d$0b'), "db.fullname", chart.replaceAll('"db.name"', '"db.fullname"'));
  checkRefused(chart.replace("{{ include", "{$0{ include"), "x", /written by a template/);
  checkRefused(chart.replace("image.tag", "image.t$0ag"), "my-tag", /letters, digits/);
});

test("refused: a name that Kubernetes does not take, one that is taken, one that is not defined", () => {
  const at = (before: string, marked: string) => both.replace(before, marked);
  checkRefused(at("name: books,", "name: bo$0oks,"), "4books", /`4books` is not a valid name: it must begin with/);
  checkRefused(at("targetPort: sql", "targetPort: s$0ql"), "a-much-too-long-name", /at most 15/);
  checkRefused(at("'data'", "'da$0ta'"), "Data", /not a valid name/);
  checkRefused(at("'data'", "'da$0ta'"), "tmp", /`tmp` is already in use in StatefulSet ledger/);
  checkRefused(
    at("name: books,", "name: bo$0oks,") + service.replace("name: books", "name: accounts"),
    "accounts",
    /`accounts` is already in use: Service in main.yaml/,
  );
  checkRefused(
    `${at("labels: { app: ledger", "labels: { app: le$0dger")}---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: prod }
spec: { template: { metadata: { labels: { app: web } } } }
`,
    "web",
    /Pods of Deployment `web` have the label `app=web` already/,
  );
  checkRefused(set.replace('"books"', '"bo$0oks"'), "x", /`books` is not defined/);
  checkRefused("apiVersion: v1\nkind: Namespace\nmetadata: { name: pr$0od }\n", "x", /Objects cannot be moved/);
  checkRefused("# file: kustomization.yaml\nresources: [s$0et.yaml]\n# file: set.yaml\n", "x", /is a path/);
  checkRefused(at("replicas", "x").replace("kind: StatefulSet", "k$0ind: StatefulSet"), "x", /nothing to rename/);
});

const names = ["books", "ledger", "sql", "tmp", "data", "db"];
for (const name of names) {
  test(`there and back again: ${name}, wherever it is written`, () => {
    const findings = (text: string) => {
      const analysis = analyse(text);
      return analysis.findings(`${root}main.yaml`).map(({ rule }) => rule);
    };
    let renames = 0;
    for (const { index } of both.matchAll(new RegExp(`\\b${name}\\b`, "g"))) {
      const there = renamed(`${both.slice(0, index)}$0${both.slice(index)}`, "other").text ?? "";
      if (!/\bother\b/.test(there)) continue;
      renames += 1;
      assert.deepEqual(findings(there), findings(both));
      const back = there.indexOf("other");
      assert.equal(renamed(`${there.slice(0, back)}$0${there.slice(back)}`, name).text, both);
    }
    assert.ok(renames > 0);
  });
}
