import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { PlanJson } from "../../server/src/engine/api.js";
import { checkGolden } from "./golden.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal } from "./ordinal.js";

const retained = ["replicas: 3"];
const deleted = [
  "replicas: 1",
  "persistentVolumeClaimRetentionPolicy:",
  "  whenScaled: Delete",
  "volumeClaimTemplates:",
  "  - metadata:",
  "      name: data",
  "    spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }",
];

const files = {
  "db.yaml": `${service("db")}---\n${statefulSet("db", retained)}`,
  "edited.yaml": statefulSet("db", retained, "postgres:18"),
  "big.yaml": statefulSet("db", ["replicas: 3", ...deleted.slice(1)]),
  "small.yaml": statefulSet("db", deleted),
  "two.yaml": `${statefulSet("db")}---\n${statefulSet("web")}`,
  "rejected.yaml": statefulSet("db", ["podManagementPolicy: Sometimes"]),
  "part.yaml": "apiVersion: apps/v1\nkind: StatefulSet\nmetadata:\n  name: db\nspec:\n  replicas: 3\n",
  "service.yaml": service("db"),
  "broken.yaml": `${statefulSet("db")}  wrong: [`,
  "never-ready.yaml": "faults:\n  - effect: neverReady\n    revision: new\n",
  "no-scenario.yaml": "fault: []\n",
  "gone.yaml": "start: { set: absent, claims: [{ ordinals: [0], claim: dat }] }\n",
  "half.yaml": "start: { pods: [{ ordinals: [0, 1], revision: older }] }\n",
  "no-yaml.yaml": "[",
};

const goldens: readonly (readonly [string, readonly string[], number])[] = [
  ["update.plan.txt", ["edited.yaml", "--from", "db.yaml"], 0],
  ["stuck.plan.txt", ["edited.yaml", "--from", "db.yaml", "--scenario", "never-ready.yaml"], 1],
  ["rejected.plan.txt", ["rejected.yaml"], 1],
  ["two.plan.txt", ["two.yaml"], 0],
];
for (const [golden, argv, expected] of goldens) {
  test(`ordinal plan ${argv.join(" ")}`, async (context) => {
    const { code, stdout, stderr } = await ordinal(["plan", ...argv], { cwd: directoryWith(context, files) });
    assert.deepEqual([code, stderr], [expected, ""]);
    checkGolden(golden, stdout);
  });
}

/** The manifest of a set with other lines in its spec, played against one without them. */
async function checkEdit(
  context: TestContext,
  [before, after]: readonly [readonly string[], readonly string[]],
  args: readonly string[],
  expected: { readonly code: number; readonly says: RegExp },
): Promise<void> {
  const cwd = directoryWith(context, { "old.yaml": statefulSet("db", before), "new.yaml": statefulSet("db", after) });
  const { code, stdout } = await ordinal(["plan", "new.yaml", "--from", "old.yaml", ...args], { cwd });
  assert.deepEqual({ code, says: expected.says.exec(stdout) !== null }, { code: expected.code, says: true }, stdout);
}

test("a scenario says what is there before", async (context) => {
  const cwd = directoryWith(context, files);
  const { code, stdout } = await ordinal(["plan", "db.yaml", "--scenario", "half.yaml"], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /^go on with StatefulSet db: converges in .*\n/);
  assert.match(stdout, /- +db-1 +db-1 has an old template/);
  assert.ok(!stdout.includes("neither the set nor its claims"));
});

const onDelete = ["updateStrategy: { type: OnDelete }"];

test("an apply is a merge: OnDelete beside the block that defaulting made is refused, unless it is a replace", async (context) => {
  await checkEdit(context, [[], onDelete], [], { code: 1, says: /rejected by the API server: .*rollingUpdate/ });
  await checkEdit(context, [[], onDelete], ["--apply", "server"], { code: 1, says: /rollingUpdate/ });
  await checkEdit(context, [[], onDelete], ["--apply", "replace"], { code: 0, says: /converges/ });
});

test("a default that is written out restarts nothing", async (context) => {
  const written = ["revisionHistoryLimit: 10", "podManagementPolicy: OrderedReady"];
  await checkEdit(context, [[], written], [], { code: 0, says: /converges in about 0 s|converges/ });
});

test("an immutable field is named, with its old and new value", async (context) => {
  const says = /spec\.podManagementPolicy: cannot change from "OrderedReady" to "Parallel"/;
  await checkEdit(context, [[], ["podManagementPolicy: Parallel"]], ["--kubernetes-version", "1.36"], {
    code: 1,
    says,
  });
});

test("a set whose name is too long is taken, and gets no pod", async (context) => {
  const name = "d".repeat(53);
  const cwd = directoryWith(context, { "long.yaml": statefulSet(name) });
  const { code, stdout } = await ordinal(["plan", "long.yaml"], { cwd });
  assert.equal(code, 1);
  assert.match(stdout, new RegExp(`stuck[^]*${name}-0 cannot be created`));
});

