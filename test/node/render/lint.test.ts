import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { service, statefulSet } from "../../cli/manifests.js";
import { directoryWith, ordinal, type Ended } from "../../cli/ordinal.js";
import { repo } from "../../harness/repo.js";
import { pathWithTools, toolDirectories } from "./tools.js";

/** Each with what is found in it, beside it in `<case>.txt`; `UPDATE=1` writes that. */
const cases: readonly (readonly [name: string, fixture: string, argv: readonly string[]])[] = [
  ["overlays", "overlays", ["."]],
  ["overlays-one-file", "overlays", ["prod/sidecar.yaml"]],
  ["chart", "chart", ["."]],
  ["chart-other-values", "chart", [".", "--values", "other-values.yaml"]],
  ["chart-values-file", "chart", ["db/values.yaml"]],
  ["unbuildable", "unbuildable", ["."]],
];
for (const [name, fixture, argv] of cases) {
  test(`what is found in ${name} is told at its source`, async (context) => {
    const ended = await lint(context, fixture, [...argv, "--hints", "--no-color"]);
    const golden = repo("test/node/render/fixtures", `${name}.txt`);
    // How many files there are is no matter here.
    const report = ended.stdout.replace(/ in \d+ files? with \d+ StatefulSets?\.$/m, ".");
    const actual = `${report}${ended.stderr}exit code ${ended.code}\n`;
    if (process.env["UPDATE"] === "1") writeFileSync(golden, actual);
    else assert.equal(actual, readFileSync(golden, "utf8"), `UPDATE=1 npm test rewrites ${golden}`);
  });
}

test("the report for programs names the builds", async (context) => {
  const { stdout } = await lint(context, "overlays", [".", "--format", "json"]);
  const { findings }: { readonly findings: readonly { readonly rule: string; readonly builds?: unknown }[] } =
    JSON.parse(stdout);
  assert.deepEqual(findings.find(({ rule }) => rule === "service-missing")?.builds, ["dev", "prod"]);
});

