import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { commitAll, git, initialise, write } from "../harness/git.js";
import { checkGolden } from "./golden.js";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal, type Surroundings } from "./ordinal.js";

const retention = ["persistentVolumeClaimRetentionPolicy:", "  whenScaled: Delete"];
const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null" };

/** `file rule` of each finding. */
async function findings(argv: readonly string[], surroundings: Surroundings): Promise<readonly string[]> {
  const { stdout } = await ordinal(["lint", "--format", "json", ...argv], { env, ...surroundings });
  const report = JSON.parse(stdout) as { findings: { file: string; rule: string }[] };
  return report.findings.map(({ file, rule }) => `${file} ${rule}`);
}

function repository(context: TestContext, files: Readonly<Record<string, string>>): string {
  const cwd = directoryWith(context, files);
  initialise(cwd);
  return cwd;
}

test("what git ignores is not checked but counts, unless it is asked about", async (context) => {
  const cwd = repository(context, {
    ".gitignore": "/out/\n*.gen.yaml\n",
    "k8s/db.yaml": statefulSet("db"),
    "k8s/.gitignore": "!kept.gen.yaml\n",
    "k8s/kept.gen.yaml": statefulSet("kept"),
    "k8s/web.gen.yaml": statefulSet("web"),
  });
  write(cwd, { "out/all.yaml": statefulSet("out"), "k8s/service.gen.yaml": service("db") });
  const kept = "k8s/kept.gen.yaml service-missing";
  assert.deepEqual(await findings([], { cwd }), [kept]);
  assert.deepEqual(await findings([], { cwd: path.join(cwd, "k8s") }), [kept.replace("k8s/", "")]);
  assert.deepEqual(await findings(["out"], { cwd }), ["out/all.yaml service-missing"]);
  assert.deepEqual(await findings(["k8s/web.gen.yaml"], { cwd }), ["k8s/web.gen.yaml service-missing"]);
  assert.deepEqual(await findings(["--no-ignore"], { cwd }), [
    kept,
    "k8s/web.gen.yaml service-missing",
    "out/all.yaml service-missing",
  ]);
  rmSync(path.join(cwd, "k8s"), { recursive: true });
  const { stdout, stderr, code } = await ordinal(["lint"], { cwd, env });
  assert.deepEqual(
    [code, stdout, stderr],
    [0, "No YAML file found.\n", "ordinal: git ignores 1 file: check it with --no-ignore\n"],
  );
});

test("standard input stands for a file, among what is around it", async (context) => {
  const cwd = directoryWith(context, {
    "k8s/db.yaml": statefulSet("db", retention),
    "k8s/service.yaml": service("db"),
    "k8s/.ordinal.yaml": "rules: { service-name-unset: error }\n",
  });
  const argv = ["-", "--stdin-filename", "k8s/db.yaml"];
  assert.deepEqual(await findings(argv, { cwd, stdin: statefulSet("db") }), []);
  const unset = statefulSet("db").replace("  serviceName: db\n", "");
  assert.deepEqual(await findings(argv, { cwd, stdin: unset }), ["k8s/db.yaml service-name-unset"]);
  assert.deepEqual(await findings(["-", "--stdin-filename", "k8s/new.yaml"], { cwd, stdin: statefulSet("web") }), [
    "k8s/new.yaml service-missing",
  ]);
});

test("--changed reports on changed files and on what a change brings to others", async (context) => {
  const cwd = repository(context, {
    "db.yaml": statefulSet("db"),
    "service.yaml": service("db"),
    "old.yaml": statefulSet("old"),
    "far/web.yaml": statefulSet("web", retention),
    "far/service.yaml": service("web"),
  });
  assert.deepEqual(await findings(["--changed"], { cwd }), []);
  write(cwd, { "service.yaml": service("renamed", "db") });
  // The file that changed has nothing wrong, and `old.yaml` has what it had.
  assert.deepEqual(await findings(["--changed"], { cwd }), ["db.yaml service-missing"]);
  assert.deepEqual(await findings(["--changed", "far"], { cwd }), []);
  assert.deepEqual(await findings(["--changed", "db.yaml"], { cwd }), ["db.yaml service-missing"]);
  write(cwd, { "far/web.yaml": `# moved\n${statefulSet("web", retention)}`, "service.yaml": undefined });
  assert.deepEqual(await findings(["--changed"], { cwd }), [
    "db.yaml service-missing",
    "far/web.yaml retention-no-templates",
  ]);
  write(cwd, { "new.yaml": statefulSet("new") });
  assert.ok(
    (await findings(["--changed"], { cwd })).includes("new.yaml service-missing"),
    "also if git does not know it",
  );
});

