import { parseDocument } from "yaml";
import { createWorkspace, defaultConfig, type Workspace } from "../../server/src/engine/api.js";

/*
 * `npm run bench:edits`: what a keystroke costs until the findings of its file are known, in processor time and as a
 * ratio to something measured in the same run, so that a busy machine changes little. The targets and what was measured
 * before are in docs/performance.md.
 */

const uri = "file:///work/base/db.yaml";

const manifests = (name: string) => `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  clusterIP: None
  selector:
    app: ${name}
  ports:
    - name: main
      port: 5432
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}
  labels:
    app: ${name}
spec:
  serviceName: ${name}
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: db
          image: registry.example/${name}:1.4
          ports:
            - name: main
              containerPort: 5432
          env:
            - name: POD
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
            - name: PEERS
              value: ${name}-0.${name},${name}-1.${name}
          readinessProbe:
            tcpSocket:
              port: main
            periodSeconds: 5
          resources:
            requests:
              cpu: 500m
              memory: 1Gi
            limits:
              memory: 1Gi
          volumeMounts:
            - name: data
              mountPath: /var/lib/db
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        resources:
          requests:
            storage: 5Gi
`;

const documents = (sets: number) => Array.from({ length: sets }, (_, set) => manifests(`db-${set}`)).join("---\n");

/** The same objects as the items of a List. */
function list(sets: number): string {
  const items = documents(sets)
    .split("---\n")
    .map((text) => text.trimEnd().replaceAll("\n", "\n    "));
  return `apiVersion: v1\nkind: List\nitems:\n${items.map((item) => `  - ${item}\n`).join("")}`;
}

/** Milliseconds of processor time. */
function now(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function costOf(times: number, work: (time: number) => void): number {
  for (let time = 0; time < times; time++) work(time);
  const started = now();
  for (let time = 0; time < times; time++) work(time);
  return (now() - started) / times;
}

/** The text, and the same with a digit typed in its first set. */
function typed(text: string): readonly [string, string] {
  return [text, text.replace("GracePeriodSeconds: 60", "GracePeriodSeconds: 600")];
}

function costOfKey(workspace: Workspace, text: string, times: number): number {
  const texts = typed(text);
  workspace.setFile(uri, text);
  workspace.setComplete(true);
  return costOf(times, (time) => {
    workspace.setFile(uri, texts[time % 2 === 0 ? 1 : 0]);
    workspace.snapshot().findings(uri);
  });
}

const costIn = (text: string, times: number) => costOfKey(createWorkspace(defaultConfig), text, times);

/** A key in a base that so many overlays read: all that is done, and the longest that is done at once. */
function costOfBase(overlays: number): { readonly all: number; readonly longest: number } {
  const workspace = createWorkspace(defaultConfig);
  workspace.setFile("file:///work/base/kustomization.yaml", "resources: [db.yaml]\n");
  for (let overlay = 0; overlay < overlays; overlay++) {
    workspace.setFile(
      `file:///work/overlays/${overlay}/kustomization.yaml`,
      `resources: [../../base]\nnamespace: env-${overlay}\nreplicas: [{ name: db-0, count: ${(overlay % 7) + 1} }]\n`,
    );
  }
  workspace.setComplete(true);
  let [all, longest] = [0, 0];
  for (const text of [...typed(documents(1)), documents(1)]) {
    const started = now();
    workspace.setFile(uri, text);
    const analysis = workspace.snapshot();
    longest = 0;
    let last = now();
    const note = () => {
      longest = Math.max(longest, now() - last);
      last = now();
    };
    for (const _ of analysis.prepare(uri)) note();
    analysis.findings(uri);
    note();
    all = now() - started;
  }
  return { all, longest };
}

function report(what: string, milliseconds: number, ratio: number, to: string, target?: number): void {
  const aim = target === undefined ? "" : `, target ${target}`;
  console.log(`${what.padEnd(34)} ${milliseconds.toFixed(2).padStart(9)} ms  ${ratio.toFixed(1)} x ${to}${aim}`);
}

const [, set = ""] = documents(1).split("---\n");
const parsed = costOf(200, () => parseDocument(set));
console.log(`${"the set, parsed by yaml".padEnd(34)} ${parsed.toFixed(2).padStart(9)} ms`);
const one = costIn(documents(1), 200);
report("a key beside one set", one, one / parsed, "the parse", 2.5);
const tenThousand = costIn(documents(154), 30);
report("in 10,000 lines", tenThousand, tenThousand / one, "one set", 2);
const fiftyThousand = costIn(documents(770), 10);
report("in 50,000 lines", fiftyThousand, fiftyThousand / one, "one set", 3);
const hundred = costIn(documents(100), 30);
const items = costIn(list(100), 30);
report("in a List of 100 sets", items, items / hundred, "the same as documents", 1.5);
const base = costOfBase(100);
report("in a base of 100 overlays", base.all, base.all / parsed, "the parse");
report("the longest piece of that", base.longest, base.longest / parsed, "the parse");
