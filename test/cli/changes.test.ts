import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, test, type TestContext } from "node:test";
import { commitAll, git, initialise, write } from "../harness/git.js";
import { statefulSet } from "./manifests.js";
import { directoryWith, ordinal, type Ended } from "./ordinal.js";

type Files = Readonly<Record<string, string | undefined>>;

/** A repository whose commit holds some files, and then others are written over them. */
function repository(context: TestContext, before: Readonly<Record<string, string>>, after: Files = {}): string {
  const directory = directoryWith(context, before);
  initialise(directory);
  write(directory, after);
  return directory;
}

function plan(cwd: string, ...args: readonly string[]): Promise<Ended> {
  return ordinal(["plan", ...args], { cwd, env: process.env });
}

/** The table of the Markdown report: each set and what applying it does. */
async function effects(cwd: string, ...args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout, stderr } = await plan(cwd, "--from", "HEAD", "--format", "markdown", ...args);
  assert.equal(stderr, "");
  const rows = [...stdout.matchAll(/^\| `(.*?)` \| (.*) \|$/gm)];
  return Object.fromEntries(rows.map(([, set = "", effect = ""]) => [set, effect]));
}

const claims = [
  "volumeClaimTemplates:",
  "  - metadata: { name: data }",
  "    spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }",
];
const deleting = ["persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete, whenScaled: Delete }", ...claims];

describe("what has changed since a commit", () => {
  const three = ["replicas: 3"];
  const cases: readonly (readonly [
    string,
    Readonly<Record<string, string>>,
    Files,
    Readonly<Record<string, string>>,
  ])[] = [
    ["nothing", { "db.yaml": statefulSet("db") }, {}, {}],
    [
      "another image",
      { "db.yaml": statefulSet("db", three) },
      { "db.yaml": statefulSet("db", three, "postgres:18") },
      { db: "Restarts 3 pods, about 12 s" },
    ],
    [
      "a default that is written out",
      { "db.yaml": statefulSet("db") },
      { "db.yaml": statefulSet("db", ["replicas: 1"]) },
      { db: "Restarts nothing" },
    ],
    [
      "the name of the Service",
      { "db.yaml": statefulSet("db") },
      { "db.yaml": statefulSet("db").replace("serviceName: db", "serviceName: db2") },
      { db: "Rejected: serviceName is immutable" },
    ],
    [
      "fewer replicas whose claims go",
      { "db.yaml": statefulSet("db", ["replicas: 3", ...deleting]) },
      { "db.yaml": statefulSet("db", ["replicas: 1", ...deleting]) },
      { db: "Removes 2 pods, loses the data of 2 claims, about 4 s" },
    ],
    ["a set that is new", {}, { "new/db.yaml": statefulSet("db") }, { db: "Creates 1 pod, about 2 s" }],
    [
      "a set that is gone, with its file",
      { "db.yaml": statefulSet("db", deleting) },
      { "db.yaml": undefined },
      { db: "Removes 1 pod, loses the data of 1 claim, about 2 s" },
    ],
    [
      "a file that was moved",
      { "db.yaml": statefulSet("db") },
      { "db.yaml": undefined, "k8s/db.yaml": statefulSet("db") },
      {},
    ],
    [
      "a file that was moved and changed",
      { "db.yaml": statefulSet("db") },
      { "db.yaml": undefined, "k8s/db.yaml": statefulSet("db", [], "postgres:18") },
      { db: "Restarts 1 pod, about 4 s" },
    ],
    [
      "one of two environments",
      { "a/db.yaml": statefulSet("db"), "b/db.yaml": statefulSet("db") },
      { "b/db.yaml": statefulSet("db", [], "postgres:18") },
      { db: "Restarts 1 pod, about 4 s" },
    ],
    [
      "other line breaks",
      { "db.yaml": statefulSet("db") },
      { "db.yaml": statefulSet("db").replaceAll("\n", "\r\n") },
      {},
    ],
    [
      "a file with a hostile name",
      { '-x "\n\u0007`.yaml': statefulSet("db") },
      { '-x "\n\u0007`.yaml': statefulSet("db", [], "postgres:18") },
      { db: "Restarts 1 pod, about 4 s" },
    ],
    [
      "an image that an overlay sets",
      {
        "base/db.yaml": statefulSet("db"),
        "base/kustomization.yaml": "resources: [db.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\n",
        "test/kustomization.yaml": "resources: [../base]\n",
      },
      { "prod/kustomization.yaml": 'resources: [../base]\nimages: [{ name: postgres, newTag: "18" }]\n' },
      { "db of prod": "Restarts 1 pod, about 4 s" },
    ],
    [
      "a base that two overlays build",
      {
        "base/db.yaml": statefulSet("db"),
        "base/kustomization.yaml": "resources: [db.yaml]\n",
        "prod/kustomization.yaml": "resources: [../base]\n",
        "test/kustomization.yaml": "resources: [../base]\nreplicas: [{ name: db, count: 2 }]\n",
      },
      { "base/db.yaml": statefulSet("db", [], "postgres:18") },
      { "db of prod": "Restarts 1 pod, about 4 s", "db of test": "Restarts 2 pods, about 8 s" },
    ],
    [
      "a default value of a chart",
      {
        "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n",
        "c/values.yaml": "replicas: 1\n",
        "c/templates/db.yaml": statefulSet("db", ["replicas: {{ .Values.replicas }}"]),
      },
      { "c/values.yaml": "replicas: 3\n" },
      { "db of the chart's default values": "Creates 2 pods, about 4 s" },
    ],
    [
      "the image of a set that an autoscaler scales",
      { "db.yaml": `${statefulSet("db")}---\n${autoscaler(2, 4)}` },
      { "db.yaml": `${statefulSet("db", [], "postgres:18")}---\n${autoscaler(2, 4)}` },
      { "db from 2 replicas": "Restarts 2 pods, about 8 s", "db from 4 replicas": "Restarts 4 pods, about 16 s" },
    ],
    [
      "replicas that are given up while an autoscaler sets them",
      { "db.yaml": statefulSet("db", ["replicas: 2"]), "hpa.yaml": autoscaler(2, 3) },
      { "db.yaml": statefulSet("db") },
      { "db from 2 replicas": "Removes 1 pod, about 2 s", "db from 3 replicas": "Removes 2 pods, about 4 s" },
    ],
  ];
  for (const [title, before, after, expected] of cases) {
    test(title, async (context) => {
      const cwd = repository(context, { "README.md": "x", ...before }, after);
      assert.deepEqual(await effects(cwd), expected);
    });
  }
});