test("--changed compares with where a branch began", async (context) => {
  const cwd = repository(context, { "db.yaml": statefulSet("db"), "service.yaml": service("db") });
  git(cwd, "checkout", "--quiet", "-b", "topic");
  write(cwd, { "web.yaml": statefulSet("web") });
  commitAll(cwd);
  git(cwd, "checkout", "--quiet", "main");
  write(cwd, { "db.yaml": statefulSet("db", retention) });
  commitAll(cwd);
  git(cwd, "checkout", "--quiet", "topic");
  assert.deepEqual(await findings(["--changed", "main"], { cwd }), ["web.yaml service-missing"]);
  assert.deepEqual(await findings(["--changed", "HEAD"], { cwd }), []);
  const wrong = await ordinal(["lint", "--changed", "nowhere"], { cwd, env });
  assert.deepEqual([wrong.code, wrong.stderr], [2, "ordinal: --changed nowhere: git knows no revision nowhere\n"]);
});

test("--changed says what the edit does to what runs, and without it nothing of the kind is said", async (context) => {
  const cwd = repository(context, { "db.yaml": statefulSet("db"), "service.yaml": service("db") });
  const parallel = statefulSet("db").replace("  serviceName", "  podManagementPolicy: Parallel\n  serviceName");
  write(cwd, { "db.yaml": parallel });
  assert.deepEqual(await findings(["--changed"], { cwd }), ["db.yaml immutable-field-changed"]);
  assert.deepEqual(await findings([], { cwd }), []);
});

test("--changed sees what a setting changes", async (context) => {
  const cwd = repository(context, {
    "db.yaml": statefulSet("db"),
    ".ordinal.yaml": "rules: { service-missing: off }\n",
  });
  write(cwd, { ".ordinal.yaml": "rules: {}\n" });
  assert.deepEqual(await findings(["--changed"], { cwd }), ["db.yaml service-missing"]);
});

test("--baseline leaves out what was there, wherever it stands now", async (context) => {
  const cwd = directoryWith(context, { "k8s/db.yaml": statefulSet("db"), "k8s/web.yaml": statefulSet("web") });
  const argv = ["--baseline", "ci/known.json"];
  const missing = await ordinal(["lint", ...argv], { cwd });
  assert.deepEqual(
    [missing.code, missing.stderr],
    [2, "ordinal: --baseline: ci/known.json does not exist. Create it with --update-baseline\n"],
  );
  const written = await ordinal(["lint", ...argv, "--update-baseline"], { cwd });
  assert.deepEqual([written.code, written.stderr], [0, "ordinal: ci/known.json holds 2 findings now\n"]);
  checkGolden("baseline.json", readFileSync(path.join(cwd, "ci/known.json"), "utf8"));

  writeFileSync(path.join(cwd, "k8s/db.yaml"), `# moved\n${statefulSet("db", retention)}`);
  assert.deepEqual(await findings(argv, { cwd }), ["k8s/db.yaml retention-no-templates"]);
  const below = ["--baseline", "../ci/known.json"];
  assert.deepEqual(await findings(below, { cwd: path.join(cwd, "k8s") }), ["db.yaml retention-no-templates"]);

  // One is mended, and another file is not looked at: what is known of it stays.
  writeFileSync(path.join(cwd, "k8s/db.yaml"), `${statefulSet("db")}---\n${service("db")}`);
  const gone = await ordinal(["lint", "k8s/db.yaml", ...argv], { cwd });
  assert.deepEqual(
    [gone.code, gone.stderr],
    [0, "ordinal: 1 finding of ci/known.json no longer found; --update-baseline cleans up\n"],
  );
  await ordinal(["lint", "k8s/db.yaml", ...argv, "--update-baseline"], { cwd });
  assert.deepEqual(await findings(argv, { cwd }), []);
  writeFileSync(path.join(cwd, "ci/known.json"), "[]");
  const broken = await ordinal(["lint", ...argv], { cwd });
  assert.deepEqual(
    [broken.code, broken.stderr],
    [2, "ordinal: --baseline: ci/known.json is not a baseline of Ordinal\n"],
  );
});

