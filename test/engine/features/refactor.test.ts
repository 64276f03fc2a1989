import assert from "node:assert/strict";
import { test } from "node:test";
import { applyEdits, type Analysis } from "../../../server/src/engine/api.js";
import { refactorings } from "../../../server/src/engine/features/refactor/refactorings.js";
import { analyse, filesOf, root } from "../../harness/workspace.js";

interface Applied {
  /** The files after it, new ones behind the others, each with its `# file:` line. */
  readonly text: string;
  readonly notes: readonly string[];
}

/** What is offered at `$0`, by title: what it does, or why it is not available. */
function offered(fixture: string, isAsked: boolean): ReadonlyMap<string, Applied | string> {
  const [name = "", marked = ""] = [...filesOf(fixture)].find(([, text]) => text.includes("$0")) ?? [];
  const text = fixture.replace("$0", "");
  const analysis = analyse(text);
  const offset = marked.indexOf("$0");
  const at = analysis.documentAt(root + name, offset)!;
  const found = refactorings(analysis, at.document, { start: offset, end: offset }, { isAsked });
  return new Map(
    found.map(({ title, result }): [string, Applied | string] => {
      const made = result();
      if (made.type === "unavailable") return [title, made.reason];
      const changes = new Map(made.changes.map(({ uri, edits }) => [uri.slice(root.length), edits]));
      const changed = [...filesOf(text)].map(([file, before]) => applyEdits(before, changes.get(file) ?? [])).join("");
      const created = made.created.map((file) => `# file: ${file.name}\n${file.text}`).join("");
      return [title, { text: changed + created, notes: made.notes }];
    }),
  );
}

/** Applies the refactoring of a title: the result is as expected, and no rule finds a new warning in it. */
function check(fixture: string, title: string, expected: string): Applied {
  const found = offered(fixture, true).get(title);
  if (found === undefined || typeof found === "string") assert.fail(found ?? `nothing is called ${title}`);
  assert.equal(found.text, expected);
  const before = seriousIn(analyse(fixture.replace("$0", "")));
  assert.deepEqual(
    seriousIn(analyse(found.text)).filter((one) => !before.includes(one)),
    [],
  );
  return found;
}

function seriousIn(analysis: Analysis): readonly string[] {
  return [...analysis.uris()].flatMap((uri) =>
    analysis
      .findings(uri)
      .flatMap(({ rule, severity, text }) =>
        severity === "error" || severity === "warning" ? [`${rule}: ${text}`] : [],
      ),
  );
}

function checkUnavailable(fixture: string, title: string, reason: RegExp): void {
  const found = offered(fixture, true).get(title);
  assert.match(typeof found === "string" ? found : `available, or missing: ${found?.text}`, reason);
}

const deployment = `# The ledger.
apiVersion: apps/v1
kind: $0Deployment # to be a set
metadata:
  name: ledger
spec:
  replicas: 2 # two
  strategy:
    type: Recreate
  selector:
    matchLabels: { app: ledger }
  template:
    metadata:
      labels: { app: ledger }
    spec:
      containers:
        - name: db
          image: "postgres:17"
          ports:
            - { name: sql, containerPort: 5432 }
          volumeMounts:
            # The disk.
            - { name: data, mountPath: /data }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: data
          persistentVolumeClaim:
            claimName: ledger-disk
        - name: tmp # scratch
          emptyDir: {}
`;
const claim = `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ledger-disk
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  volumeName: pv-17
  resources:
    requests:
      storage: 20Gi
`;
const service = `---
apiVersion: v1
kind: Service
metadata:
  name: ledger
spec:
  selector:
    app: ledger
  ports:
    - port: 5432
`;
const converted = `# The ledger.
apiVersion: apps/v1
kind: StatefulSet # to be a set
metadata:
  name: ledger
spec:
  replicas: 2 # two
  serviceName: ledger-headless
  selector:
    matchLabels: { app: ledger }
  template:
    metadata:
      labels: { app: ledger }
    spec:
      containers:
        - name: db
          image: "postgres:17"
          ports:
            - { name: sql, containerPort: 5432 }
          volumeMounts:
            # The disk.
            - { name: data, mountPath: /data }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: tmp # scratch
          emptyDir: {}
  # Each pod gets a claim of its own, empty at first: data-ledger-0, data-ledger-1, ...
  # The data of the Deployment stays in the claim ledger-disk: copy it, or bind its volume to data-ledger-0.
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        storageClassName: fast
        resources:
          requests:
            storage: 20Gi
---
apiVersion: v1
kind: Service
metadata:
  name: ledger-headless
spec:
  clusterIP: None
  selector:
    app: ledger
  ports:
    - name: sql
      port: 5432
`;