test("nothing in the directory is changed, and nothing is left in the temporary one", async (context) => {
  const cwd = copyOf(context, "overlays");
  const temporary = directoryWith(context, {});
  const { TMPDIR: usual } = process.env;
  context.after(() => {
    if (usual === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = usual;
  });
  process.env["TMPDIR"] = temporary;
  const before = filesIn(cwd);
  assert.equal((await lintIn(cwd, ["prod", "missing"])).code, 2);
  assert.deepEqual(filesIn(cwd), before);
  assert.deepEqual(filesIn(temporary), []);
});

test("a build fails as kubectl apply -k does, unless files outside are allowed", async (context) => {
  const cwd = directoryWith(context, {
    "app/kustomization.yaml": "namePrefix: a-\nresources:\n  - ../shared/db.yaml\n",
    "shared/db.yaml": statefulSet("db"),
  });
  const refused = await lintIn(cwd, ["app"]);
  assert.match(refused.stderr, /app was not built: app\/kustomization\.yaml:3: .*security/);
  const allowed = await lintIn(cwd, ["app", "--load-restrictor", "none"]);
  assert.equal(allowed.stderr, "");
});

test("a build that fails says on which line of which file", async (context) => {
  const kustomization = (more: string) => `resources:\n  - db.yaml\n${more}`;
  const cwd = directoryWith(context, {
    "unknown/kustomization.yaml": "resources: [base]\n",
    "unknown/base/kustomization.yaml": kustomization("imagez: []\n"),
    "unknown/base/db.yaml": service("db"),
    "yaml/kustomization.yaml": kustomization(""),
    "yaml/db.yaml": "apiVersion: v1\nkind: Service\n metadata: {}\n",
    "target/kustomization.yaml": kustomization("patches: [{ path: patch.yaml }]\n"),
    "target/db.yaml": service("db"),
    "target/patch.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: other\n",
    "json/kustomization.yaml": kustomization(
      "patches:\n  - target: { kind: Service }\n    patch: |\n      - op: remove\n        path: /spec/nowhere\n",
    ),
    "json/db.yaml": service("db"),
    "chart/Chart.yaml": "apiVersion: v2\nname: chart\nversion: 1.0.0\n",
    "chart/templates/db.yaml": 'kind: Service\nmetadata:\n  name: {{ fail "no" }}\n',
  });
  const { stderr } = await lintIn(cwd, ["."]);
  const places = [...stderr.matchAll(/was not built: (\S+:\d+):/g)].map(([, place = ""]) => place);
  assert.deepEqual(places.toSorted(), [
    "chart/templates/db.yaml:3",
    "json/kustomization.yaml:7",
    "target/patch.yaml:4",
    "unknown/base/kustomization.yaml:3",
    "yaml/db.yaml:3",
  ]);
});

test("names of directories are never commands or options", async (context) => {
  const kustomization = "resources: [db.yaml]\n";
  const names = ["-o pwned", "$(touch pwned)", "a;touch pwned", "quo\"te's", "new\nline", "ünï cödé", "a,b#c"];
  const cwd = directoryWith(
    context,
    Object.fromEntries(
      names.flatMap((name) => [
        [`${name}/kustomization.yaml`, kustomization],
        [`${name}/db.yaml`, statefulSet("db")],
        [`charts/${name}/Chart.yaml`, "apiVersion: v2\nname: db\nversion: 1.0.0\n"],
        [`charts/${name}/templates/db.yaml`, statefulSet("db")],
      ]),
    ),
  );
  const { stdout, stderr } = await lintIn(cwd, [".", "--format", "json"]);
  const { findings }: { readonly findings: readonly { readonly file: string; readonly rule: string }[] } =
    JSON.parse(stdout);
  assert.equal(stderr, "");
  assert.deepEqual(
    findings.map(({ file }) => file).toSorted(),
    names.flatMap((name) => [`${name}/db.yaml`, `charts/${name}/templates/db.yaml`]).toSorted(),
  );
});

test("a file that only a template names is not read", async (context) => {
  const cwd = directoryWith(context, {
    "secret.yaml": statefulSet("db"),
    "chart/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
    "chart/templates/db.yaml": `# Source: db/../secret.yaml\n${statefulSet("db")}`,
  });
  const { stdout } = await lintIn(cwd, ["chart", "--format", "json"]);
  assert.doesNotMatch(stdout, /secret/);
});

test("of a key that a template writes twice, the later one is told", async (context) => {
  const cwd = directoryWith(context, {
    "Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
    "templates/db.yaml": `${service("{{ .Chart.Name }}")}---\n${statefulSet("db", ["replicas: {{ 2 }}", "replicas: 3"])}`,
  });
  const { stdout } = await lintIn(cwd, [".", "--no-color"]);
  assert.match(stdout, /^ {2}17:3 {2}error {4}The key `replicas` is already set in this map/m);
});

test("a comment in a source silences a rule in its builds", async (context) => {
  const cwd = directoryWith(context, {
    "base/kustomization.yaml": "resources: [db.yaml]\n",
    "base/db.yaml": statefulSet("db").replace(
      "  serviceName",
      "  # ordinal-disable-next-line service-missing\n  serviceName",
    ),
    "prod/kustomization.yaml": "resources: [../base]\nnamePrefix: prod-\n",
  });
  assert.match((await lintIn(cwd, ["."])).stdout, /^Nothing to report/);
});

test("a base is judged as its overlays see it", async (context) => {
  const cwd = directoryWith(context, {
    "base/kustomization.yaml": "resources: [db.yaml]\n",
    "base/db.yaml": statefulSet("db"),
    "prod/kustomization.yaml": "resources: [../base, service.yaml]\n",
    "prod/service.yaml": service("db"),
  });
  assert.match((await lintIn(cwd, ["."])).stdout, /^Nothing to report/);
});

test("without tools there is a sentence, and the run fails only if nothing at all was built", async (context) => {
  const cwd = copyOf(context, "");
  const without = await ordinal(["lint", "--render", "overlays"], { cwd, env: { PATH: "" } });
  assert.equal(without.code, 2);
  assert.match(without.stderr, /neither kustomize nor kubectl is on the PATH: 2 kustomizations were not built/);
  const withOne = await ordinal(["lint", "--render", "overlays", "chart"], {
    cwd,
    env: { PATH: toolDirectories.kubectl },
  });
  assert.equal(withOne.code, 1);
  assert.match(withOne.stderr, /^ordinal: helm is not on the PATH: 1 chart was not rendered\n$/);
});

test("a program in the workspace is not taken for the tool", async (context) => {
  const cwd = copyOf(context, "overlays");
  cpSync(path.join(toolDirectories.kubectl, "kubectl"), path.join(cwd, "kubectl"));
  const { code } = await ordinal(["lint", "--render"], { cwd, env: { PATH: ".:" } });
  assert.equal(code, 2);
});

test("a tool that never stops writing is stopped", async (context) => {
  const cwd = directoryWith(context, { "kustomization.yaml": "resources: [db.yaml]\n", "db.yaml": service("db") });
  writeFileSync(path.join(cwd, "kustomize"), "#!/bin/sh\nexec yes\n", { mode: 0o755 });
  const { code, stderr } = await ordinal(["lint", "--render"], { cwd, env: { PATH: `${cwd}:/usr/bin:/bin` } });
  assert.equal(stderr, "ordinal: . was not built: it wrote more than 64 MiB\n");
  assert.equal(code, 0);
});

for (const argv of [
  ["lint", "--render", "--fix"],
  ["lint", "--values", "v.yaml"],
  ["lint", "--render", "--values", "missing.yaml"],
  ["plan", "db.yaml", "--values", "v.yaml"],
]) {
  test(`ordinal ${argv.join(" ")} is refused`, async (context) => {
    const { code, stderr } = await ordinal(argv, { cwd: copyOf(context, "overlays") });
    assert.equal(code, 2);
    assert.match(stderr, /^ordinal: .*(?:--render|missing\.yaml does not exist)/);
  });
}

function filesIn(directory: string): readonly (readonly [string, string])[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(directory, name)).isFile())
    .map((name) => [name, readFileSync(path.join(directory, name), "utf8")]);
}

function copyOf(context: TestContext, fixture: string): string {
  const cwd = directoryWith(context, {});
  cpSync(repo("test/node/render/fixtures", fixture), cwd, { recursive: true });
  return cwd;
}

function lint(context: TestContext, fixture: string, argv: readonly string[]): Promise<Ended> {
  return lintIn(copyOf(context, fixture), argv);
}

async function lintIn(cwd: string, argv: readonly string[]): Promise<Ended> {
  const ended = await ordinal(["lint", "--render", ...argv], { cwd, env: { PATH: pathWithTools } });
  return { ...ended, stderr: ended.stderr.replaceAll(cwd, "CWD") };
}