function autoscaler(fewest: number, most: number): string {
  return `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: db }
spec:
  minReplicas: ${fewest}
  maxReplicas: ${most}
  scaleTargetRef: { apiVersion: apps/v1, kind: StatefulSet, name: db }
`;
}

test("only what is below the paths is compared", async (context) => {
  const cwd = repository(
    context,
    { "a/x.yaml": statefulSet("x"), "b/y.yaml": statefulSet("web") },
    { "a/x.yaml": statefulSet("x", [], "a:2"), "b/y.yaml": undefined },
  );
  assert.deepEqual(Object.keys(await effects(cwd, "a")), ["x"]);
  assert.deepEqual(Object.keys(await effects(cwd, "b/y.yaml")), ["web"]);
  assert.deepEqual(Object.keys(await effects(path.join(cwd, "b"))), ["web"]);
});

test("a changed ConfigMap says what it means for the sets that use it, and nothing of others", async (context) => {
  const config = (value: number) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: conf }\ndata: { a: "${value}" }\n`;
  const user = statefulSet("db").replace("image:", "envFrom: [{ configMapRef: { name: conf } }]\n          image:");
  const files = { "db.yaml": user, "conf.yaml": config(1), "other.yaml": statefulSet("other") };
  const cwd = repository(context, files, { "conf.yaml": config(2) });
  assert.deepEqual(await effects(cwd), { db: "Restarts nothing" });
  const { stdout } = await plan(cwd, "--from", "HEAD");
  assert.match(stdout, /conf/);
});

describe("what has changed and is not compared is named", () => {
  const chart = { "c/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n", "c/values.yaml": "a: 1\n" };
  const wrapper = {
    ...chart,
    "c/Chart.yaml": `${chart["c/Chart.yaml"]}dependencies: [{ name: postgresql, version: 16.x.x }]\n`,
  };
  const release = (size: string) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: db }\nspec: { values: { size: ${size} } }\n`;
  const cases: readonly (readonly [string, Files, Files, readonly string[]])[] = [
    [
      "values of a chart without its dependency",
      wrapper,
      { "c/values.yaml": "a: 2\n" },
      ["c/values.yaml: the chart's dependency postgresql is not among the files"],
    ],
    [
      "values of a chart with its dependency",
      { ...wrapper, "c/charts/postgresql/Chart.yaml": "name: postgresql\n" },
      { "c/values.yaml": "a: 2\n" },
      [],
    ],
    ["values of a chart without any", chart, { "c/values.yaml": "a: 2\n" }, []],
    [
      "values that fill in what only helm knows",
      {
        ...chart,
        "c/templates/db.yaml": statefulSet("db", ["minReadySeconds: {{ .Values.a | add 1 }}"]),
        "c/templates/web.yaml": "apiVersion: apps/v1\nkind: Deployment\nspec: { replicas: {{ .Values.a | add 1 }} }\n",
      },
      { "c/values.yaml": "a: 2\n" },
      ["c: only helm knows spec.minReadySeconds of its StatefulSets"],
    ],
    [
      "values that no chart reads by default",
      { ...chart, "c/values-prod.yaml": "a: 1\n" },
      { "c/values-prod.yaml": "a: 2\n" },
      ["c/values-prod.yaml: helm reads these values only with --values"],
    ],
    [
      "values of a chart elsewhere",
      { "prod/db-values.yaml": "a: 1\n" },
      { "prod/db-values.yaml": "a: 2\n" },
      ["prod/db-values.yaml: these values are read by a chart that is not known"],
    ],
    [
      "a HelmRelease",
      { "db.yaml": release("1Gi") },
      { "db.yaml": release("2Gi") },
      ["db.yaml: what the HelmRelease installs is not known"],
    ],
    [
      "a ConfigMap that a kustomization generates",
      { "kustomization.yaml": "configMapGenerator: [{ name: conf, literals: [a=1] }]\n" },
      { "kustomization.yaml": "configMapGenerator: [{ name: conf, literals: [a=2] }]\n" },
      ["kustomization.yaml: what it generates may get another name, and then the pods that use it restart"],
    ],
    [
      "a ConfigMap that is generated under its own name",
      {
        "kustomization.yaml":
          "generatorOptions: { disableNameSuffixHash: true }\nconfigMapGenerator: [{ name: conf, literals: [a=1] }]\n",
      },
      {
        "kustomization.yaml":
          "generatorOptions: { disableNameSuffixHash: true }\nconfigMapGenerator: [{ name: conf, literals: [a=2] }]\n",
      },
      [],
    ],
    [
      "another object, and what has not changed",
      { "db.yaml": release("1Gi"), "web.yaml": "kind: Service\n" },
      { "web.yaml": "kind: Service \n" },
      [],
    ],
  ];
  for (const [title, before, after, expected] of cases) {
    test(title, async (context) => {
      const cwd = repository(context, { "README.md": "x", ...before }, after);
      const { stdout } = await plan(cwd, "--from", "HEAD");
      const [head, ...list] = stdout
        .trimEnd()
        .split("\n")
        .filter((line) => line !== "");
      assert.match(
        String(head),
        expected.length === 0 ? /^No StatefulSet changes since / : /^No StatefulSet is known to change since /,
      );
      assert.deepEqual(
        list.slice(1).map((line) => line.trim()),
        expected,
      );
      const { stdout: markdown } = await plan(cwd, "--from", "HEAD", "--format", "markdown");
      assert.equal(markdown.match(/^- /gm)?.length ?? 0, expected.length);
      const html = await plan(cwd, "--from", "HEAD", "--format", "html");
      assert.match(html.stdout, /<h1>No StatefulSet (?:changes|is known to change) since HEAD/);
      assert.equal(html.stdout.match(/<li>/g)?.length ?? 0, expected.length);
      const json = await plan(cwd, "--from", "HEAD", "--format", "json");
      assert.equal(JSON.parse(json.stdout).uncompared?.length ?? 0, expected.length);
    });
  }
});