const limits: readonly (readonly [argv: readonly string[], code: number])[] = [
  [[], 1],
  [["--max-warnings", "2"], 0],
  [["--max-warnings", "1"], 1],
  [["--quiet"], 0],
  [["--quiet", "--max-warnings", "1"], 1],
  [["--rule", "service-missing=off", "--rule", "retention-no-templates=info"], 0],
  [["--rule", "service-missing=error", "--max-warnings", "2"], 1],
];
for (const [argv, expected] of limits) {
  test(`two warnings: lint ${argv.join(" ")} ends with ${expected}`, async (context) => {
    const cwd = directoryWith(context, {
      "db.yaml": statefulSet("db", retention),
      "other.yaml": service("other", "db"),
    });
    const { code, stderr } = await ordinal(["lint", ...argv], { cwd });
    assert.equal(code, expected);
    const isTold = argv.includes("--max-warnings") && argv.includes("1");
    assert.equal(stderr, isTold ? "ordinal: 2 warnings: more than the 1 that --max-warnings allows\n" : "");
  });
}

test("--quiet shows errors alone", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db", [...retention, "podManagementPolicy: Serial"]) });
  const rules = (await findings(["--quiet"], { cwd })).map((line) => line.split(" ")[1]);
  assert.ok(!rules.includes("retention-no-templates") && !rules.includes("service-missing"));
  assert.equal(rules.length, 1);
});

test("--rule takes the options of a rule, and comes before configuration files", async (context) => {
  const cwd = directoryWith(context, {
    "db.yaml": `${statefulSet("db", ["replicas: 3"])}---\n${service("db")}`,
    ".ordinal.yaml": "rules: { pdb-missing: off }\n",
  });
  const on = (value: string) => findings(["--rule", `pdb-missing=${value}`], { cwd });
  assert.deepEqual(await on("info"), ["db.yaml pdb-missing"]);
  assert.deepEqual(await on("{severity: info, minReplicas: 4}"), []);
  assert.deepEqual(await on("off"), []);
  const wrong = async (rule: string) => (await ordinal(["lint", "--rule", rule], { cwd })).stderr;
  assert.match(await wrong("service-mising=off"), /^ordinal: --rule: .*service-mising/);
  assert.match(await wrong("service-missing=loud"), /^ordinal: --rule: .*loud.*is not valid/);
  assert.match(await wrong("service-missing"), /is not valid. Use a form such as service-missing=off\n$/);
  assert.match(await wrong("service-missing={"), /is not valid YAML/);
});

test("--list-rules says how each rule is set", async (context) => {
  const cwd = directoryWith(context, { ".ordinal.yaml": "rules: { service-missing: off, pdb-missing: error }\n" });
  const { stdout } = await ordinal(["lint", "--list-rules"], { cwd });
  const severityOf = (rule: string) => new RegExp(`^${rule} +(\\S+)`, "m").exec(stdout)?.[1];
  assert.deepEqual([severityOf("service-missing"), severityOf("pdb-missing")], ["off", "error"]);
  const json = await ordinal(["lint", "--list-rules", "--format", "json"], { cwd });
  const { rules } = JSON.parse(json.stdout) as { rules: { id: string; severities: string[]; options: string[] }[] };
  assert.deepEqual(rules.find(({ id }) => id === "pdb-missing")?.severities, ["error"]);
  assert.ok(rules.find(({ id }) => id === "pdb-missing")?.options.includes("minReplicas"));
});

test("--explain is the command explain", async (context) => {
  const cwd = directoryWith(context, {});
  const [option, command] = await Promise.all([
    ordinal(["lint", "--explain", "service-missing"], { cwd }),
    ordinal(["explain", "service-missing"], { cwd }),
  ]);
  assert.deepEqual(option, command);
});

test("--fix --dry-run shows as a diff what --fix does, and git applies it", async (context) => {
  const text = `${statefulSet("db", retention)}---\n${service("db")}`;
  const files = {
    "k8s/db.yaml": text,
    "k8s/crlf.yaml": text.replaceAll("\n", "\r\n"),
    "k8s/no end.yaml": `${service("web")}---\n${statefulSet("web", retention)}`.trimEnd(),
    "k8s/clean.yaml": service("clean"),
  };
  const [cwd, patched] = [directoryWith(context, files), directoryWith(context, files)];
  const dry = await ordinal(["lint", "--fix", "--dry-run"], { cwd });
  assert.deepEqual([dry.code, dry.stderr], [1, "ordinal: 3 findings can be fixed in 3 files; nothing was changed\n"]);
  checkGolden("dry-run.diff", dry.stdout);
  for (const [name, before] of Object.entries(files)) assert.equal(readFileSync(path.join(cwd, name), "utf8"), before);
  execFileSync("git", ["apply", "-"], { cwd: patched, input: dry.stdout });
  await ordinal(["lint", "--fix"], { cwd });
  for (const name of Object.keys(files)) {
    assert.equal(readFileSync(path.join(patched, name), "utf8"), readFileSync(path.join(cwd, name), "utf8"), name);
  }
  const again = await ordinal(["lint", "--fix", "--dry-run"], { cwd });
  assert.deepEqual([again.code, again.stdout], [0, ""]);
  const stdin = await ordinal(["lint", "--fix", "--dry-run", "-"], { cwd, stdin: text });
  assert.match(stdin.stdout, /^-  persistentVolumeClaimRetentionPolicy:$/m);
});

