import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { service, statefulSet } from "./manifests.js";
import { directoryWith, ordinal, type Surroundings } from "./ordinal.js";

const noName = statefulSet("db").replace("  serviceName: db\n", "");
const old = "kubernetesVersion: 1.32\n";

async function findings(argv: readonly string[], surroundings: Surroundings): Promise<readonly string[]> {
  const { stdout } = await ordinal(["lint", "--format", "json", ...argv], surroundings);
  const { findings: found } = JSON.parse(stdout) as { findings: { file: string; rule: string; severity: string }[] };
  return found
    .filter(({ severity }) => severity === "error" || severity === "warning")
    .map(({ file, rule }) => `${file} ${rule}`);
}

test("the configuration file of the project counts, the nearest first, and options before it", async (context) => {
  const cwd = directoryWith(context, {
    ".ordinal.yaml": old,
    "new/.git/HEAD": "",
    "new/db.yaml": noName,
    "old/.git/HEAD": "",
    "old/.ordinal.yaml": old,
    "old/deep/db.yaml": noName,
    "old/newer/.ordinal.yaml": "kubernetesVersion: 1.36\n",
    "old/newer/db.yaml": noName,
  });
  const [wrong] = await findings(["old/deep/db.yaml"], { cwd });
  assert.match(wrong ?? "", /^old\/deep\/db\.yaml /);
  assert.deepEqual(await findings(["old"], { cwd }), [wrong]);
  assert.deepEqual(await findings(["."], { cwd: path.join(cwd, "old/deep") }), [wrong?.replace("old/deep/", "")]);
  assert.deepEqual(await findings(["old", "--kubernetes-version", "1.36"], { cwd }), []);
  assert.deepEqual(await findings(["new"], { cwd }), [], "nothing is read above the project");
});

test("what is wrong in a configuration file that counts is reported, wherever it is", async (context) => {
  const good = `${statefulSet("db")}---\n${service("db")}`;
  const cwd = directoryWith(context, {
    ".git/HEAD": "",
    ".ordinal.yaml": "profil: strict\n",
    "a/db.yaml": good,
    "b/.ordinal.yaml": "profil: strict\n",
  });
  const wrong = ".ordinal.yaml config-invalid";
  assert.deepEqual(await findings(["a/db.yaml"], { cwd }), [wrong]);
  assert.deepEqual(await findings(["a"], { cwd }), [wrong]);
  assert.deepEqual(await findings(["."], { cwd }), [wrong, `b/${wrong}`]);
  assert.deepEqual(await findings(["-"], { cwd, stdin: good }), [wrong]);
});

test("standard input is checked as a file of the current directory", async (context) => {
  const cwd = directoryWith(context, { ".ordinal.yaml": old });
  assert.equal((await findings(["-"], { cwd, stdin: noName })).length, 1);
});

test("a rollout is played on the version of the configuration file", async (context) => {
  const set = statefulSet("db", ["replicas: 4", "updateStrategy:", "  rollingUpdate:", "    maxUnavailable: 2"]);
  const cwd = directoryWith(context, { "new.yaml": set, "old.yaml": set.replace("postgres:17", "postgres:16") });
  const plan = async () => (await ordinal(["plan", "new.yaml", "--from", "old.yaml"], { cwd })).stdout;
  const onDefault = await plan();
  writeFileSync(path.join(cwd, ".ordinal.yaml"), "kubernetesVersion: 1.36\n");
  assert.notEqual(await plan(), onDefault);
  const switched = "kubernetesVersion: 1.36\nfeatureGates: { MaxUnavailableStatefulSet: true }\n";
  writeFileSync(path.join(cwd, ".ordinal.yaml"), switched);
  assert.equal(await plan(), onDefault);
});

test("--upgrade-to tells what an upgrade changes, and nothing else", async (context) => {
  const set = statefulSet("db", ["replicas: 4", "updateStrategy:", "  rollingUpdate:", "    maxUnavailable: 2"]);
  const cwd = directoryWith(context, {
    "db.yaml": `${set}---\n${service("db")}`,
    ".ordinal.yaml": "kubernetesVersion: 1.36\n",
  });
  const { stdout, code } = await ordinal(["lint", "db.yaml", "--upgrade-to", "1.37"], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /`maxUnavailable` takes effect/);
  assert.doesNotMatch(stdout, /max-unavailable-gated/);
  const before = await ordinal(["lint", "db.yaml", "--upgrade-to", "1.36"], { cwd });
  assert.equal(before.stderr, "ordinal: an upgrade from Kubernetes 1.35 to 1.36\n", "the release before counts");
  const down = await ordinal(["lint", "db.yaml", "--kubernetes-version", "1.36", "--upgrade-to", "1.36"], { cwd });
  assert.equal(down.code, 2);
  assert.match(down.stderr, /--upgrade-to 1\.36 is not newer than --kubernetes-version 1\.36/);
  const unknown = await ordinal(["lint", "db.yaml", "--upgrade-to", "1.38"], { cwd });
  assert.match(unknown.stderr, /1\.38 is newer than this version of Ordinal/);
  assert.equal((await ordinal(["lint", "db.yaml", "--upgrade-to", "soon"], { cwd })).code, 2);
});

test("--kubernetes-version auto tells once that the repository is for a newer release", async (context) => {
  const files = { ".git/HEAD": "", "kind.yaml": "nodes: [{ image: 'kindest/node:v1.38.0' }]\n" };
  const cwd = directoryWith(context, { ...files, "a.yaml": statefulSet("a"), "b.yaml": statefulSet("b") });
  const { stderr } = await ordinal(["lint", "--kubernetes-version", "auto", "."], { cwd });
  assert.equal(stderr.split("1.38.0 is newer than this").length, 2, stderr);
});

test("auto takes the release of the repository", async (context) => {
  const cwd = directoryWith(context, {
    ".git/HEAD": "",
    ".ordinal.yaml": "kubernetesVersion: auto\n",
    ".github/workflows/e2e.yaml": "jobs: { e2e: { with: { kubernetes-version: v1.32.1 } } }\n",
    "deploy/db.yaml": noName,
  });
  assert.equal((await findings(["deploy"], { cwd })).length, 1, "serviceName is required before 1.33");
  const { stdout } = await ordinal(["plan", "deploy/db.yaml", "--format", "json"], { cwd });
  assert.match(stdout, /"type"/);
});