test("what git ignores is as it was", async (context) => {
  const cwd = repository(context, { ".gitignore": "out/\n" }, { "out/db.yaml": statefulSet("db") });
  assert.deepEqual(await effects(cwd), {});
});

describe("exit codes", () => {
  const lossy = (replicas: number) => ({ "db.yaml": statefulSet("db", [`replicas: ${replicas}`, ...deleting]) });
  const cases: readonly (readonly [string, readonly string[], number])[] = [
    ["data that is lost counts", [], 1],
    ["unless other dangers are chosen", ["--fail-on", "rejected"], 0],
    ["any that is chosen counts", ["--fail-on", "rejected", "--fail-on", "data-lost"], 1],
  ];
  for (const [title, args, expected] of cases) {
    test(title, async (context) => {
      const cwd = repository(context, lossy(2), lossy(1));
      assert.equal((await plan(cwd, "--from", "HEAD", ...args)).code, expected);
    });
  }
});

test("each refused field is told with its line, as text and as JSON", async (context) => {
  const files = {
    "base/db.yaml": statefulSet("db", claims),
    "base/kustomization.yaml": "resources: [db.yaml]\n",
    "prod/kustomization.yaml": "resources: [../base]\n",
  };
  const patch = `resources: [../base]
patches:
  - target: { kind: StatefulSet }
    patch: |
      - { op: replace, path: /spec/serviceName, value: other }
`;
  const cwd = repository(context, files, {
    "base/db.yaml": statefulSet("db", claims).replace("1Gi", "2Gi"),
    "prod/kustomization.yaml": patch,
  });
  const { code, stdout } = await plan(cwd, "--from", "HEAD");
  assert.equal(code, 1);
  assert.match(stdout, /storage is at base\/db\.yaml:9\b/);
  assert.match(stdout, /spec\.serviceName is at prod\/kustomization\.yaml:5\b/);
  const json = await plan(cwd, "--from", "HEAD", "--format", "json");
  const { changes } = JSON.parse(json.stdout);
  const refused: readonly { readonly file: string; readonly line: number }[] = changes[0].refused;
  const places = new Set(refused.map(({ file, line }) => `${file}:${line}`));
  assert.deepEqual([...places].toSorted(), ["base/db.yaml:7", "base/db.yaml:9", "prod/kustomization.yaml:5"]);
});

