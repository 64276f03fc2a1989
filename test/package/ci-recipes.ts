import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { test, type TestContext } from "node:test";
import { parse } from "yaml";
import { githubRecipe, gitlabRecipe } from "../../server/src/cli/recipes.js";
import { service, statefulSet } from "../cli/manifests.js";
import { git, initialise, write } from "../harness/git.js";
import { repo } from "../harness/repo.js";

const clean = `${statefulSet("db")}---\n${service("db")}`;
const wrong = `${statefulSet("db")}---\n${service("database", "db")}`;
const documentation = readFileSync(repo("docs/ci.md"), "utf8");

/** A repository of a user, with a branch that adds a StatefulSet. */
function project(context: TestContext): string {
  const cwd = mkdtempSync(path.join(tmpdir(), "ordinal-ci-"));
  context.after(() => rmSync(cwd, { recursive: true, force: true }));
  write(cwd, {
    "k8s/db.yaml": clean,
    "overlays/prod/kustomization.yaml": "resources: [db.yaml]\n",
    "overlays/prod/db.yaml": `${statefulSet("prod")}---\n${service("prod")}`,
  });
  initialise(cwd);
  git(cwd, "update-ref", "refs/remotes/origin/main", "HEAD");
  return cwd;
}

/** The text between the fences of a language, in their order. */
function blocks(language: string): readonly string[] {
  return [...documentation.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(
    ([, text = ""]) => text,
  );
}

/** The recipes of docs/ci.md, run with a packed npm package. */
export function testRecipes(packed: () => string, installed: () => string): void {
  test("docs/ci.md shows what init writes", () => {
    const shown = blocks("yaml");
    assert.ok(shown.includes(githubRecipe));
    assert.ok(shown.includes(gitlabRecipe));
  });

  test("the steps of the GitHub Action check a repository", (context) => {
    const cwd = project(context);
    const inputs = { paths: "k8s overlays", "sarif-file": "out/ordinal.sarif", package: packed() };
    const passed = runAction(inputs, cwd, context);
    assert.equal(passed.status, 0, passed.stderr);
    write(cwd, { "k8s/db.yaml": wrong });
    const failed = runAction({ ...inputs, args: "--max-warnings 0", "changed-since": "origin/main" }, cwd, context);
    assert.equal(failed.status, 1, failed.stderr);
    assert.match(failed.stdout, /^::warning file=k8s\/db\.yaml,line=6,.*title=service-missing::/m);
    assert.ok(existsSync(path.join(cwd, "out/ordinal.sarif")));
  });

  const hasPreCommit = spawnSync("pre-commit", ["--version"]).status === 0;
  const skip = hasPreCommit ? false : "pre-commit is not installed (apt install pre-commit)";
  test("pre-commit runs each hook, from a repository and from npm", { skip }, (context) => {
    const hooks = hookRepository(installed(), context);
    const revision = git(hooks, "rev-parse", "HEAD");
    const local = parse(blocks("yaml").find((text) => text.includes("repo: local")) ?? "") as PreCommitConfig;
    const [fromNpm] = local.repos;
    assert.ok(fromNpm);
    const cwd = project(context);
    const home = mkdtempSync(path.join(tmpdir(), "ordinal-pre-commit-"));
    context.after(() => rmSync(home, { recursive: true, force: true }));
    const run = (config: PreCommitConfig) => {
      writeFileSync(path.join(cwd, ".pre-commit-config.yaml"), JSON.stringify(config));
      git(cwd, "add", "--all");
      const env = { ...process.env, PRE_COMMIT_HOME: home, GIT_CONFIG_GLOBAL: "/dev/null" };
      return spawnSync("pre-commit", ["run", "--color", "never"], { cwd, env, encoding: "utf8" });
    };
    const hook = (id: string): PreCommitConfig => ({ repos: [{ repo: hooks, rev: revision, hooks: [{ id }] }] });
    write(cwd, { "k8s/web.yaml": `${statefulSet("web")}---\n${service("web")}` });
    assertEnds(run(hook("ordinal")), 0);
    // Only the Service is part of the commit: what it breaks is elsewhere.
    write(cwd, { "k8s/web.yaml": undefined, "k8s/db.yaml": statefulSet("db"), "k8s/service.yaml": service("db") });
    git(cwd, "add", "--all");
    git(cwd, "commit", "--quiet", "--message=x");
    write(cwd, { "k8s/service.yaml": service("renamed", "db") });
    assertEnds(run(hook("ordinal")), 0);
    assert.match(assertEnds(run(hook("ordinal-changed")), 1), /service-missing/);
    write(cwd, { "k8s/db.yaml": wrong, "k8s/service.yaml": undefined });
    const [entry] = fromNpm.hooks;
    const own = { ...fromNpm, hooks: [{ ...entry, additional_dependencies: [packed()] }] };
    assert.match(assertEnds(run({ repos: [own] }), 1), /service-missing/);
    write(cwd, {
      "k8s/db.yaml": clean.replace(
        "spec:\n",
        "spec:\n  persistentVolumeClaimRetentionPolicy:\n    whenScaled: Delete\n",
      ),
    });
    assert.match(assertEnds(run(hook("ordinal-fix")), 1), /1 finding fixed/);
    assert.equal(readFileSync(path.join(cwd, "k8s/db.yaml"), "utf8"), clean);
  });
}

interface PreCommitConfig {
  readonly repos: readonly { readonly repo: string; readonly rev?: string; readonly hooks: readonly object[] }[];
}

function assertEnds({ status, stdout, stderr }: SpawnSyncReturns<string>, expected: number): string {
  assert.equal(status, expected, stdout + stderr);
  return stdout;
}

/** A repository with the hooks of ours and, so that nothing has to be built, the package that was built of it. */
function hookRepository(installed: string, context: TestContext): string {
  const cwd = mkdtempSync(path.join(tmpdir(), "ordinal-hooks-"));
  context.after(() => rmSync(cwd, { recursive: true, force: true }));
  const built = path.join(installed, "node_modules/ordinal");
  for (const name of ["package.json", "cli.cjs", "server.cjs"]) {
    writeFileSync(path.join(cwd, name), readFileSync(path.join(built, name)));
    if (name.endsWith(".cjs")) chmodSync(path.join(cwd, name), 0o755);
  }
  writeFileSync(path.join(cwd, ".pre-commit-hooks.yaml"), readFileSync(repo(".pre-commit-hooks.yaml")));
  initialise(cwd);
  return cwd;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly {
      readonly shell: string;
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
}

/** Runs the steps of action.yml one after another, as GitHub's runner does, until one fails. */
function runAction(given: Readonly<Record<string, string>>, cwd: string, context: TestContext) {
  const action = parse(readFileSync(repo("action.yml"), "utf8")) as Action;
  const temporary = mkdtempSync(path.join(tmpdir(), "ordinal-runner-"));
  context.after(() => rmSync(temporary, { recursive: true, force: true }));
  mkdirSync(temporary, { recursive: true });
  let ended = { status: 0 as number | null, stdout: "", stderr: "" };
  for (const { shell, run, env } of action.runs.steps) {
    assert.equal(shell, "bash");
    const values = Object.entries(env).map(([name, text]) => [
      name,
      text.replaceAll(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => {
        const declared = action.inputs[input];
        assert.ok(declared, `${input} is an input`);
        return given[input] ?? declared.default;
      }),
    ]);
    // As the runner calls it: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
    ended = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
      cwd,
      env: { ...process.env, ...Object.fromEntries(values), RUNNER_TEMP: temporary },
      encoding: "utf8",
    });
    if (ended.status !== 0) break;
  }
  return ended;
}