test("a plan in colours says the same", async (context) => {
  const cwd = directoryWith(context, files);
  const { stdout } = await ordinal(["plan", "small.yaml", "--from", "big.yaml", "--color"], { cwd });
  checkGolden("scale-down-colours.txt", stdout);
});

test("a plan for programs", async (context) => {
  const cwd = directoryWith(context, files);
  const { stdout } = await ordinal(["plan", "two.yaml", "--name", "web", "--format", "json"], { cwd });
  const plan: PlanJson = JSON.parse(stdout);
  assert.deepEqual(Object.keys(plan), ["version", "outcome", "measure", "steps", "claims", "pipeline", "assumptions"]);
  assert.equal(plan.version, 1);
  assert.deepEqual(plan.outcome, { type: "converged", at: 2 });
  assert.ok(plan.steps.some(({ pod }) => pod === "web-0"));
});

test("a plan as a chart of Mermaid", async (context) => {
  const cwd = directoryWith(context, files);
  const { code, stdout } = await ordinal(["plan", "two.yaml", "--name", "web", "--format", "mermaid"], { cwd });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^gantt\n {4}title web, Converges in about 2 s\n[^]*\n {4}section web-0\n {4}pending v1 :done, 0, /,
  );
  assert.match(stdout, /[^\n]\n$/);
});

for (const format of ["svg", "html"]) {
  test(`a plan as ${format}, with its exit code`, async (context) => {
    const cwd = directoryWith(context, files);
    const argv = ["plan", "edited.yaml", "--from", "db.yaml", "--scenario", "never-ready.yaml", "--format", format];
    const { code, stdout } = await ordinal(argv, { cwd });
    assert.equal(code, 1);
    assert.match(stdout, format === "svg" ? /^<svg [^]*<\/svg>\n$/ : /^<!DOCTYPE html>\n[^]*<\/html>\n$/);
    assert.match(stdout, /<title[^>]*>db: Stuck after about /);
  });
}

test("several sets as one page", async (context) => {
  const cwd = directoryWith(context, files);
  const { code, stdout } = await ordinal(["plan", "two.yaml", "--format", "html"], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /<title>db, web<\/title>/);
  assert.match(stdout, /<h2 id="set-0-name">db<\/h2>[^]*<h2 id="set-1-name">web<\/h2>/);
});

test("either manifest may come through standard input", async (context) => {
  const cwd = directoryWith(context, files);
  const expected = await ordinal(["plan", "edited.yaml", "--from", "db.yaml"], { cwd });
  const from = await ordinal(["plan", "edited.yaml", "--from", "-"], { cwd, stdin: files["db.yaml"] });
  const to = await ordinal(["plan", "-", "--from", "db.yaml"], { cwd, stdin: files["edited.yaml"] });
  assert.deepEqual([from, to], [expected, expected]);
});

test("a set that the old manifest does not hold is created, and that is said", async (context) => {
  const { code, stdout, stderr } = await ordinal(["plan", "two.yaml", "--from", "db.yaml"], {
    cwd: directoryWith(context, files),
  });
  assert.deepEqual([code, stderr], [0, "ordinal: db.yaml has no StatefulSet named web, so it is created\n"]);
  assert.deepEqual(stdout.match(/^\S.*(?=: converges)/gm), ["update StatefulSet db", "create StatefulSet web"]);
});

test("a value that another tool fills in is named, and counts as left out", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db", ["replicas: ${REPLICAS}"]) });
  const { code, stderr } = await ordinal(["plan", "db.yaml"], { cwd });
  const reason = "spec.replicas is filled in by another tool and counts as left out";
  assert.deepEqual([code, stderr], [0, `ordinal: StatefulSet db: ${reason}\n`]);
});

test("a hostile name is text", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db").replace("name: db\n", 'name: "d\\e[31mb"\n') });
  const { stdout, stderr } = await ordinal(["plan", "db.yaml"], { cwd });
  assert.ok(!`${stdout}${stderr}`.includes("\u001b"));
});