describe("revisions", () => {
  /** `main` has gone on since `topic` was made of it. */
  function branched(context: TestContext): string {
    const cwd = repository(context, { "db.yaml": statefulSet("db"), "web.yaml": statefulSet("web") });
    git(cwd, "checkout", "--quiet", "-b", "topic");
    write(cwd, { "db.yaml": statefulSet("db", [], "postgres:18") });
    commitAll(cwd);
    git(cwd, "checkout", "--quiet", "main");
    write(cwd, { "web.yaml": statefulSet("web", [], "postgres:18") });
    commitAll(cwd);
    git(cwd, "checkout", "--quiet", "topic");
    return cwd;
  }

  test("a branch, and where this one parted from it", async (context) => {
    const cwd = branched(context);
    const changed = async (...args: readonly string[]) => {
      const { stdout } = await plan(cwd, "--format", "json", ...args);
      const { changes } = JSON.parse(stdout);
      return changes.map(({ name }: { name: string }) => name);
    };
    assert.deepEqual(await changed("--from", "main"), ["db", "web"]);
    assert.deepEqual(await changed("--from", "main", "--merge-base"), ["db"]);
    assert.deepEqual(await changed("--from", "HEAD~1"), ["db"]);
  });

  test("another work tree, and a submodule", async (context) => {
    const cwd = branched(context);
    const other = directoryWith(context, {});
    git(cwd, "worktree", "add", "--quiet", path.join(other, "tree"), "main");
    assert.equal((await plan(path.join(other, "tree"), "--from", "topic", "--format", "json")).code, 0);
    const outer = repository(context, { "README.md": "x" });
    git(outer, "submodule", "--quiet", "add", cwd, "sub");
    write(outer, { "sub/db.yaml": statefulSet("db", [], "postgres:19") });
    assert.deepEqual(await effects(path.join(outer, "sub")), { db: "Restarts 1 pod, about 4 s" });
  });

  const cases: readonly (readonly [string, (context: TestContext) => string, readonly string[], RegExp])[] = [
    [
      "no repository",
      (context) => directoryWith(context, { "db.yaml": statefulSet("db") }),
      ["HEAD"],
      /^ordinal: HEAD does not exist, and is not a revision: not a git repository/,
    ],
    [
      "no commit yet",
      (context) => {
        const cwd = directoryWith(context, {});
        git(cwd, "init", "--quiet");
        return cwd;
      },
      ["HEAD"],
      /the repository has no commit yet/,
    ],
    [
      "a bare repository",
      (context) => {
        const cwd = directoryWith(context, {});
        git(cwd, "init", "--quiet", "--bare");
        return cwd;
      },
      ["main"],
      /is in a repository without a work tree/,
    ],
    [
      "a revision that is none",
      branched,
      ["nowhere"],
      /^ordinal: nowhere does not exist, and is not a revision: git knows no revision nowhere\n$/,
    ],
    ["an option for git", branched, ["--from=--upload-pack=touch x"], /git knows no revision --upload-pack=touch x/],
    [
      "no history in common",
      (context) => {
        const cwd = branched(context);
        git(cwd, "checkout", "--quiet", "--orphan", "alone");
        commitAll(cwd);
        return cwd;
      },
      ["main", "--merge-base"],
      /^ordinal: --from main: it has no commit in common with HEAD\n$/,
    ],
    [
      "a shallow clone",
      (context) => {
        const cwd = branched(context);
        const clone = directoryWith(context, {});
        git(clone, "clone", "--quiet", "--depth=1", "--no-single-branch", `file://${cwd}`, "c");
        return path.join(clone, "c");
      },
      ["origin/main", "--merge-base"],
      /no commit in common with HEAD \(the clone is shallow: git fetch --unshallow\)/,
    ],
    ["a path outside", (context) => branched(context), ["main", tmpdir()], /not a git repository/],
    [
      "a merge base with a file",
      branched,
      ["db.yaml", "db.yaml", "--merge-base"],
      /--merge-base requires a revision of git/,
    ],
    [
      "git is not there",
      branched,
      ["main"],
      /^ordinal: main does not exist, and is not a revision: git is not on the PATH/,
    ],
  ];
  for (const [title, make, [from = "", ...args], expected] of cases) {
    test(title, async (context) => {
      const cwd = make(context);
      const given = from.startsWith("--from=") ? [from] : ["--from", from];
      const env = title === "git is not there" ? {} : process.env;
      const { code, stdout, stderr } = await ordinal(["plan", ...given, ...args], { cwd, env });
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, expected);
    });
  }
});