test("many findings end with an overview that fits a screen", async (context) => {
  const sets = Array.from({ length: 40 }, (_, index) => [
    `sets/db-${index}.yaml`,
    statefulSet(`db-${index}`, retention),
  ]);
  const cwd = directoryWith(context, Object.fromEntries(sets) as Record<string, string>);
  const { stdout } = await ordinal(["lint", "--no-color"], { cwd, columns: 80 });
  const overview = stdout.slice(stdout.indexOf("By rule"));
  assert.ok(overview.split("\n").length <= 24);
  const { stdout: alone } = await ordinal(["lint", "--no-color", "--summary"], { cwd, columns: 80 });
  assert.equal(alone, overview);
  checkGolden("lint-summary.txt", alone);
});

test("a run of more than a second shows on a terminal how far it is, and clears that away", async (context) => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}.yaml`, service(`db-${index}`)]));
  const cwd = directoryWith(context, files);
  const at = (step: number) => {
    let time = 0;
    return () => (time += step);
  };
  const slow = await ordinal(["lint"], { cwd, columns: 80, now: at(60) });
  const shown = slow.stderr.split("\r");
  assert.match(slow.stderr, /\[#+\.*\] Checking files: \d+ of 30/);
  assert.equal(shown.at(-1), "\u001b[K");
  assert.equal((await ordinal(["lint"], { cwd, columns: 80, now: at(10) })).stderr, "", "in less than a second");
  assert.equal((await ordinal(["lint"], { cwd, now: at(60) })).stderr, "", "in a pipe");
});

test("--watch checks again after each change, files that come and go too", async (context) => {
  const cwd = directoryWith(context, { "db.yaml": statefulSet("db"), "other.yaml": service("other", "db") });
  const watched: string[] = [];
  async function* changes(directories: readonly string[]) {
    watched.push(...directories);
    write(cwd, { "service.yaml": service("db") });
    yield;
    write(cwd, { "service.yaml": undefined });
    yield;
    write(cwd, { "db.yaml": `${statefulSet("db")}---\n${service("db")}` });
    yield;
  }
  const { code, stdout, stderr } = await ordinal(["lint", "--watch"], { cwd, changes });
  assert.deepEqual(watched, [cwd]);
  assert.equal(stderr, "ordinal: watching for changes; Ctrl+C ends\n");
  assert.equal(code, 0);
  const verdicts = stdout.split("\n").filter((line) => / in \d+ files? with /.test(line));
  assert.deepEqual(verdicts, [
    "1 warning in 2 files with 1 StatefulSet.",
    "Nothing to report in 3 files with 1 StatefulSet.",
    "1 warning in 2 files with 1 StatefulSet.",
    "Nothing to report in 2 files with 1 StatefulSet.",
  ]);
});

const contradictions: readonly (readonly [argv: readonly string[], message: RegExp])[] = [
  [["--dry-run"], /give --fix too/],
  [["--update-baseline"], /needs --baseline FILE/],
  [["--stdin-filename", "a.yaml"], /give - as the path/],
  [["--changed", "--", "-"], /not standard input/],
  [["--watch", "-"], /not standard input/],
  [["--fix", "-"], /--fix cannot change standard input/],
  [["--output", "xml=a"], /sarif=out\.sarif/],
  [["--max-warnings", "few"], /whole number/],
];
for (const [argv, message] of contradictions) {
  test(`a wrong command line: lint ${argv.join(" ")}`, async (context) => {
    const cwd = directoryWith(context, {});
    const { code, stdout, stderr } = await ordinal(["lint", ...argv], { cwd });
    assert.deepEqual([code, stdout], [2, ""]);
    assert.match(stderr, message);
    assert.ok(!existsSync(path.join(cwd, "a")));
  });
}