const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [["missing.yaml"], /^ordinal: missing\.yaml does not exist\b/],
  [["db.yaml", "--from", "missing.yaml"], /^ordinal: missing\.yaml does not exist\b/],
  [["db.yaml", "--scenario", "missing.yaml"], /^ordinal: missing\.yaml does not exist\b/],
  [["db.yaml", "--name", "web"], /^ordinal: db\.yaml has no StatefulSet named web\n$/],
  [
    ["two.yaml", "--format", "json"],
    /^ordinal: two\.yaml has several StatefulSets \(db, web\). Choose one with --name\n$/,
  ],
  [["two.yaml", "--format", "mermaid"], /^ordinal: two\.yaml has several StatefulSets/],
  [["-", "--from", "-"], /^ordinal: Standard input can be used for one file only\n$/],
  [["part.yaml"], /^ordinal: part\.yaml cannot be played: this is a part of a StatefulSet/],
  [["service.yaml"], /^ordinal: service\.yaml has no StatefulSet/],
  [["broken.yaml"], /^ordinal: broken\.yaml:18 cannot be applied: /],
  [
    ["db.yaml", "--scenario", "no-scenario.yaml"],
    /^ordinal: no-scenario\.yaml is not a scenario: fault is not known here/,
  ],
  [
    ["small.yaml", "--scenario", "gone.yaml"],
    /^ordinal: gone\.yaml cannot be played: start\.claims\[0\]\.claim: StatefulSet db has no claim template dat; it has data\n$/,
  ],
  [
    ["edited.yaml", "--from", "db.yaml", "--scenario", "gone.yaml"],
    /^ordinal: gone\.yaml cannot be played: start\.set is absent, but --from says that the set runs/,
  ],
  [["db.yaml", "--start", "db.yaml", "--scenario", "half.yaml"], /^ordinal: --start already sets the state/],
  [
    ["db.yaml", "--play", "drain-all", "--nodes", "3", "--scenario", "half.yaml"],
    /^ordinal: a play of nodes begins with pods that run/,
  ],
  [["db.yaml", "--scenario", "no-yaml.yaml"], /^ordinal: no-yaml\.yaml cannot be read: /],
  [["db.yaml", "--kubernetes-version", "2"], /^ordinal: --kubernetes-version: /],
];
for (const [argv, message] of refused) {
  test(`what cannot be planned is said: ${argv.join(" ")}`, async (context) => {
    const { code, stdout, stderr } = await ordinal(["plan", ...argv], { cwd: directoryWith(context, files) });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
  });
}

test("ordinal plan does not call a gate off in a release that it does not know", async (context) => {
  const recreated = (image: string) => statefulSet("db", ["replicas: 2", "updateStrategy: { type: Recreate }"], image);
  const cwd = directoryWith(context, { "old.yaml": recreated("postgres:17"), "new.yaml": recreated("postgres:18") });
  const plan = (version: string) =>
    ordinal(["plan", "new.yaml", "--from", "old.yaml", "--kubernetes-version", version], { cwd });
  const known = await plan("1.37");
  assert.match(known.stdout, /the feature gate StatefulSetRecreateStrategy is off/);
  const newer = await plan("1.38");
  assert.equal(newer.code, 0);
  assert.doesNotMatch(newer.stdout, /is off/);
  assert.match(newer.stderr, /1\.38 is newer/);
});

test("nor does a play of nodes: the rollout beside it replaces the pods", async (context) => {
  const recreated = statefulSet("db", ["replicas: 2", "updateStrategy: { type: Recreate }"], "postgres:17");
  const cwd = directoryWith(context, { "db.yaml": recreated });
  const away = async (version: string) => {
    const argv = [
      "plan",
      "--play",
      "drain-all",
      "--nodes",
      "3",
      "--rollout",
      "--kubernetes-version",
      version,
      "db.yaml",
    ];
    return ordinal(argv, { cwd });
  };
  assert.match((await away("1.37")).stdout, /\nNo pod of db is Ready, and none becomes Ready again\n/);
  assert.match((await away("1.38")).stdout, /No pod of db is Ready for 4 s\n/);
});

const queue = (storage: string, level: string): string => `apiVersion: v1
kind: ConfigMap
metadata: {name: levels}
data: {LEVEL: ${level}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: shop}
spec:
  serviceName: queue
  replicas: 2
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec:
      containers:
        - name: main
          image: example.com/queue:1
          envFrom: [{configMapRef: {name: levels}}]
          volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: ${storage}}}}
`;

test("a volume that grows: refused, with the commands that do it", async (context) => {
  const cwd = directoryWith(context, { "old.yaml": queue("1Gi", "info"), "new.yaml": queue("3Gi", "info") });
  for (const version of ["1.36", "1.37"]) {
    const argv = ["plan", "new.yaml", "--from", "old.yaml", "--kubernetes-version", version];
    const { code, stdout } = await ordinal(argv, { cwd });
    assert.equal(code, 1);
    assert.match(stdout, /\n {2}kubectl patch pvc data-queue-1 --patch '.*"3Gi".*' --namespace shop\n/);
    assert.match(stdout, /\n {2}kubectl delete statefulset queue --cascade=orphan --namespace shop\n/);
  }
});

test("a ConfigMap that changes beside the set: nothing restarts, and how to restart", async (context) => {
  const cwd = directoryWith(context, { "old.yaml": queue("1Gi", "info"), "new.yaml": queue("1Gi", "debug") });
  const { code, stdout } = await ordinal(["plan", "new.yaml", "--from", "old.yaml"], { cwd });
  assert.equal(code, 0);
  assert.match(
    stdout,
    /\nConfigMap `levels` changes \(LEVEL\): nothing restarts, .*kubectl rollout restart statefulset\/queue --namespace shop\n/,
  );
});