test("what is built is compared in one repository at a time", async (context) => {
  const [one, other] = [repository(context, { "x.yaml": "" }), repository(context, { "x.yaml": "" })];
  const { code, stdout, stderr } = await plan(one, "--from", "HEAD", "--render", ".", other);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.equal(stderr, "ordinal: --render compares paths of one repository only\n");
});

test("a base with conflict markers is told, and its sets count as new", async (context) => {
  const broken = `${statefulSet("db")}<<<<<<< a\nx: 1\n=======\nx: 2\n>>>>>>> b\n`;
  const cwd = repository(context, { "db.yaml": broken }, { "db.yaml": statefulSet("db") });
  const { stderr } = await plan(cwd, "--from", "HEAD");
  assert.match(stderr, /^ordinal: db\.yaml:\d+ at HEAD \([0-9a-f]{7}\) cannot be read, so it is not compared/);
});

test("nothing in the repository is touched or run", async (context) => {
  const cwd = repository(
    context,
    { "db.yaml": statefulSet("db"), ".gitattributes": "* filter=f\n" },
    {
      "db.yaml": statefulSet("db", [], "postgres:18"),
    },
  );
  for (const key of ["filter.f.clean", "filter.f.smudge", "core.fsmonitor", "diff.external"]) {
    git(cwd, "config", key, `touch ${path.join(cwd, "ran")}`);
  }
  assert.deepEqual(await effects(cwd), { db: "Restarts 1 pod, about 4 s" });
  assert.deepEqual(readdirSync(cwd).toSorted(), [".git", ".gitattributes", "db.yaml"]);
});

test("a report says why pods restart, and sets to which the same happens are told together", async (context) => {
  const set = (namespace: string, image: string) =>
    statefulSet("db", ["replicas: 1"], image).replace("  name: db\n", `  name: db\n  namespace: ${namespace}\n`);
  const cwd = repository(
    context,
    { "a.yaml": set("a", "postgres:17"), "b.yaml": set("b", "postgres:17") },
    { "a.yaml": set("a", "postgres:18"), "b.yaml": set("b", "postgres:18") },
  );
  const { stdout } = await plan(cwd, "--from", "HEAD", "--format", "markdown");
  assert.match(
    stdout,
    /- The pod template changes: `spec\.template\.spec\.containers\[\w+\]\.image` from "postgres:17" to "postgres:18"\n/,
  );
  assert.equal(stdout.match(/^### /gm)?.length, 1);
  assert.match(stdout, /^The same for each of 2: `db in namespace a`, `db in namespace b`$/m);
});