test("a Deployment with a claim becomes a StatefulSet with a claim template and a headless Service", () => {
  const { notes } = check(deployment + claim + service, "Convert to a StatefulSet", converted + claim + service);
  assert.match(notes.join("\n"), /data-ledger-0`\. The data in the claim `ledger-disk` stays/);
  assert.match(notes.join("\n"), /Delete it before you apply/);
  assert.match(notes.join("\n"), /no `strategy`/);
});

test("a Deployment becomes a set of the headless Service that is there, and its autoscaler follows", () => {
  const headless = service.replace("spec:\n", "spec:\n  clusterIP: None\n");
  const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: ledger }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: ledger }
  minReplicas: 1
  maxReplicas: 3
`;
  const [set] = converted.split("---\n");
  check(
    deployment + claim + headless + scaler,
    "Convert to a StatefulSet",
    set!.replace("ledger-headless", "ledger").replace("  replicas: 2 # two\n", "") +
      claim +
      headless +
      scaler.replace("Deployment", "StatefulSet"),
  );
});

test("a claim that many pods may share stays one", () => {
  const shared = claim.replace("ReadWriteOnce", "ReadWriteMany");
  const found = offered(deployment + shared, true).get("Convert to a StatefulSet");
  assert.ok(typeof found === "object");
  assert.ok(found.text.includes("claimName: ledger-disk") && !found.text.includes("volumeClaimTemplates"));
});

test("why a Deployment cannot become a StatefulSet", () => {
  const title = "Convert to a StatefulSet";
  checkUnavailable(deployment, title, /`ledger-disk` is not in these files, so its size is not known/);
  checkUnavailable(
    deployment.replace(
      "tmp # scratch\n          emptyDir: {}",
      "logs\n          persistentVolumeClaim: { claimName: ledger-disk }",
    ) + claim,
    title,
    /Several volumes use the claim `ledger-disk`/,
  );
  checkUnavailable(
    deployment.replace("name: ledger", "name: ledger.main") + claim,
    title,
    /cannot be named after `ledger.main`/,
  );
  const base = `# file: base/all.yaml\n${deployment}${claim}# file: base/kustomization.yaml\nresources: [all.yaml]\n`;
  const overlay = (patch: string) => `# file: prod/kustomization.yaml\nresources: [../base]\n${patch}`;
  checkUnavailable(
    base +
      overlay(
        "patches:\n  - target: { kind: Deployment, name: ledger }\n    patch: '[{ op: remove, path: /spec/replicas }]'\n",
      ),
    title,
    /`kustomization.yaml` names this Deployment by its kind/,
  );
  assert.equal(typeof offered(base + overlay("replicas: [{ name: ledger, count: 3 }]\n"), true).get(title), "object");
  assert.equal(offered(deployment.replace("claimName", "claim"), true).has(title), false);
});

const one = `apiVersion: apps/v1
kind: StatefulSet$0
metadata:
  name: web
spec:
  serviceName: web
  replicas: 1
  podManagementPolicy: Parallel
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web # the only one
          image: nginx:1.29
`;

test("a set of one pod without claims becomes a Deployment that replaces its pod", () => {
  check(
    one,
    "Convert to a Deployment",
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - name: web # the only one
          image: nginx:1.29
  strategy:
    type: Recreate
`,
  );
});

test("why a StatefulSet cannot become a Deployment", () => {
  const title = "Convert to a Deployment";
  checkUnavailable(one.replace("replicas: 1", "replicas: 3"), title, /not exactly one pod/);
  checkUnavailable(`${one}  volumeClaimTemplates: [{ metadata: { name: data } }]\n`, title, /claims of its own/);
  checkUnavailable(one.replace("nginx:1.29", "nginx:1.29\n          args: [web-0.web]"), title, /`web-0.web`, is used/);
  checkUnavailable(
    `${one}---\napiVersion: v1\nkind: Service\nmetadata: { name: first }\nspec:\n  selector: { statefulset.kubernetes.io/pod-name: web-0 }\n`,
    title,
    /Service `first` selects the pod by its name/,
  );
});

const set = `apiVersion: apps/v1
kind: StatefulSet$0
metadata:
  name: db
spec:
  serviceName: db
  replicas: 3
  selector:
    matchLabels:
      app: db
  template:
    metadata:
      labels:
        app: db
    spec:
      containers:
        - name: db
          image: postgres:17
          ports:
            - name: sql
              containerPort: 5432
          volumeMounts:
            - name: data
              mountPath: /data
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes:
          - ReadWriteOnce
        resources:
          requests:
            storage: 1Gi
`;

test("what a StatefulSet lacks is added", () => {
  const plain = set.replace("$0", "");
  check(
    set,
    "Create the headless Service `db`",
    `${plain}---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  clusterIP: None
  selector:
    app: db
  ports:
    - name: sql
      port: 5432
`,
  );
  check(
    set,
    "Add a PodDisruptionBudget with `maxUnavailable: 1`",
    `${plain}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: db
spec:
  maxUnavailable: 1
  selector:
    matchLabels:
      app: db
`,
  );
  check(
    set,
    "Add a `readinessProbe` on port `sql` of container `db`",
    plain.replace(
      "mountPath: /data\n",
      "$&          readinessProbe:\n            tcpSocket:\n              port: sql\n",
    ),
  );
  check(
    set,
    "Write the retention policy of the claims: Retain, the default",
    `${plain}  persistentVolumeClaimRetentionPolicy:\n    whenDeleted: Retain\n    whenScaled: Retain\n`,
  );
});

test("a Service takes the labels of the template where the selector has others, but for versions", () => {
  const other = set.replace(
    "      labels:\n        app: db\n",
    "      labels:\n        app: database\n        helm.sh/chart: db-1.2.3\n",
  );
  const found = offered(other, true).get("Create the headless Service `db`");
  assert.ok(typeof found === "object");
  assert.match(found.text, /clusterIP: None\n  selector:\n    app: database\n  ports/);
});

test("unasked, only what is about the place of the cursor is offered", () => {
  const at = (text: string) => [...offered(set.replace("$0", "").replace(text, `$0${text}`), false).keys()];
  assert.deepEqual(at("volumeClaimTemplates"), ["Write the retention policy of the claims: Retain, the default"]);
  assert.deepEqual(at("ports"), ["Add a `readinessProbe` on port `sql` of container `db`"]);
  assert.deepEqual(at("mountPath"), []);
});

const [first, second, third] = [
  "# One.\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n",
  "---\n# Two.\napiVersion: v1\nkind: Service\nmetadata: { name: $0b }\nspec: { ports: [{ port: 1 }] } # end\n",
  "--- # Three.\napiVersion: example.com/v1\nkind: Other\nmetadata: { name: 'x:y' }\n",
];
const kustomization = "# file: kustomization.yaml\nresources:\n  - main.yaml # all\n";

test("an object moves to a file of its own, which the kustomization reads", () => {
  check(
    first + second + third + kustomization,
    "Move Service b to a file of its own",
    first +
      third +
      `${kustomization}  - b-service.yaml\n` +
      `# file: b-service.yaml\n${second.slice(4).replace("$0", "")}`,
  );
});

test("a file is split into one for each object", () => {
  check(
    first.replace("{ name: a }", "{ name: $0a }") + second.replace("$0", "") + third + kustomization,
    "Split this file: 3 files with one object each",
    first +
      `${kustomization}  - b-service.yaml\n  - x-y-other.yaml\n` +
      `# file: b-service.yaml\n${second.slice(4).replace("$0", "")}` +
      `# file: x-y-other.yaml\n${third}`,
  );
});

test("why an object stays in its file", () => {
  const title = "Move Service b to a file of its own";
  checkUnavailable(
    `${first}${second}# file: kustomization.yaml\npatches: [{ path: main.yaml }]\n`,
    title,
    /`kustomization.yaml` reads this file in `patches\[\].path`/,
  );
  checkUnavailable(`${first}---\nkind: {{ .Values.kind }}\n${second}`, title, /A template may write around/);
  assert.equal(offered(second, true).has(title), false);
});
